from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TimelineDay")


@_attrs_define
class TimelineDay:
    day: datetime.date
    platform: str
    delivered_count: int
    failed_count: int
    latency_p95_s: float | None
    """ From the time due to the partner's acceptance. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        day = self.day.isoformat()

        platform = self.platform

        delivered_count = self.delivered_count

        failed_count = self.failed_count

        latency_p95_s: float | None
        latency_p95_s = self.latency_p95_s

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "day": day,
                "platform": platform,
                "delivered_count": delivered_count,
                "failed_count": failed_count,
                "latency_p95_s": latency_p95_s,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        day = datetime.date.fromisoformat(d.pop("day"))

        platform = d.pop("platform")

        delivered_count = d.pop("delivered_count")

        failed_count = d.pop("failed_count")

        def _parse_latency_p95_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        latency_p95_s = _parse_latency_p95_s(d.pop("latency_p95_s"))

        timeline_day = cls(
            day=day,
            platform=platform,
            delivered_count=delivered_count,
            failed_count=failed_count,
            latency_p95_s=latency_p95_s,
        )

        timeline_day.additional_properties = d
        return timeline_day

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
