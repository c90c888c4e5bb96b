from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.text_to_classify_language_type_0 import (
    TextToClassifyLanguageType0,
    check_text_to_classify_language_type_0,
)
from ..models.text_to_classify_provider import (
    TextToClassifyProvider,
    check_text_to_classify_provider,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.text_context import TextContext


T = TypeVar("T", bound="TextToClassify")


@_attrs_define
class TextToClassify:
    """A text, and what is known of it. Everything but the text stays here."""

    text: str
    language: None | TextToClassifyLanguageType0 | Unset = UNSET
    """ The writer's known language. A longer text in another language is taken for what it is. """
    provider: TextToClassifyProvider | Unset = "auto"
    """ `auto`: Claude while key, model and budget allow it, else the local model. """
    context: TextContext | Unset = UNSET
    """ Where the text comes from, in the caller's words. It comes back unchanged, like `user_id`. """
    user_id: None | Unset | UUID = UNSET

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, str):
            language = self.language
        else:
            language = self.language

        provider: str | Unset = UNSET
        if not isinstance(self.provider, Unset):
            provider = self.provider

        context: dict[str, Any] | Unset = UNSET
        if not isinstance(self.context, Unset):
            context = self.context.to_dict()

        user_id: None | str | Unset
        if isinstance(self.user_id, Unset):
            user_id = UNSET
        elif isinstance(self.user_id, UUID):
            user_id = str(self.user_id)
        else:
            user_id = self.user_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
            }
        )
        if language is not UNSET:
            field_dict["language"] = language
        if provider is not UNSET:
            field_dict["provider"] = provider
        if context is not UNSET:
            field_dict["context"] = context
        if user_id is not UNSET:
            field_dict["user_id"] = user_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.text_context import TextContext  # noqa: PLC0415

        d = dict(src_dict)
        text = d.pop("text")

        def _parse_language(data: object) -> None | TextToClassifyLanguageType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                language_type_0 = check_text_to_classify_language_type_0(data)

                return language_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TextToClassifyLanguageType0 | Unset, data)

        language = _parse_language(d.pop("language", UNSET))

        _provider = d.pop("provider", UNSET)
        provider: TextToClassifyProvider | Unset
        if isinstance(_provider, Unset):
            provider = UNSET
        else:
            provider = check_text_to_classify_provider(_provider)

        _context = d.pop("context", UNSET)
        context: TextContext | Unset
        if isinstance(_context, Unset):
            context = UNSET
        else:
            context = TextContext.from_dict(_context)

        def _parse_user_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                user_id_type_0 = UUID(data)

                return user_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        user_id = _parse_user_id(d.pop("user_id", UNSET))

        text_to_classify = cls(
            text=text,
            language=language,
            provider=provider,
            context=context,
            user_id=user_id,
        )

        return text_to_classify
