"""Slots of every time zone against the zone's own clock: `python -m tests.soak.slot_instants`.

For each zone and month of the years: at the instant of a monthly slot the zone's clock shows the new month, a
minute before and at every quarter of an hour of the day before it does not; and the month that is reported is
the one before, each once.
"""

from __future__ import annotations

import argparse
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.impact_in.periods import closed_before, cron_of, due_between

BEFORE = [timedelta(minutes=1), *(timedelta(minutes=15 * n) for n in range(1, 105))]


def differences(name: str, first: int, last: int) -> tuple[int, list[str]]:
    """How many slots the zone has from January of `first` to December of `last`, and which are wrong."""
    zone, wrong = ZoneInfo(name), []
    found = list(
        due_between(
            cron_of("monthly"),
            datetime(first, 1, 10, tzinfo=UTC),
            datetime(last + 1, 1, 10, tzinfo=UTC),
            zone,
        )
    )
    months = [(year, month) for year in range(first, last + 1) for month in range(1, 13)]
    reported = [closed_before("month", instant, zone).name for instant in found]
    if reported != [f"{year}-{month:02}" for year, month in months]:
        wrong.append(f"{name}: other months are reported than there are")
    for instant, (year, month) in zip(found, months, strict=False):
        wall = datetime(year + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 a wall clock has none
        is_early = instant.astimezone(zone).replace(tzinfo=None) < wall
        if is_early or any((instant - ago).astimezone(zone).replace(tzinfo=None) >= wall for ago in BEFORE):
            wrong.append(f"{name}: {wall:%Y-%m} at {instant}")
    return len(found), wrong


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.slot_instants", description=__doc__)
    parser.add_argument("--years", nargs=2, type=int, default=(2000, 2099))
    parser.add_argument("--every", type=int, default=1, help="Every so many-th zone.")
    arguments = parser.parse_args()
    zones = sorted(zoneinfo.available_timezones())[:: arguments.every]
    total, wrong = 0, []
    for name in zones:
        count, found = differences(name, *arguments.years)
        total, wrong = total + count, wrong + found
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{len(zones)} zones, {total:,} slots, {len(wrong)} differences")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
