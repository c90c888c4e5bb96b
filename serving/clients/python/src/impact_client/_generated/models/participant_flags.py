from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.participant_flag import ParticipantFlag


T = TypeVar("T", bound="ParticipantFlags")


@_attrs_define
class ParticipantFlags:
    participant_id: UUID
    company_id: UUID
    as_of: datetime.datetime
    evaluated_through: datetime.datetime
    """ What happened up to then is in the flags. """
    flags: list[ParticipantFlag]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        participant_id = str(self.participant_id)

        company_id = str(self.company_id)

        as_of = self.as_of.isoformat()

        evaluated_through = self.evaluated_through.isoformat()

        flags = []
        for flags_item_data in self.flags:
            flags_item = flags_item_data.to_dict()
            flags.append(flags_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "participant_id": participant_id,
                "company_id": company_id,
                "as_of": as_of,
                "evaluated_through": evaluated_through,
                "flags": flags,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.participant_flag import ParticipantFlag  # noqa: PLC0415

        d = dict(src_dict)
        participant_id = UUID(d.pop("participant_id"))

        company_id = UUID(d.pop("company_id"))

        as_of = datetime.datetime.fromisoformat(d.pop("as_of"))

        evaluated_through = datetime.datetime.fromisoformat(d.pop("evaluated_through"))

        flags = []
        _flags = d.pop("flags")
        for flags_item_data in _flags:
            flags_item = ParticipantFlag.from_dict(flags_item_data)

            flags.append(flags_item)

        participant_flags = cls(
            participant_id=participant_id,
            company_id=company_id,
            as_of=as_of,
            evaluated_through=evaluated_through,
            flags=flags,
        )

        participant_flags.additional_properties = d
        return participant_flags

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
