from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.participant_milestone_milestone import (
    ParticipantMilestoneMilestone,
    check_participant_milestone_milestone,
)

if TYPE_CHECKING:
    from ..models.explanation import Explanation


T = TypeVar("T", bound="ParticipantMilestone")


@_attrs_define
class ParticipantMilestone:
    """A milestone: reached once, whatever happens after."""

    milestone: ParticipantMilestoneMilestone
    is_reached: bool
    reached_at: datetime.datetime | None
    rule_id: None | str
    """ Null: recorded by a person, or not reached. """
    rule_hash: None | str
    recorded_at: datetime.datetime | None
    recorded_by: None | str
    reason: None | str
    withdrawn_at: datetime.datetime | None
    """ What it followed from was corrected or erased, and nothing leads to it any more. """
    evidence: list[UUID]
    why: list[Explanation]
    """ What the rules that lead to it say now. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        milestone: str = self.milestone

        is_reached = self.is_reached

        reached_at: None | str
        if isinstance(self.reached_at, datetime.datetime):
            reached_at = self.reached_at.isoformat()
        else:
            reached_at = self.reached_at

        rule_id: None | str
        rule_id = self.rule_id

        rule_hash: None | str
        rule_hash = self.rule_hash

        recorded_at: None | str
        if isinstance(self.recorded_at, datetime.datetime):
            recorded_at = self.recorded_at.isoformat()
        else:
            recorded_at = self.recorded_at

        recorded_by: None | str
        recorded_by = self.recorded_by

        reason: None | str
        reason = self.reason

        withdrawn_at: None | str
        if isinstance(self.withdrawn_at, datetime.datetime):
            withdrawn_at = self.withdrawn_at.isoformat()
        else:
            withdrawn_at = self.withdrawn_at

        evidence = []
        for evidence_item_data in self.evidence:
            evidence_item = str(evidence_item_data)
            evidence.append(evidence_item)

        why = []
        for why_item_data in self.why:
            why_item = why_item_data.to_dict()
            why.append(why_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "milestone": milestone,
                "is_reached": is_reached,
                "reached_at": reached_at,
                "rule_id": rule_id,
                "rule_hash": rule_hash,
                "recorded_at": recorded_at,
                "recorded_by": recorded_by,
                "reason": reason,
                "withdrawn_at": withdrawn_at,
                "evidence": evidence,
                "why": why,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.explanation import Explanation  # noqa: PLC0415

        d = dict(src_dict)
        milestone = check_participant_milestone_milestone(d.pop("milestone"))

        is_reached = d.pop("is_reached")

        def _parse_reached_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reached_at_type_0 = datetime.datetime.fromisoformat(data)

                return reached_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        reached_at = _parse_reached_at(d.pop("reached_at"))

        def _parse_rule_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rule_id = _parse_rule_id(d.pop("rule_id"))

        def _parse_rule_hash(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rule_hash = _parse_rule_hash(d.pop("rule_hash"))

        def _parse_recorded_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                recorded_at_type_0 = datetime.datetime.fromisoformat(data)

                return recorded_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        recorded_at = _parse_recorded_at(d.pop("recorded_at"))

        def _parse_recorded_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        recorded_by = _parse_recorded_by(d.pop("recorded_by"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_withdrawn_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                withdrawn_at_type_0 = datetime.datetime.fromisoformat(data)

                return withdrawn_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        withdrawn_at = _parse_withdrawn_at(d.pop("withdrawn_at"))

        evidence = []
        _evidence = d.pop("evidence")
        for evidence_item_data in _evidence:
            evidence_item = UUID(evidence_item_data)

            evidence.append(evidence_item)

        why = []
        _why = d.pop("why")
        for why_item_data in _why:
            why_item = Explanation.from_dict(why_item_data)

            why.append(why_item)

        participant_milestone = cls(
            milestone=milestone,
            is_reached=is_reached,
            reached_at=reached_at,
            rule_id=rule_id,
            rule_hash=rule_hash,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
            reason=reason,
            withdrawn_at=withdrawn_at,
            evidence=evidence,
            why=why,
        )

        participant_milestone.additional_properties = d
        return participant_milestone

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
