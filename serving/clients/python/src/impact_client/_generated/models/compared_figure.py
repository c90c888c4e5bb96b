from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="ComparedFigure")


@_attrs_define
class ComparedFigure:
    metric: str
    period: str
    period_start: datetime.date
    value_sum: float | None
    n: int | None
    """ People with a value. """
    avg: float | None
    p25: float | None
    p50: float | None
    p75: float | None
    p95: float | None
    min_: float | None
    max_: float | None
    std: float | None
    is_suppressed: bool
    """ The group is so small that its numbers might tell of one person or company. """
    suppressed_reason: None | str
    """ Why the numbers are withheld; null if they are not. """
    cohort_id: UUID

    def to_dict(self) -> dict[str, Any]:
        metric = self.metric

        period = self.period

        period_start = self.period_start.isoformat()

        value_sum: float | None
        value_sum = self.value_sum

        n: int | None
        n = self.n

        avg: float | None
        avg = self.avg

        p25: float | None
        p25 = self.p25

        p50: float | None
        p50 = self.p50

        p75: float | None
        p75 = self.p75

        p95: float | None
        p95 = self.p95

        min_: float | None
        min_ = self.min_

        max_: float | None
        max_ = self.max_

        std: float | None
        std = self.std

        is_suppressed = self.is_suppressed

        suppressed_reason: None | str
        suppressed_reason = self.suppressed_reason

        cohort_id = str(self.cohort_id)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "metric": metric,
                "period": period,
                "period_start": period_start,
                "value_sum": value_sum,
                "n": n,
                "avg": avg,
                "p25": p25,
                "p50": p50,
                "p75": p75,
                "p95": p95,
                "min": min_,
                "max": max_,
                "std": std,
                "is_suppressed": is_suppressed,
                "suppressed_reason": suppressed_reason,
                "cohort_id": cohort_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        metric = d.pop("metric")

        period = d.pop("period")

        period_start = datetime.date.fromisoformat(d.pop("period_start"))

        def _parse_value_sum(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        value_sum = _parse_value_sum(d.pop("value_sum"))

        def _parse_n(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        n = _parse_n(d.pop("n"))

        def _parse_avg(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        avg = _parse_avg(d.pop("avg"))

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

        def _parse_p95(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p95 = _parse_p95(d.pop("p95"))

        def _parse_min_(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        min_ = _parse_min_(d.pop("min"))

        def _parse_max_(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        max_ = _parse_max_(d.pop("max"))

        def _parse_std(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        std = _parse_std(d.pop("std"))

        is_suppressed = d.pop("is_suppressed")

        def _parse_suppressed_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        suppressed_reason = _parse_suppressed_reason(d.pop("suppressed_reason"))

        cohort_id = UUID(d.pop("cohort_id"))

        compared_figure = cls(
            metric=metric,
            period=period,
            period_start=period_start,
            value_sum=value_sum,
            n=n,
            avg=avg,
            p25=p25,
            p50=p50,
            p75=p75,
            p95=p95,
            min_=min_,
            max_=max_,
            std=std,
            is_suppressed=is_suppressed,
            suppressed_reason=suppressed_reason,
            cohort_id=cohort_id,
        )

        return compared_figure
