from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.benchmark_compare_with import (
    BenchmarkCompareWith,
    check_benchmark_compare_with,
)

T = TypeVar("T", bound="Benchmark")


@_attrs_define
class Benchmark:
    """The company's own value beside its peers'. The peers' numbers are null where they are withheld."""

    metric: str
    period: str
    compare_with: BenchmarkCompareWith
    peer_group_kind: None | str
    """ The kind of group that was large enough; null if none was. """
    peer_group: None | str
    widened_from: None | str
    """ The narrower kind that was too small; null if it was not. """
    own_value: float | None
    p25: float | None
    p50: float | None
    p75: float | None
    p90: float | None
    peers_count: int | None
    """ Companies in the peer group. """
    people_count: int | None
    standing: None | str
    """ Where the own value lies. """
    is_suppressed: bool
    """ The group is so small that its numbers might tell of one person or company. """
    suppressed_reason: None | str
    """ Why the numbers are withheld; null if they are not. """

    def to_dict(self) -> dict[str, Any]:
        metric = self.metric

        period = self.period

        compare_with: str = self.compare_with

        peer_group_kind: None | str
        peer_group_kind = self.peer_group_kind

        peer_group: None | str
        peer_group = self.peer_group

        widened_from: None | str
        widened_from = self.widened_from

        own_value: float | None
        own_value = self.own_value

        p25: float | None
        p25 = self.p25

        p50: float | None
        p50 = self.p50

        p75: float | None
        p75 = self.p75

        p90: float | None
        p90 = self.p90

        peers_count: int | None
        peers_count = self.peers_count

        people_count: int | None
        people_count = self.people_count

        standing: None | str
        standing = self.standing

        is_suppressed = self.is_suppressed

        suppressed_reason: None | str
        suppressed_reason = self.suppressed_reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "metric": metric,
                "period": period,
                "compare_with": compare_with,
                "peer_group_kind": peer_group_kind,
                "peer_group": peer_group,
                "widened_from": widened_from,
                "own_value": own_value,
                "p25": p25,
                "p50": p50,
                "p75": p75,
                "p90": p90,
                "peers_count": peers_count,
                "people_count": people_count,
                "standing": standing,
                "is_suppressed": is_suppressed,
                "suppressed_reason": suppressed_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        metric = d.pop("metric")

        period = d.pop("period")

        compare_with = check_benchmark_compare_with(d.pop("compare_with"))

        def _parse_peer_group_kind(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        peer_group_kind = _parse_peer_group_kind(d.pop("peer_group_kind"))

        def _parse_peer_group(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        peer_group = _parse_peer_group(d.pop("peer_group"))

        def _parse_widened_from(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        widened_from = _parse_widened_from(d.pop("widened_from"))

        def _parse_own_value(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        own_value = _parse_own_value(d.pop("own_value"))

        def _parse_p25(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p25 = _parse_p25(d.pop("p25"))

        def _parse_p50(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p50 = _parse_p50(d.pop("p50"))

        def _parse_p75(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p75 = _parse_p75(d.pop("p75"))

        def _parse_p90(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p90 = _parse_p90(d.pop("p90"))

        def _parse_peers_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        peers_count = _parse_peers_count(d.pop("peers_count"))

        def _parse_people_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        people_count = _parse_people_count(d.pop("people_count"))

        def _parse_standing(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        standing = _parse_standing(d.pop("standing"))

        is_suppressed = d.pop("is_suppressed")

        def _parse_suppressed_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        suppressed_reason = _parse_suppressed_reason(d.pop("suppressed_reason"))

        benchmark = cls(
            metric=metric,
            period=period,
            compare_with=compare_with,
            peer_group_kind=peer_group_kind,
            peer_group=peer_group,
            widened_from=widened_from,
            own_value=own_value,
            p25=p25,
            p50=p50,
            p75=p75,
            p90=p90,
            peers_count=peers_count,
            people_count=people_count,
            standing=standing,
            is_suppressed=is_suppressed,
            suppressed_reason=suppressed_reason,
        )

        return benchmark
