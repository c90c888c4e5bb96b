from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.past_decision_decision import (
    PastDecisionDecision,
    check_past_decision_decision,
)

T = TypeVar("T", bound="PastDecision")


@_attrs_define
class PastDecision:
    review_id: UUID
    reviewer: str
    decision: PastDecisionDecision
    is_final: bool
    is_flag_right: bool | None
    notes: None | str
    decided_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        review_id = str(self.review_id)

        reviewer = self.reviewer

        decision: str = self.decision

        is_final = self.is_final

        is_flag_right: bool | None
        is_flag_right = self.is_flag_right

        notes: None | str
        notes = self.notes

        decided_at = self.decided_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "review_id": review_id,
                "reviewer": reviewer,
                "decision": decision,
                "is_final": is_final,
                "is_flag_right": is_flag_right,
                "notes": notes,
                "decided_at": decided_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        review_id = UUID(d.pop("review_id"))

        reviewer = d.pop("reviewer")

        decision = check_past_decision_decision(d.pop("decision"))

        is_final = d.pop("is_final")

        def _parse_is_flag_right(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        is_flag_right = _parse_is_flag_right(d.pop("is_flag_right"))

        def _parse_notes(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        notes = _parse_notes(d.pop("notes"))

        decided_at = datetime.datetime.fromisoformat(d.pop("decided_at"))

        past_decision = cls(
            review_id=review_id,
            reviewer=reviewer,
            decision=decision,
            is_final=is_final,
            is_flag_right=is_flag_right,
            notes=notes,
            decided_at=decided_at,
        )

        past_decision.additional_properties = d
        return past_decision

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
