"""Periods of retention: data with legal bounds, and what a company has set within them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

import psycopg
import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FILE = Path(__file__).with_name("periods.yaml")

_OVERRIDES = "select company_id, days from privacy.retention_overrides where period = %s order by company_id"
_SET = """
insert into privacy.retention_overrides (company_id, period, days, set_by) values (%s, %s, %s, %s)
on conflict (company_id, period) do update
set days = excluded.days, set_by = excluded.set_by, set_at = now()
"""
_RESET = "delete from privacy.retention_overrides where company_id = %s and period = %s"


class PeriodRefusedError(Exception):
    """A period is unknown or outside of its bounds; the message says what is allowed."""


class Period(BaseModel):
    """For how long, from when on, on what ground."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: int = Field(gt=0)
    bounds: tuple[int, int] | None = None
    clock: str
    ground: str

    @model_validator(mode="after")
    def _agrees(self) -> Period:
        if self.bounds and not self.bounds[0] <= self.days <= self.bounds[1]:
            raise ValueError(f"{self.days} days are not within the bounds {self.bounds}")
        return self


@dataclass(frozen=True)
class Cutoffs:
    """What is older is over: one moment for all, and others for companies that set their own."""

    period: str
    default: datetime
    companies: Mapping[UUID, datetime]

    @property
    def latest(self) -> datetime:
        return max([self.default, *self.companies.values()])

    def of(self, company_id: UUID) -> datetime:
        return self.companies.get(company_id, self.default)


@cache
def periods() -> Mapping[str, Period]:
    """Every period by name, in the order of the file."""
    return {name: Period.model_validate(one) for name, one in yaml.safe_load(FILE.read_text("utf-8")).items()}


def cutoffs(connection: psycopg.Connection, name: str, now: datetime) -> Cutoffs:
    """Before which moment what belongs to this period is over."""
    overrides: dict[UUID, int] = dict(connection.execute(_OVERRIDES, (name,)).fetchall())
    return Cutoffs(
        name,
        now - timedelta(days=_period(name).days),
        {company: now - timedelta(days=days) for company, days in overrides.items()},
    )


def override(
    connection: psycopg.Connection, company_id: UUID, name: str, days: int | None, *, by: str
) -> None:
    """Give a company its own period, or the common one again; raises `PeriodRefusedError`."""
    period = _period(name)
    if days is None:
        connection.execute(_RESET, (company_id, name))
        return
    if period.bounds is None:
        raise PeriodRefusedError(f"{name} is {period.days} days for all companies")
    least, most = period.bounds
    if not least <= days <= most:
        raise PeriodRefusedError(f"{name} may be {least} to {most} days ({period.ground}), not {days}")
    try:
        connection.execute(_SET, (company_id, name, days, by))
    except psycopg.errors.ForeignKeyViolation:
        raise PeriodRefusedError(f"there is no company {company_id}") from None


def _period(name: str) -> Period:
    try:
        return periods()[name]
    except KeyError:
        raise PeriodRefusedError(f"there is no period {name}; there are {', '.join(periods())}") from None
