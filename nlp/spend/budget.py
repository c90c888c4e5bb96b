"""How much a company may still spend this month, and what is left to it at each state of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

import psycopg

SAVING_PERCENT = 95
MICRODOLLARS = 1_000_000
LARGEST_CAP = 1_000_000 * MICRODOLLARS

# direct: every way of calling. batch: only batches, at half the price, or the local model. local: nothing
# that is paid for.
Mode = Literal["direct", "batch", "local"]


class CapError(Exception):
    """The cap cannot be set as asked; nothing was changed."""


@dataclass(frozen=True)
class Budget:
    """A company's month at an instant."""

    company_id: UUID
    month: date
    cap_microdollars: int
    spent_microdollars: int
    reserved_microdollars: int  # for calls that are not settled
    refused_count: int

    @property
    def committed_microdollars(self) -> int:
        return self.spent_microdollars + self.reserved_microdollars

    @property
    def remaining_microdollars(self) -> int:
        return max(0, self.cap_microdollars - self.committed_microdollars)

    @property
    def mode(self) -> Mode:
        if self.remaining_microdollars == 0:
            return "local"
        is_saving = self.committed_microdollars * 100 >= self.cap_microdollars * SAVING_PERCENT
        return "batch" if is_saving else "direct"

    @property
    def resets_at(self) -> datetime:
        return start_of_next_month(self.month)


def month_of(at: datetime) -> date:
    """The calendar month of an instant, in UTC wherever the instant was written down."""
    return at.astimezone(UTC).date().replace(day=1)


def start_of_next_month(month: date) -> datetime:
    year, number = (month.year, month.month + 1) if month.month < 12 else (month.year + 1, 1)
    return datetime(year, number, 1, tzinfo=UTC)


def read_budget(connection: psycopg.Connection, company_id: UUID, at: datetime) -> Budget:
    """The company's budget; one that has spent nothing has its whole cap."""
    row = connection.execute(
        "select ai.cap_of(%(company)s, %(day)s), coalesce(max(spent_microdollars), 0),"
        " coalesce(max(reserved_microdollars), 0), coalesce(max(refused_count), 0)"
        " from ai.months where company_id = %(company)s and month = %(month)s",
        {"company": company_id, "day": at.astimezone(UTC).date(), "month": month_of(at)},
    ).fetchall()[0]
    return Budget(company_id, month_of(at), row[0] or 0, *row[1:])


def set_cap(
    connection: psycopg.Connection, company_id: UUID | None, dollars: Decimal, since: date, *, set_by: str
) -> None:
    """Give a company, or all that have none of their own, a monthly cap from a day on."""
    microdollars = dollars * MICRODOLLARS
    if not (dollars.is_finite() and 0 <= microdollars <= LARGEST_CAP and microdollars == int(microdollars)):
        raise CapError(
            f"{dollars} is no cap: give US dollars from 0 to {LARGEST_CAP // MICRODOLLARS}, to six decimals"
        )
    try:
        with connection.transaction():
            connection.execute(
                "insert into ai.caps (company_id, effective_from, cap_microdollars, set_by)"
                " values (%s, %s, %s, %s) on conflict (company_id, effective_from) do update"
                " set cap_microdollars = excluded.cap_microdollars, set_at = now(), set_by = excluded.set_by",
                (company_id, since, int(microdollars), set_by),
            )
    except psycopg.errors.ForeignKeyViolation:
        raise CapError(
            f"no company {company_id}; `impact companies import` is how companies come to be known"
        ) from None
