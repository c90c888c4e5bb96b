from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.dated_version import DatedVersion
    from ..models.unversioned_paths import UnversionedPaths


T = TypeVar("T", bound="DatedVersions")


@_attrs_define
class DatedVersions:
    """Every version that is answered, oldest first. The header names one; without it, it is the newest."""

    header: str
    versions: list[DatedVersion]
    unversioned_paths: UnversionedPaths
    """ Paths without `/v1` answer until the day of their sunset at least. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        header = self.header

        versions = []
        for versions_item_data in self.versions:
            versions_item = versions_item_data.to_dict()
            versions.append(versions_item)

        unversioned_paths = self.unversioned_paths.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "header": header,
                "versions": versions,
                "unversioned_paths": unversioned_paths,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dated_version import DatedVersion  # noqa: PLC0415
        from ..models.unversioned_paths import UnversionedPaths  # noqa: PLC0415

        d = dict(src_dict)
        header = d.pop("header")

        versions = []
        _versions = d.pop("versions")
        for versions_item_data in _versions:
            versions_item = DatedVersion.from_dict(versions_item_data)

            versions.append(versions_item)

        unversioned_paths = UnversionedPaths.from_dict(d.pop("unversioned_paths"))

        dated_versions = cls(
            header=header,
            versions=versions,
            unversioned_paths=unversioned_paths,
        )

        dated_versions.additional_properties = d
        return dated_versions

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
