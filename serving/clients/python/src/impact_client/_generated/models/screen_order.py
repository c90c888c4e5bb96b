from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.screen_order_content_type import (
    ScreenOrderContentType,
    check_screen_order_content_type,
)
from ..models.screen_order_language_type_0 import (
    ScreenOrderLanguageType0,
    check_screen_order_language_type_0,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="ScreenOrder")


@_attrs_define
class ScreenOrder:
    """A text to screen. It is not stored."""

    content_id: str
    """ The caller's own; comes back. """
    content_type: ScreenOrderContentType
    text: str
    language: None | ScreenOrderLanguageType0 | Unset = UNSET
    """ If it is known. """

    def to_dict(self) -> dict[str, Any]:
        content_id = self.content_id

        content_type: str = self.content_type

        text = self.text

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, str):
            language = self.language
        else:
            language = self.language

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "content_id": content_id,
                "content_type": content_type,
                "text": text,
            }
        )
        if language is not UNSET:
            field_dict["language"] = language

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        content_id = d.pop("content_id")

        content_type = check_screen_order_content_type(d.pop("content_type"))

        text = d.pop("text")

        def _parse_language(data: object) -> None | ScreenOrderLanguageType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                language_type_0 = check_screen_order_language_type_0(data)

                return language_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScreenOrderLanguageType0 | Unset, data)

        language = _parse_language(d.pop("language", UNSET))

        screen_order = cls(
            content_id=content_id,
            content_type=content_type,
            text=text,
            language=language,
        )

        return screen_order
