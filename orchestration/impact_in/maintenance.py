"""Hours in which a partner takes nothing, on its own clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from orchestration.impact_in.connectors import Maintenance
from orchestration.impact_in.cron import instant_of, zone_of


def ends_at(windows: Sequence[Maintenance], now: datetime) -> datetime | None:
    """When the partner takes deliveries again; None if it does now."""
    for window in windows:
        zone = zone_of(window.time_zone)
        today = now.astimezone(zone).date()
        for day in (today, today - timedelta(days=1)):  # a window may have begun yesterday
            if day.isoweekday() != window.weekday:
                continue
            begins = instant_of(datetime.combine(day, _time(window.from_)), zone)
            last = day if window.until > window.from_ and window.until != "24:00" else day + timedelta(days=1)
            ends = instant_of(datetime.combine(last, _time(window.until)), zone)
            if begins <= now < ends:
                return ends.astimezone(UTC)
    return None


def _time(text: str) -> time:
    return time(0) if text == "24:00" else time.fromisoformat(text)
