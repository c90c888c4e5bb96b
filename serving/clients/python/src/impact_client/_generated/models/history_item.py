from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.history_item_cause import HistoryItemCause, check_history_item_cause

if TYPE_CHECKING:
    from ..models.history_item_facts import HistoryItemFacts
    from ..models.missing import Missing


T = TypeVar("T", bound="HistoryItem")


@_attrs_define
class HistoryItem:
    """From `valid_from` on the rule held, or did not; known since `recorded_at`."""

    rule_id: str
    rule_hash: str
    flag: None | str
    milestone: None | str
    value: bool
    valid_from: datetime.datetime
    recorded_at: datetime.datetime
    superseded_at: datetime.datetime | None
    """ When another belief took its place. """
    cause: HistoryItemCause
    is_in_force: bool
    """ False: the rule was on trial from then on, and nobody was told. """
    facts: HistoryItemFacts
    missing: list[Missing]
    evidence: list[UUID]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rule_id = self.rule_id

        rule_hash = self.rule_hash

        flag: None | str
        flag = self.flag

        milestone: None | str
        milestone = self.milestone

        value = self.value

        valid_from = self.valid_from.isoformat()

        recorded_at = self.recorded_at.isoformat()

        superseded_at: None | str
        if isinstance(self.superseded_at, datetime.datetime):
            superseded_at = self.superseded_at.isoformat()
        else:
            superseded_at = self.superseded_at

        cause: str = self.cause

        is_in_force = self.is_in_force

        facts = self.facts.to_dict()

        missing = []
        for missing_item_data in self.missing:
            missing_item = missing_item_data.to_dict()
            missing.append(missing_item)

        evidence = []
        for evidence_item_data in self.evidence:
            evidence_item = str(evidence_item_data)
            evidence.append(evidence_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rule_id": rule_id,
                "rule_hash": rule_hash,
                "flag": flag,
                "milestone": milestone,
                "value": value,
                "valid_from": valid_from,
                "recorded_at": recorded_at,
                "superseded_at": superseded_at,
                "cause": cause,
                "is_in_force": is_in_force,
                "facts": facts,
                "missing": missing,
                "evidence": evidence,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.history_item_facts import HistoryItemFacts  # noqa: PLC0415
        from ..models.missing import Missing  # noqa: PLC0415

        d = dict(src_dict)
        rule_id = d.pop("rule_id")

        rule_hash = d.pop("rule_hash")

        def _parse_flag(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        flag = _parse_flag(d.pop("flag"))

        def _parse_milestone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        milestone = _parse_milestone(d.pop("milestone"))

        value = d.pop("value")

        valid_from = datetime.datetime.fromisoformat(d.pop("valid_from"))

        recorded_at = datetime.datetime.fromisoformat(d.pop("recorded_at"))

        def _parse_superseded_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                superseded_at_type_0 = datetime.datetime.fromisoformat(data)

                return superseded_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        superseded_at = _parse_superseded_at(d.pop("superseded_at"))

        cause = check_history_item_cause(d.pop("cause"))

        is_in_force = d.pop("is_in_force")

        facts = HistoryItemFacts.from_dict(d.pop("facts"))

        missing = []
        _missing = d.pop("missing")
        for missing_item_data in _missing:
            missing_item = Missing.from_dict(missing_item_data)

            missing.append(missing_item)

        evidence = []
        _evidence = d.pop("evidence")
        for evidence_item_data in _evidence:
            evidence_item = UUID(evidence_item_data)

            evidence.append(evidence_item)

        history_item = cls(
            rule_id=rule_id,
            rule_hash=rule_hash,
            flag=flag,
            milestone=milestone,
            value=value,
            valid_from=valid_from,
            recorded_at=recorded_at,
            superseded_at=superseded_at,
            cause=cause,
            is_in_force=is_in_force,
            facts=facts,
            missing=missing,
            evidence=evidence,
        )

        history_item.additional_properties = d
        return history_item

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
