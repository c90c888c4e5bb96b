from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PlatformStats")


@_attrs_define
class PlatformStats:
    platform: str
    deliveries_count: int
    delivered_count: int
    failed_count: int
    waiting_count: int
    awaiting_approval_count: int
    unknown_count: int
    corrections_count: int
    attempts_count: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        platform = self.platform

        deliveries_count = self.deliveries_count

        delivered_count = self.delivered_count

        failed_count = self.failed_count

        waiting_count = self.waiting_count

        awaiting_approval_count = self.awaiting_approval_count

        unknown_count = self.unknown_count

        corrections_count = self.corrections_count

        attempts_count = self.attempts_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "platform": platform,
                "deliveries_count": deliveries_count,
                "delivered_count": delivered_count,
                "failed_count": failed_count,
                "waiting_count": waiting_count,
                "awaiting_approval_count": awaiting_approval_count,
                "unknown_count": unknown_count,
                "corrections_count": corrections_count,
                "attempts_count": attempts_count,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        platform = d.pop("platform")

        deliveries_count = d.pop("deliveries_count")

        delivered_count = d.pop("delivered_count")

        failed_count = d.pop("failed_count")

        waiting_count = d.pop("waiting_count")

        awaiting_approval_count = d.pop("awaiting_approval_count")

        unknown_count = d.pop("unknown_count")

        corrections_count = d.pop("corrections_count")

        attempts_count = d.pop("attempts_count")

        platform_stats = cls(
            platform=platform,
            deliveries_count=deliveries_count,
            delivered_count=delivered_count,
            failed_count=failed_count,
            waiting_count=waiting_count,
            awaiting_approval_count=awaiting_approval_count,
            unknown_count=unknown_count,
            corrections_count=corrections_count,
            attempts_count=attempts_count,
        )

        platform_stats.additional_properties = d
        return platform_stats

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
