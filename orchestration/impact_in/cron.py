"""When a schedule comes due: five cron fields read as a clock on the wall of a time zone.

A time that the clock skips counts as the moment it jumps; of a time that it shows twice, the first counts. So
every day of a daily schedule has one instant, whatever the zone does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_FURTHEST = timedelta(days=366 * 8 + 2)  # 29 February across a year such as 2100


class BadCronError(ValueError):
    """The expression cannot be read, or no day ever matches it."""


class BadZoneError(ValueError):
    """No such time zone."""


@dataclass(frozen=True)
class Cron:
    """The minutes, hours and days that match."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]  # 0 is Sunday
    # As cron has it: where both days are restricted, either is enough.
    is_either_day: bool

    @classmethod
    @lru_cache(maxsize=512)
    def parse(cls, expression: str) -> Cron:
        fields = expression.split()
        if len(fields) != len(_FIELDS):
            raise BadCronError(
                f"a cron expression has five fields, minute hour day month weekday; this has {len(fields)}"
            )
        minutes, hours, days, months, weekdays = (
            _values(text, *limits) for text, limits in zip(fields, _FIELDS, strict=True)
        )
        cron = cls(
            tuple(sorted(minutes)), tuple(sorted(hours)), days, months,
            frozenset(day % 7 for day in weekdays),
            is_either_day=not fields[2].startswith("*") and not fields[4].startswith("*"),
        )  # fmt: skip
        leap_year = date(2024, 1, 1)
        if not any(cron.matches(leap_year + timedelta(days=n)) for n in range(366)):
            raise BadCronError("no day of any year matches this cron expression")
        return cron

    def matches(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        by_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return (by_day or by_weekday) if self.is_either_day else (by_day and by_weekday)

    def instants(self, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """The instants behind `after`, in UTC and in their order, without end."""
        last = after.astimezone(UTC)
        day = after.astimezone(zone).date() - timedelta(days=1)  # a zone may have jumped over a date
        until = day + _FURTHEST
        while day <= until:
            if self.matches(day):
                for hour in self.hours:
                    for minute in self.minutes:
                        instant = instant_of(datetime.combine(day, time(hour, minute)), zone)
                        if instant > last:
                            yield instant
                            last, until = instant, day + _FURTHEST
            day += timedelta(days=1)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this IANA name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadZoneError(f"there is no time zone {name!r}; give an IANA name such as Europe/Oslo") from None


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant in UTC at which the zone's clock first shows `wall`, or jumps over it."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # In the gap. The two offsets give an instant on either side of the jump, which is found between them.
    late = instant
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle in (early, late):
            break
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late


def _values(text: str, name: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step_text = part.partition("/")
        step = _number(step_text, name) if slash else 1
        if step < 1:
            raise BadCronError(f"{name}: a step is at least 1")
        if span == "*":
            first, last = low, high
        else:
            first_text, dash, last_text = span.partition("-")
            first = _number(first_text, name)
            last = _number(last_text, name) if dash else (high if slash else first)
        if not low <= first <= last <= high:
            raise BadCronError(f"{name}: {part} is not within {low} to {high}")
        found.update(range(first, last + 1, step))
    return frozenset(found)


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise BadCronError(f"{name}: give numbers, ranges a-b, steps /n and lists with commas")
    return int(text)
