from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="HistoryPoint")


@_attrs_define
class HistoryPoint:
    period: str
    period_start: datetime.date
    value: float | None

    def to_dict(self) -> dict[str, Any]:
        period = self.period

        period_start = self.period_start.isoformat()

        value: float | None
        value = self.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "period": period,
                "period_start": period_start,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        period = d.pop("period")

        period_start = datetime.date.fromisoformat(d.pop("period_start"))

        def _parse_value(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        value = _parse_value(d.pop("value"))

        history_point = cls(
            period=period,
            period_start=period_start,
            value=value,
        )

        return history_point
