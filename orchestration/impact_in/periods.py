"""Reporting periods, and the schedules that report the one that has just closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from orchestration.impact_in.cron import Cron

Grain = Literal["month", "quarter", "week", "day"]
Cadence = Literal["monthly", "quarterly", "weekly", "daily", "cron"]

GRAIN_OF: dict[str, Grain] = {
    "monthly": "month", "quarterly": "quarter", "weekly": "week", "daily": "day",
}  # fmt: skip
# The warehouse's weeks begin on Monday, so that is when one has closed.
_CRON = {
    "monthly": "0 {hour} 1 * *",
    "quarterly": "0 {hour} 1 1,4,7,10 *",
    "weekly": "0 {hour} * * 1",
    "daily": "0 {hour} * * *",
}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Whole days, named as the warehouse names them: 2026-09, 2026-Q3; 2026-W39 and 2026-09-27."""

    grain: Grain
    first: date
    last: date

    @property
    def name(self) -> str:
        if self.grain == "month":
            return f"{self.first:%Y-%m}"
        if self.grain == "quarter":
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        if self.grain == "week":
            year, week, _ = self.first.isocalendar()
            return f"{year}-W{week:02}"
        return self.first.isoformat()


def period_of(grain: Grain, day: date) -> Period:
    """The period that `day` is in."""
    if grain == "day":
        return Period(grain, day, day)
    if grain == "week":
        first = day - timedelta(days=day.weekday())
        return Period(grain, first, first + timedelta(days=6))
    months = 1 if grain == "month" else 3
    first = day.replace(day=1, month=day.month - (day.month - 1) % months)
    following = (first + timedelta(days=31 * months)).replace(day=1)
    return Period(grain, first, following - _DAY)


def closed_before(grain: Grain, instant: datetime, zone: ZoneInfo) -> Period:
    """The newest period that is over on the zone's calendar at `instant`."""
    current = period_of(grain, instant.astimezone(zone).date())
    return period_of(grain, current.first - _DAY)


def named(name: str) -> Period:
    """The period of a name; ValueError if it is none."""
    if "Q" in name:
        year, _, number = name.partition("-Q")
        if number not in ("1", "2", "3", "4"):
            raise ValueError(f"{name} is no quarter")
        period = period_of("quarter", date(int(year), 3 * int(number) - 2, 1))
    elif "W" in name:
        year, _, number = name.partition("-W")
        period = period_of("week", date.fromisocalendar(int(year), int(number), 1))
    elif name.count("-") == 1:
        period = period_of("month", date.fromisoformat(f"{name}-01"))
    else:
        period = period_of("day", date.fromisoformat(name))
    if period.name != name:
        raise ValueError(f"{name} is not how a period is written")
    return period


def cron_of(cadence: str, *, hour: int = 0, cron: str | None = None) -> Cron:
    """The schedule's rule; BadCronError says what is wrong with an expression."""
    return Cron.parse(cron if cadence == "cron" and cron else _CRON[cadence].format(hour=hour))


def due_between(rule: Cron, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The rule's instants behind `after`, up to and with `until`."""
    for instant in rule.instants(after, zone):
        if instant > until:
            return
        yield instant
