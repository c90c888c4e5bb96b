from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Inputs")


@_attrs_define
class Inputs:
    """What was put in."""

    total_volunteers: int
    """ Distinct volunteers with activity in the period. """
    total_hours: float
    """ Hours of completed sessions. """
    total_sessions: int
    """ Completed sessions. """
    active_participants: int
    """ Distinct participants with activity. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        total_volunteers = self.total_volunteers

        total_hours = self.total_hours

        total_sessions = self.total_sessions

        active_participants = self.active_participants

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "total_volunteers": total_volunteers,
                "total_hours": total_hours,
                "total_sessions": total_sessions,
                "active_participants": active_participants,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        total_volunteers = d.pop("total_volunteers")

        total_hours = d.pop("total_hours")

        total_sessions = d.pop("total_sessions")

        active_participants = d.pop("active_participants")

        inputs = cls(
            total_volunteers=total_volunteers,
            total_hours=total_hours,
            total_sessions=total_sessions,
            active_participants=active_participants,
        )

        inputs.additional_properties = d
        return inputs

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
