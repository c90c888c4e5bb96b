from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.consent_words_language import (
    ConsentWordsLanguage,
    check_consent_words_language,
)
from ..models.consent_words_purpose import (
    ConsentWordsPurpose,
    check_consent_words_purpose,
)

T = TypeVar("T", bound="ConsentWords")


@_attrs_define
class ConsentWords:
    """What a person is asked with."""

    purpose: ConsentWordsPurpose
    version: int
    language: ConsentWordsLanguage
    words: str
    sha256: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        purpose: str = self.purpose

        version = self.version

        language: str = self.language

        words = self.words

        sha256 = self.sha256

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "purpose": purpose,
                "version": version,
                "language": language,
                "words": words,
                "sha256": sha256,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        purpose = check_consent_words_purpose(d.pop("purpose"))

        version = d.pop("version")

        language = check_consent_words_language(d.pop("language"))

        words = d.pop("words")

        sha256 = d.pop("sha256")

        consent_words = cls(
            purpose=purpose,
            version=version,
            language=language,
            words=words,
            sha256=sha256,
        )

        consent_words.additional_properties = d
        return consent_words

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
