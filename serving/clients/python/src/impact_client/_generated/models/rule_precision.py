from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RulePrecision")


@_attrs_define
class RulePrecision:
    rule: str
    language: str
    decided_count: int
    """ Items with a reviewer's label. """
    right_count: int
    precision: float
    is_questionable: bool
    """ Of at least 30 labels more than 30% are against it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rule = self.rule

        language = self.language

        decided_count = self.decided_count

        right_count = self.right_count

        precision = self.precision

        is_questionable = self.is_questionable

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rule": rule,
                "language": language,
                "decided_count": decided_count,
                "right_count": right_count,
                "precision": precision,
                "is_questionable": is_questionable,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rule = d.pop("rule")

        language = d.pop("language")

        decided_count = d.pop("decided_count")

        right_count = d.pop("right_count")

        precision = d.pop("precision")

        is_questionable = d.pop("is_questionable")

        rule_precision = cls(
            rule=rule,
            language=language,
            decided_count=decided_count,
            right_count=right_count,
            precision=precision,
            is_questionable=is_questionable,
        )

        rule_precision.additional_properties = d
        return rule_precision

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
