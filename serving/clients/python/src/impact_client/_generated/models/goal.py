from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Goal")


@_attrs_define
class Goal:
    period: str
    period_start: datetime.date
    sdg_goal: int
    activities_count: int

    def to_dict(self) -> dict[str, Any]:
        period = self.period

        period_start = self.period_start.isoformat()

        sdg_goal = self.sdg_goal

        activities_count = self.activities_count

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "period": period,
                "period_start": period_start,
                "sdg_goal": sdg_goal,
                "activities_count": activities_count,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        period = d.pop("period")

        period_start = datetime.date.fromisoformat(d.pop("period_start"))

        sdg_goal = d.pop("sdg_goal")

        activities_count = d.pop("activities_count")

        goal = cls(
            period=period,
            period_start=period_start,
            sdg_goal=sdg_goal,
            activities_count=activities_count,
        )

        return goal
