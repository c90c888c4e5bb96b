from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.platform_sla_state import PlatformSlaState, check_platform_sla_state

T = TypeVar("T", bound="PlatformSla")


@_attrs_define
class PlatformSla:
    """How a platform's deliveries keep what was promised."""

    platform: str
    state: PlatformSlaState
    reasons: list[str]
    finished_count: int
    delivered_count: int
    success_share: float | None
    latency_p95_s: float | None
    retried_count: int
    retry_success_share: float | None
    consecutive_failures_count: int
    missed_count: int
    """ Slots that came due while nobody planned, reported and not sent. """
    no_data_count: int
    """ Slots for which nothing was ever published. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        platform = self.platform

        state: str = self.state

        reasons = self.reasons

        finished_count = self.finished_count

        delivered_count = self.delivered_count

        success_share: float | None
        success_share = self.success_share

        latency_p95_s: float | None
        latency_p95_s = self.latency_p95_s

        retried_count = self.retried_count

        retry_success_share: float | None
        retry_success_share = self.retry_success_share

        consecutive_failures_count = self.consecutive_failures_count

        missed_count = self.missed_count

        no_data_count = self.no_data_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "platform": platform,
                "state": state,
                "reasons": reasons,
                "finished_count": finished_count,
                "delivered_count": delivered_count,
                "success_share": success_share,
                "latency_p95_s": latency_p95_s,
                "retried_count": retried_count,
                "retry_success_share": retry_success_share,
                "consecutive_failures_count": consecutive_failures_count,
                "missed_count": missed_count,
                "no_data_count": no_data_count,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        platform = d.pop("platform")

        state = check_platform_sla_state(d.pop("state"))

        reasons = cast(list[str], d.pop("reasons"))

        finished_count = d.pop("finished_count")

        delivered_count = d.pop("delivered_count")

        def _parse_success_share(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        success_share = _parse_success_share(d.pop("success_share"))

        def _parse_latency_p95_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        latency_p95_s = _parse_latency_p95_s(d.pop("latency_p95_s"))

        retried_count = d.pop("retried_count")

        def _parse_retry_success_share(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        retry_success_share = _parse_retry_success_share(d.pop("retry_success_share"))

        consecutive_failures_count = d.pop("consecutive_failures_count")

        missed_count = d.pop("missed_count")

        no_data_count = d.pop("no_data_count")

        platform_sla = cls(
            platform=platform,
            state=state,
            reasons=reasons,
            finished_count=finished_count,
            delivered_count=delivered_count,
            success_share=success_share,
            latency_p95_s=latency_p95_s,
            retried_count=retried_count,
            retry_success_share=retry_success_share,
            consecutive_failures_count=consecutive_failures_count,
            missed_count=missed_count,
            no_data_count=no_data_count,
        )

        platform_sla.additional_properties = d
        return platform_sla

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
