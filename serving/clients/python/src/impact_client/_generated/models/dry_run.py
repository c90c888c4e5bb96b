from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.person_answer import PersonAnswer


T = TypeVar("T", bound="DryRun")


@_attrs_define
class DryRun:
    rule_hash: str
    as_of: datetime.datetime
    person: None | PersonAnswer
    people_count: int | None
    """ People whose activities the rule asks for. """
    holds_count: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.person_answer import PersonAnswer  # noqa: PLC0415

        rule_hash = self.rule_hash

        as_of = self.as_of.isoformat()

        person: dict[str, Any] | None
        if isinstance(self.person, PersonAnswer):
            person = self.person.to_dict()
        else:
            person = self.person

        people_count: int | None
        people_count = self.people_count

        holds_count: int | None
        holds_count = self.holds_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rule_hash": rule_hash,
                "as_of": as_of,
                "person": person,
                "people_count": people_count,
                "holds_count": holds_count,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.person_answer import PersonAnswer  # noqa: PLC0415

        d = dict(src_dict)
        rule_hash = d.pop("rule_hash")

        as_of = datetime.datetime.fromisoformat(d.pop("as_of"))

        def _parse_person(data: object) -> None | PersonAnswer:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                person_type_0 = PersonAnswer.from_dict(data)

                return person_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PersonAnswer, data)

        person = _parse_person(d.pop("person"))

        def _parse_people_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        people_count = _parse_people_count(d.pop("people_count"))

        def _parse_holds_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        holds_count = _parse_holds_count(d.pop("holds_count"))

        dry_run = cls(
            rule_hash=rule_hash,
            as_of=as_of,
            person=person,
            people_count=people_count,
            holds_count=holds_count,
        )

        dry_run.additional_properties = d
        return dry_run

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
