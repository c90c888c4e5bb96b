from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.model_used_fallback_reason_type_0 import (
    ModelUsedFallbackReasonType0,
    check_model_used_fallback_reason_type_0,
)
from ..models.model_used_provider import ModelUsedProvider, check_model_used_provider

T = TypeVar("T", bound="ModelUsed")


@_attrs_define
class ModelUsed:
    provider: ModelUsedProvider
    model_version: str
    prompt_version: None | str
    prompt_sha256: None | str
    fallback_reason: ModelUsedFallbackReasonType0 | None
    """ Why `auto` took the local model; null where it took Claude or was not asked. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider: str = self.provider

        model_version = self.model_version

        prompt_version: None | str
        prompt_version = self.prompt_version

        prompt_sha256: None | str
        prompt_sha256 = self.prompt_sha256

        fallback_reason: None | str
        if isinstance(self.fallback_reason, str):
            fallback_reason = self.fallback_reason
        else:
            fallback_reason = self.fallback_reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
                "model_version": model_version,
                "prompt_version": prompt_version,
                "prompt_sha256": prompt_sha256,
                "fallback_reason": fallback_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        provider = check_model_used_provider(d.pop("provider"))

        model_version = d.pop("model_version")

        def _parse_prompt_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        prompt_version = _parse_prompt_version(d.pop("prompt_version"))

        def _parse_prompt_sha256(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        prompt_sha256 = _parse_prompt_sha256(d.pop("prompt_sha256"))

        def _parse_fallback_reason(data: object) -> ModelUsedFallbackReasonType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                fallback_reason_type_0 = check_model_used_fallback_reason_type_0(data)

                return fallback_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ModelUsedFallbackReasonType0 | None, data)

        fallback_reason = _parse_fallback_reason(d.pop("fallback_reason"))

        model_used = cls(
            provider=provider,
            model_version=model_version,
            prompt_version=prompt_version,
            prompt_sha256=prompt_sha256,
            fallback_reason=fallback_reason,
        )

        model_used.additional_properties = d
        return model_used

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
