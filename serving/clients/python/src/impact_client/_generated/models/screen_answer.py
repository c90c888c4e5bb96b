from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.screen_answer_action import ScreenAnswerAction, check_screen_answer_action

if TYPE_CHECKING:
    from ..models.screen_flag import ScreenFlag


T = TypeVar("T", bound="ScreenAnswer")


@_attrs_define
class ScreenAnswer:
    content_id: str
    safe: bool
    """ The text would pass: its action is `allow` or `warn`. """
    action: ScreenAnswerAction
    flags: list[ScreenFlag]
    requires_review: bool
    overall_confidence: float
    language: str
    safety_version: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        content_id = self.content_id

        safe = self.safe

        action: str = self.action

        flags = []
        for flags_item_data in self.flags:
            flags_item = flags_item_data.to_dict()
            flags.append(flags_item)

        requires_review = self.requires_review

        overall_confidence = self.overall_confidence

        language = self.language

        safety_version = self.safety_version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "content_id": content_id,
                "safe": safe,
                "action": action,
                "flags": flags,
                "requires_review": requires_review,
                "overall_confidence": overall_confidence,
                "language": language,
                "safety_version": safety_version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.screen_flag import ScreenFlag  # noqa: PLC0415

        d = dict(src_dict)
        content_id = d.pop("content_id")

        safe = d.pop("safe")

        action = check_screen_answer_action(d.pop("action"))

        flags = []
        _flags = d.pop("flags")
        for flags_item_data in _flags:
            flags_item = ScreenFlag.from_dict(flags_item_data)

            flags.append(flags_item)

        requires_review = d.pop("requires_review")

        overall_confidence = d.pop("overall_confidence")

        language = d.pop("language")

        safety_version = d.pop("safety_version")

        screen_answer = cls(
            content_id=content_id,
            safe=safe,
            action=action,
            flags=flags,
            requires_review=requires_review,
            overall_confidence=overall_confidence,
            language=language,
            safety_version=safety_version,
        )

        screen_answer.additional_properties = d
        return screen_answer

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
