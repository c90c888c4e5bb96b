from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Missing")


@_attrs_define
class Missing:
    """A condition that is not met, and how far away it is."""

    fact: str
    operator: str
    needed: float | None
    """ Times are in seconds. Null: the fact has to be known at all. """
    actual: float | None
    distance: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        fact = self.fact

        operator = self.operator

        needed: float | None
        needed = self.needed

        actual: float | None
        actual = self.actual

        distance = self.distance

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "fact": fact,
                "operator": operator,
                "needed": needed,
                "actual": actual,
                "distance": distance,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        fact = d.pop("fact")

        operator = d.pop("operator")

        def _parse_needed(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        needed = _parse_needed(d.pop("needed"))

        def _parse_actual(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        actual = _parse_actual(d.pop("actual"))

        distance = d.pop("distance")

        missing = cls(
            fact=fact,
            operator=operator,
            needed=needed,
            actual=actual,
            distance=distance,
        )

        missing.additional_properties = d
        return missing

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
