"""Months and quarters by their first day, as results are keyed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

Period = tuple[str, date]  # `month` or `quarter`, and its first day


def periods(at: datetime) -> tuple[Period, Period]:
    """The month and the quarter of a moment."""
    return ("month", date(at.year, at.month, 1)), ("quarter", date(at.year, (at.month - 1) // 3 * 3 + 1, 1))


def months_in(period: Period) -> int:
    return 1 if period[0] == "month" else 3


def last_day(period: Period) -> date:
    months = period[1].year * 12 + period[1].month - 1 + months_in(period)
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def quarter_of(period: Period) -> tuple[str, int, int]:
    """Equal for periods of one length in one quarter."""
    return period[0], period[1].year, (period[1].month - 1) // 3


def label(period: Period) -> str:
    """As people write it: 2026-09 or 2026-Q3."""
    grain, start = period
    return f"{start:%Y-%m}" if grain == "month" else f"{start.year}-Q{(start.month + 2) // 3}"
