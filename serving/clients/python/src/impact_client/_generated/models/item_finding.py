from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ItemFinding")


@_attrs_define
class ItemFinding:
    category: str
    severity: str
    rule: str
    start: int
    """ In characters of the text. """
    end: int
    confidence: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        category = self.category

        severity = self.severity

        rule = self.rule

        start = self.start

        end = self.end

        confidence = self.confidence

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "category": category,
                "severity": severity,
                "rule": rule,
                "start": start,
                "end": end,
                "confidence": confidence,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        category = d.pop("category")

        severity = d.pop("severity")

        rule = d.pop("rule")

        start = d.pop("start")

        end = d.pop("end")

        confidence = d.pop("confidence")

        item_finding = cls(
            category=category,
            severity=severity,
            rule=rule,
            start=start,
            end=end,
            confidence=confidence,
        )

        item_finding.additional_properties = d
        return item_finding

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
