from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.safety_answer_action import SafetyAnswerAction, check_safety_answer_action

T = TypeVar("T", bound="SafetyAnswer")


@_attrs_define
class SafetyAnswer:
    action: SafetyAnswerAction
    safety_version: str
    redaction_version: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        action: str = self.action

        safety_version = self.safety_version

        redaction_version = self.redaction_version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "action": action,
                "safety_version": safety_version,
                "redaction_version": redaction_version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        action = check_safety_answer_action(d.pop("action"))

        safety_version = d.pop("safety_version")

        redaction_version = d.pop("redaction_version")

        safety_answer = cls(
            action=action,
            safety_version=safety_version,
            redaction_version=redaction_version,
        )

        safety_answer.additional_properties = d
        return safety_answer

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
