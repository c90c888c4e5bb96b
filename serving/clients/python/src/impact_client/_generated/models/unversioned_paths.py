from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UnversionedPaths")


@_attrs_define
class UnversionedPaths:
    """Paths without `/v1` answer until the day of their sunset at least."""

    deprecated_on: datetime.date
    sunset_on: datetime.date
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deprecated_on = self.deprecated_on.isoformat()

        sunset_on = self.sunset_on.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "deprecated_on": deprecated_on,
                "sunset_on": sunset_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        deprecated_on = datetime.date.fromisoformat(d.pop("deprecated_on"))

        sunset_on = datetime.date.fromisoformat(d.pop("sunset_on"))

        unversioned_paths = cls(
            deprecated_on=deprecated_on,
            sunset_on=sunset_on,
        )

        unversioned_paths.additional_properties = d
        return unversioned_paths

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
