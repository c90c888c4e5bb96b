from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RuleSummary")


@_attrs_define
class RuleSummary:
    """A rule as its file has it."""

    id: str
    hash_: str
    """ The version: another content is another hash. """
    name: str
    description: str
    owner: str
    state: str
    priority: int
    flag: None | str
    milestone: None | str
    has_effect: bool
    """ For the caller's company: written and announced, not only computed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        hash_ = self.hash_

        name = self.name

        description = self.description

        owner = self.owner

        state = self.state

        priority = self.priority

        flag: None | str
        flag = self.flag

        milestone: None | str
        milestone = self.milestone

        has_effect = self.has_effect

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "hash": hash_,
                "name": name,
                "description": description,
                "owner": owner,
                "state": state,
                "priority": priority,
                "flag": flag,
                "milestone": milestone,
                "has_effect": has_effect,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        hash_ = d.pop("hash")

        name = d.pop("name")

        description = d.pop("description")

        owner = d.pop("owner")

        state = d.pop("state")

        priority = d.pop("priority")

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

        has_effect = d.pop("has_effect")

        rule_summary = cls(
            id=id,
            hash_=hash_,
            name=name,
            description=description,
            owner=owner,
            state=state,
            priority=priority,
            flag=flag,
            milestone=milestone,
            has_effect=has_effect,
        )

        rule_summary.additional_properties = d
        return rule_summary

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
