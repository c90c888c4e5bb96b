from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.explanation_facts import ExplanationFacts
    from ..models.journey_evidence import JourneyEvidence
    from ..models.missing import Missing


T = TypeVar("T", bound="Explanation")


@_attrs_define
class Explanation:
    """What a rule says of the person at this moment, and why."""

    rule_id: str
    rule_hash: str
    """ The version of the rule. """
    name: str
    holds: bool | None
    """ Null: unknown, which never sets a flag. """
    facts: ExplanationFacts
    """ Times are in seconds; null is unknown. """
    missing: list[Missing]
    """ Empty if the rule holds. """
    next_change_at: datetime.datetime | None
    """ When time alone may change the answer. """
    evidence: list[JourneyEvidence]
    """ Events behind the facts, newest first. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rule_id = self.rule_id

        rule_hash = self.rule_hash

        name = self.name

        holds: bool | None
        holds = self.holds

        facts = self.facts.to_dict()

        missing = []
        for missing_item_data in self.missing:
            missing_item = missing_item_data.to_dict()
            missing.append(missing_item)

        next_change_at: None | str
        if isinstance(self.next_change_at, datetime.datetime):
            next_change_at = self.next_change_at.isoformat()
        else:
            next_change_at = self.next_change_at

        evidence = []
        for evidence_item_data in self.evidence:
            evidence_item = evidence_item_data.to_dict()
            evidence.append(evidence_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rule_id": rule_id,
                "rule_hash": rule_hash,
                "name": name,
                "holds": holds,
                "facts": facts,
                "missing": missing,
                "next_change_at": next_change_at,
                "evidence": evidence,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.explanation_facts import ExplanationFacts  # noqa: PLC0415
        from ..models.journey_evidence import JourneyEvidence  # noqa: PLC0415
        from ..models.missing import Missing  # noqa: PLC0415

        d = dict(src_dict)
        rule_id = d.pop("rule_id")

        rule_hash = d.pop("rule_hash")

        name = d.pop("name")

        def _parse_holds(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        holds = _parse_holds(d.pop("holds"))

        facts = ExplanationFacts.from_dict(d.pop("facts"))

        missing = []
        _missing = d.pop("missing")
        for missing_item_data in _missing:
            missing_item = Missing.from_dict(missing_item_data)

            missing.append(missing_item)

        def _parse_next_change_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_change_at_type_0 = datetime.datetime.fromisoformat(data)

                return next_change_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_change_at = _parse_next_change_at(d.pop("next_change_at"))

        evidence = []
        _evidence = d.pop("evidence")
        for evidence_item_data in _evidence:
            evidence_item = JourneyEvidence.from_dict(evidence_item_data)

            evidence.append(evidence_item)

        explanation = cls(
            rule_id=rule_id,
            rule_hash=rule_hash,
            name=name,
            holds=holds,
            facts=facts,
            missing=missing,
            next_change_at=next_change_at,
            evidence=evidence,
        )

        explanation.additional_properties = d
        return explanation

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
