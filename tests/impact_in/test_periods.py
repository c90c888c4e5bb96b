"""Schedules come due once per period, at the right instant of every zone, through every change of clocks."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from orchestration.impact_in.connectors import Maintenance
from orchestration.impact_in.cron import BadCronError, BadZoneError, Cron, instant_of, zone_of
from orchestration.impact_in.maintenance import ends_at
from orchestration.impact_in.periods import closed_before, cron_of, due_between, named, period_of
from orchestration.impact_in.settings import DeliverySettings

ZONES = ("Europe/Oslo", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo",
         "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Africa/Casablanca",
         "UTC")  # fmt: skip


def first_shown(wall: datetime, zone: ZoneInfo) -> datetime:
    """The oracle: look at the zone's clock until it shows the time or a later one, at last every minute."""
    instant = wall.replace(tzinfo=UTC) - timedelta(hours=27)
    for step in (timedelta(minutes=10), timedelta(minutes=1)):  # no clock is set back so soon after it shows
        while (instant + step).astimezone(zone).replace(tzinfo=None) < wall:
            instant += step
    return instant + step


@pytest.mark.parametrize("zone", ZONES)
def test_instants_are_those_of_a_clock_that_is_watched(zone: str) -> None:
    clock = ZoneInfo(zone)
    changes = [
        day for day in days(2004, 2026) if offset(day, clock) != offset(day + timedelta(days=1), clock)
    ]
    for day in [*changes[::4], date(2011, 12, 30), date(2026, 1, 1)]:
        for hour, minute in ((0, 0), (1, 30), (2, 30)):
            wall = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 a wall clock has none
            assert instant_of(wall, clock) == first_shown(wall, clock), wall


def days(first: int, last: int) -> list[date]:
    start = date(first, 1, 1)
    return [start + timedelta(days=n) for n in range((date(last, 1, 1) - start).days)]


def offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset()


def test_a_month_is_reported_once_in_every_zone_over_thirty_years() -> None:
    for zone in sorted(zoneinfo.available_timezones())[::40]:
        clock = ZoneInfo(zone)
        start, end = datetime(2005, 1, 10, tzinfo=UTC), datetime(2035, 1, 10, tzinfo=UTC)
        reported = [
            closed_before("month", due, clock).name
            for due in due_between(cron_of("monthly"), start, end, clock)
        ]
        assert reported == [f"{year}-{month:02}" for year in range(2005, 2035) for month in range(1, 13)], (
            zone
        )


def test_every_day_has_one_instant_and_they_never_go_back() -> None:
    clock = ZoneInfo("Europe/Oslo")
    start, end = datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 12, 31, 22, tzinfo=UTC)
    found = list(due_between(cron_of("daily", hour=2), start, end, clock))
    assert len(found) == 365
    assert found == sorted(set(found))
    by_day = {due.astimezone(clock).date(): due for due in found}
    assert by_day[date(2026, 3, 29)] == datetime(2026, 3, 29, 1, tzinfo=UTC)  # 02:00 is skipped: 03:00
    assert by_day[date(2026, 10, 25)] == datetime(2026, 10, 25, 0, tzinfo=UTC)  # the first of two


def test_the_closed_period_is_the_companys_not_utcs() -> None:
    just_before, just_after = datetime(2026, 9, 30, 21, 59, tzinfo=UTC), datetime(2026, 9, 30, 22, tzinfo=UTC)
    oslo = ZoneInfo("Europe/Oslo")
    assert closed_before("quarter", just_before, oslo).name == "2026-Q2"
    assert closed_before("quarter", just_after, oslo).name == "2026-Q3"
    assert next(cron_of("quarterly").instants(just_before, oslo)) == just_after


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 */6 * * *", ["01-01 06:00", "01-01 12:00", "01-01 18:00", "01-02 00:00"]),
        ("30 8 1,15 * *", ["01-01 08:30", "01-15 08:30", "02-01 08:30", "02-15 08:30"]),
        ("0 0 13 * 5", ["01-02 00:00", "01-09 00:00", "01-13 00:00", "01-16 00:00"]),  # either day
        ("0 0 * * 7", ["01-04 00:00", "01-11 00:00", "01-18 00:00", "01-25 00:00"]),
        ("15-45/15 0 29 2 *", ["02-29 00:15", "02-29 00:30", "02-29 00:45", "02-29 00:15"]),
    ],
)
def test_cron_fields_mean_what_cron_means(expression: str, expected: list[str]) -> None:
    found = islice(Cron.parse(expression).instants(datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC")), 4)
    assert [f"{due:%m-%d %H:%M}" for due in found] == expected


@pytest.mark.parametrize(
    "bad", ["", "* * * *", "60 0 * * *", "0 0 31 2 *", "a 0 * * *", "*/0 0 * * *", "0 5-3 * * *"]
)
def test_an_expression_that_cannot_be_is_refused(bad: str) -> None:
    with pytest.raises(BadCronError):
        Cron.parse(bad)


def test_an_unknown_zone_is_refused() -> None:
    for bad in ("Mars/Olympus", "../etc/passwd", ""):
        with pytest.raises(BadZoneError):
            zone_of(bad)


@pytest.mark.parametrize("name", ["2026-09", "2026-Q3", "2026-W53", "2020-02-29"])
def test_a_period_is_found_by_its_name(name: str) -> None:
    period = named(name)
    assert period.name == name
    assert period_of(period.grain, period.last) == period


@pytest.mark.parametrize("bad", ["2026-9", "2026-Q5", "2025-W53", "2026-02-30", "x", "2026"])
def test_what_is_no_period_is_refused(bad: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 the reason is the parser's
        named(bad)


SATURDAYS = Maintenance.model_validate(
    {"weekday": 6, "from": "18:00", "until": "24:00", "time_zone": "America/Denver"}
)
OVER_MIDNIGHT = Maintenance.model_validate(
    {"weekday": 7, "from": "23:00", "until": "04:00", "time_zone": "Europe/Oslo"}
)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-10-03T23:59:59", None),  # Saturday 17:59 in Denver
        ("2026-10-04T00:00:00", "2026-10-04T06:00:00"),
        ("2026-10-04T05:59:59", "2026-10-04T06:00:00"),
        ("2026-10-04T06:00:00", None),
        ("2026-10-31T21:59:59", None),
        ("2026-11-01T05:00:00", "2026-11-01T06:00:00"),
        ("2026-11-08T01:00:00", "2026-11-08T07:00:00"),  # the clocks were set back: 24:00 is 7:00 UTC
        ("2026-10-25T21:59:59", None),  # Sunday 22:59 in Oslo, an hour after the clocks were set back
        ("2026-10-25T22:00:00", "2026-10-26T03:00:00"),
        ("2026-10-26T02:59:59", "2026-10-26T03:00:00"),  # still yesterday's
    ],
)
def test_maintenance_is_by_the_partners_clock(now: str, ends: str | None) -> None:
    found = ends_at((SATURDAYS, OVER_MIDNIGHT), datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == (None if ends is None else datetime.fromisoformat(ends).replace(tzinfo=UTC))


def test_the_environment_names_a_cadence_or_a_cron_expression() -> None:
    settings = DeliverySettings(
        _env_file=None,
        schedule_goodera="weekly",
        schedule_benevity="0 */6 * * *",
        impact_in_workday_enabled=True,
    )
    assert settings.default_cadences() == {"goodera": "weekly", "benevity": "0 */6 * * *"}
    assert settings.enabled_platforms() == ["workday"]
    with pytest.raises(ValidationError, match="five fields"):
        DeliverySettings(_env_file=None, schedule_goodera="fortnightly")
