from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="VisParts")


@_attrs_define
class VisParts:
    """Points of each part, 0 to 100; null where there is nothing to compute it from."""

    hours: float | None
    quality: float | None
    outcome: float | None
    placement: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        hours: float | None
        hours = self.hours

        quality: float | None
        quality = self.quality

        outcome: float | None
        outcome = self.outcome

        placement: float | None
        placement = self.placement

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "hours": hours,
                "quality": quality,
                "outcome": outcome,
                "placement": placement,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_hours(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        hours = _parse_hours(d.pop("hours"))

        def _parse_quality(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        quality = _parse_quality(d.pop("quality"))

        def _parse_outcome(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        outcome = _parse_outcome(d.pop("outcome"))

        def _parse_placement(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        placement = _parse_placement(d.pop("placement"))

        vis_parts = cls(
            hours=hours,
            quality=quality,
            outcome=outcome,
            placement=placement,
        )

        vis_parts.additional_properties = d
        return vis_parts

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
