from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CostItem")


@_attrs_define
class CostItem:
    """One day, model and purpose."""

    day: datetime.date
    provider: str
    model: str
    model_version: str
    purpose: str
    calls_count: int
    """ Attempts, whatever came of them. """
    failed_calls_count: int
    """ Of them those without a usable answer. """
    input_tokens: int
    """ With those written to the cache and read from it. """
    output_tokens: int
    cost_usd: float
    """ US dollars, to the micro-dollar. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        day = self.day.isoformat()

        provider = self.provider

        model = self.model

        model_version = self.model_version

        purpose = self.purpose

        calls_count = self.calls_count

        failed_calls_count = self.failed_calls_count

        input_tokens = self.input_tokens

        output_tokens = self.output_tokens

        cost_usd = self.cost_usd

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "day": day,
                "provider": provider,
                "model": model,
                "model_version": model_version,
                "purpose": purpose,
                "calls_count": calls_count,
                "failed_calls_count": failed_calls_count,
                "input_tokens": input_tokens,
                "output_tokens": output_tokens,
                "cost_usd": cost_usd,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        day = datetime.date.fromisoformat(d.pop("day"))

        provider = d.pop("provider")

        model = d.pop("model")

        model_version = d.pop("model_version")

        purpose = d.pop("purpose")

        calls_count = d.pop("calls_count")

        failed_calls_count = d.pop("failed_calls_count")

        input_tokens = d.pop("input_tokens")

        output_tokens = d.pop("output_tokens")

        cost_usd = d.pop("cost_usd")

        cost_item = cls(
            day=day,
            provider=provider,
            model=model,
            model_version=model_version,
            purpose=purpose,
            calls_count=calls_count,
            failed_calls_count=failed_calls_count,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            cost_usd=cost_usd,
        )

        cost_item.additional_properties = d
        return cost_item

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
