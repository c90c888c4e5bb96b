from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="TrendPoint")


@_attrs_define
class TrendPoint:
    period_start: datetime.date
    value: float | None
    """ Zero for a count without events, null for a mean without data. """
    value_sum: float | None
    value_count: int | None
    is_suppressed: bool
    """ The group is so small that its numbers might tell of one person or company. """
    suppressed_reason: None | str
    """ Why the numbers are withheld; null if they are not. """

    def to_dict(self) -> dict[str, Any]:
        period_start = self.period_start.isoformat()

        value: float | None
        value = self.value

        value_sum: float | None
        value_sum = self.value_sum

        value_count: int | None
        value_count = self.value_count

        is_suppressed = self.is_suppressed

        suppressed_reason: None | str
        suppressed_reason = self.suppressed_reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "period_start": period_start,
                "value": value,
                "value_sum": value_sum,
                "value_count": value_count,
                "is_suppressed": is_suppressed,
                "suppressed_reason": suppressed_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        period_start = datetime.date.fromisoformat(d.pop("period_start"))

        def _parse_value(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        value = _parse_value(d.pop("value"))

        def _parse_value_sum(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        value_sum = _parse_value_sum(d.pop("value_sum"))

        def _parse_value_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        value_count = _parse_value_count(d.pop("value_count"))

        is_suppressed = d.pop("is_suppressed")

        def _parse_suppressed_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        suppressed_reason = _parse_suppressed_reason(d.pop("suppressed_reason"))

        trend_point = cls(
            period_start=period_start,
            value=value,
            value_sum=value_sum,
            value_count=value_count,
            is_suppressed=is_suppressed,
            suppressed_reason=suppressed_reason,
        )

        return trend_point
