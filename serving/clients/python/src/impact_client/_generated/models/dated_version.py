from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DatedVersion")


@_attrs_define
class DatedVersion:
    """A dated version, and what a client written for the one before has to change for it."""

    version: str
    since: datetime.date
    is_newest: bool
    changes: list[str]
    specification: str
    """ Its OpenAPI document. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        since = self.since.isoformat()

        is_newest = self.is_newest

        changes = self.changes

        specification = self.specification

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "since": since,
                "is_newest": is_newest,
                "changes": changes,
                "specification": specification,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        since = datetime.date.fromisoformat(d.pop("since"))

        is_newest = d.pop("is_newest")

        changes = cast(list[str], d.pop("changes"))

        specification = d.pop("specification")

        dated_version = cls(
            version=version,
            since=since,
            is_newest=is_newest,
            changes=changes,
            specification=specification,
        )

        dated_version.additional_properties = d
        return dated_version

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
