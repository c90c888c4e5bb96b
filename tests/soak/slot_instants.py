"""Slots of every time zone against the zone's own clock: `python -m tests.soak.slot_instants`.

For each zone and period of the years: at the instant of a slot the zone's clock shows the day on which it is
due, a minute before and through the day before it does not; and the period that is reported is the one
before, each once. Days are looked at for twenty years, the other periods for a hundred. Writes
docs/reports/slot_instants.{md,json}.
"""

from __future__ import annotations

import argparse
import sys
import zoneinfo
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orchestration.impact_in.periods import GRAIN_OF, closed_before, cron_of, due_between
from tests.benchmarks import reports

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Cadence(NamedTuple):
    """When a schedule is due by the calendar, and how the period before such a day is called."""

    is_due: Callable[[date], bool]
    name_of: Callable[[date], str]  # of the last day of the period
    apart: timedelta
    most_years: int


CADENCES = {
    "monthly": Cadence(lambda day: day.day == 1, lambda last: f"{last:%Y-%m}", 15 * MINUTE, 100),
    "quarterly": Cadence(
        lambda day: day.day == 1 and day.month % 3 == 1, lambda last: f"{last.year}-Q{last.month // 3}",
        15 * MINUTE, 100,
    ),
    "weekly": Cadence(lambda day: day.weekday() == 0, lambda last: f"{last:%G-W%V}", 120 * MINUTE, 100),
    "daily": Cadence(lambda day: True, lambda last: f"{last:%Y-%m-%d}", 120 * MINUTE, 20),
}  # fmt: skip


def differences(name: str, cadence: str, first: int, last: int) -> tuple[int, list[str]]:
    """How many slots the zone has from 2 January of `first` through `last`, and which are wrong."""
    zone, how, wrong = ZoneInfo(name), CADENCES[cadence], []
    last = min(last, first + how.most_years - 1)
    days = [date(first, 1, 2) + n * DAY for n in range((date(last + 1, 1, 1) - date(first, 1, 1)).days)]
    expected = [day for day in days if how.is_due(day)]
    begins, ends = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in (days[0], days[-1]))
    # No zone is twelve hours from its clock's noon: look from the days around, and keep these.
    found = [
        due for due in due_between(cron_of(cadence), begins - 2 * DAY, ends + DAY, zone)
        if days[0] <= due.astimezone(zone).date() <= days[-1]
    ]  # fmt: skip
    reported = [closed_before(GRAIN_OF[cadence], due, zone).name for due in found]
    if reported != [how.name_of(day - DAY) for day in expected]:
        wrong.append(f"{name}: {cadence}, other periods are reported than there are")
    before = [MINUTE, *(how.apart * n for n in range(1, 26 * 60 * MINUTE // how.apart + 1))]
    for instant, day in zip(found, expected, strict=False):
        wall = datetime(day.year, day.month, day.day)  # noqa: DTZ001 a wall clock has none
        is_early = instant.astimezone(zone).replace(tzinfo=None) < wall
        if is_early or any((instant - ago).astimezone(zone).replace(tzinfo=None) >= wall for ago in before):
            wrong.append(f"{name}: {cadence}, {day} at {instant}")
    return len(found), wrong


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.slot_instants", description=__doc__)
    parser.add_argument("--years", nargs=2, type=int, default=(2012, 2111))
    parser.add_argument("--every", type=int, default=1, help="Every so many-th zone.")
    parser.add_argument("--cadences", nargs="*", default=list(CADENCES), choices=list(CADENCES))
    parser.add_argument("--folder", type=Path, default=reports.FOLDER)
    arguments = parser.parse_args()
    zones = sorted(zoneinfo.available_timezones())[:: arguments.every]
    table, raw, wrong = [["schedule", "slots", "differences"]], {}, []
    for cadence in arguments.cadences:
        total, of_cadence = 0, []
        for name in zones:
            count, found = differences(name, cadence, *arguments.years)
            total, of_cadence = total + count, of_cadence + found
        wrong += of_cadence
        raw[cadence] = {"slots": total, "differences": of_cadence}
        table.append([cadence, f"{total:,}", f"{len(of_cadence):,}"])
        print(f"{cadence}: {len(zones)} zones, {total:,} slots, {len(of_cadence)} differences", flush=True)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    reports.write(
        "slot_instants", "When schedules come due, in every time zone", table,
        {"zones": zones, "years": arguments.years, **raw}, folder=arguments.folder,
        command=" ".join(["python -m tests.soak.slot_instants", *sys.argv[1:]]),
        notes=f"{len(zones)} time zones, from {arguments.years[0]} on.",
    )  # fmt: skip
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
