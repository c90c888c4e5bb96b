"""Parameters that several reads share."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, Strict

from serving.paging import PageQuery
from serving.periods import Grain, Period, grain_of
from serving.problems import invalid_parameter

_NUMBER = re.compile(r"\s*[+-]?[\d._]+(?:[eE][+-]?\d+)?\s*")


def _written_out(value: object) -> object:
    if isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise ValueError("write the time out, as in 2026-09-30T04:00:12Z or, for a day, 2026-09-30")
    return value


# A bare number would be taken for seconds since 1970, or for milliseconds: nobody means that, and the
# description says that it is a date and a time.
Instant = Annotated[AwareDatetime, BeforeValidator(_written_out)]
Day = Annotated[date, BeforeValidator(_written_out)]


# Of bodies, whose JSON has types of its own: "5", 0 and true stand for no other type than theirs.
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
Amount = Annotated[float, Strict()]


class PeriodQuery(BaseModel):
    """One period, which has to be named."""

    period: Period = Field(description="A month or a quarter, in UTC.", examples=["2026-Q3", "2026-09"])


class LatestPeriodQuery(BaseModel):
    """One period, or the latest."""

    period: Period | None = Field(
        None,
        description="A month or a quarter, in UTC; without it, the latest quarter that has figures.",
        examples=["2026-Q3", "2026-09"],
    )

    @property
    def grain(self) -> Grain:
        return grain_of(self.period) if self.period else "quarter"


class PeriodsQuery(PageQuery):
    """A stretch of periods of one grain."""

    grain: Grain = Field("month", description="The length of the periods.")
    first: Period | None = Field(
        None, alias="from", description="First period, included.", examples=["2026-01"]
    )
    last: Period | None = Field(None, alias="to", description="Last period, included.", examples=["2026-09"])

    def checked_periods(self) -> tuple[Grain, str | None, str | None]:
        """Grain, first and last period; a problem if they do not fit together."""
        for name, period in (("from", self.first), ("to", self.last)):
            if period is not None and grain_of(period) != self.grain:
                raise invalid_parameter(
                    f"query.{name}", f"{period} is not a {self.grain}; ask with grain={grain_of(period)}"
                )
        if self.first is not None and self.last is not None and self.first > self.last:
            raise invalid_parameter(
                "query.from", f"{self.first} is after {self.last}, so there is nothing between"
            )
        return self.grain, self.first, self.last
