from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="EvidenceItem")


@_attrs_define
class EvidenceItem:
    """Words of the redacted text that carry a label."""

    label: str
    snippet: str
    start: int
    """ In characters of `redacted_text`. """
    end: int
    reason: str
    """ What the model said, or the rule's id. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        label = self.label

        snippet = self.snippet

        start = self.start

        end = self.end

        reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "label": label,
                "snippet": snippet,
                "start": start,
                "end": end,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        label = d.pop("label")

        snippet = d.pop("snippet")

        start = d.pop("start")

        end = d.pop("end")

        reason = d.pop("reason")

        evidence_item = cls(
            label=label,
            snippet=snippet,
            start=start,
            end=end,
            reason=reason,
        )

        evidence_item.additional_properties = d
        return evidence_item

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
