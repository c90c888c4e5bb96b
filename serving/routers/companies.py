"""A company's figures, read from the materialized views. No arithmetic here: the warehouse has done it."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from serving.auth import OwnCompany
from serving.dependencies import ReadPool
from serving.openapi import READ_PROBLEMS
from serving.periods import MONTH, QUARTER, Grain, Period, grain_of
from serving.problems import COMPANY_NOT_FOUND, ProblemError, invalid_parameter
from serving.queries import companies
from serving.representation import answer

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["companies"])

_EXAMPLE_COMPANY = "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"


class Inputs(BaseModel):
    """What was put in."""

    total_volunteers: int = Field(
        description="Distinct volunteers with activity in the period.", examples=[42]
    )
    total_hours: float = Field(description="Hours of completed sessions.", examples=[318.5])
    total_sessions: int = Field(description="Completed sessions.", examples=[377])
    active_participants: int = Field(description="Distinct participants with activity.", examples=[129])


class Outcomes(BaseModel):
    """What came of it: mean scores from 0 to 1. Null as long as no feedback of the period has been scored."""

    integration_avg: float | None = None
    language_avg: float | None = None
    job_readiness_avg: float | None = None


DataVersion = Annotated[
    int | None,
    Field(
        description="The publication the figures come from; null without activity in the period.",
        examples=[17],
    ),
]
AsOf = Annotated[
    datetime | None, Field(description="When that publication was made.", examples=["2026-09-30T04:00:12Z"])
]


class AtAGlance(BaseModel):
    """A company's period in seven numbers. A period without activity has zeros."""

    period: str = Field(examples=["2026-Q3"])
    company_id: UUID = Field(examples=[_EXAMPLE_COMPANY])
    inputs: Inputs
    outcomes: Outcomes
    data_version: DataVersion
    as_of: AsOf


class PeriodMetrics(BaseModel):
    """The figures of one period."""

    model_config = ConfigDict(from_attributes=True)

    period: str = Field(examples=["2026-09"])
    period_start: date = Field(description="First day, UTC.", examples=["2026-09-01"])
    period_end: date = Field(description="Last day, UTC.", examples=["2026-09-30"])
    participants_count: int = Field(description="Distinct participants with any activity.")
    volunteers_count: int = Field(description="Distinct volunteers with any activity.")
    sessions_count: int = Field(description="Completed sessions.")
    language_sessions_count: int
    mentorship_sessions_count: int
    volunteer_hours: float = Field(description="Hours of completed sessions.")
    ratings_count: int = Field(description="Sessions rated by their participant.")
    avg_rating: float | None = Field(description="Mean rating, 0 to 1; null without ratings.")
    enrollments_count: int
    buddy_matches_count: int
    courses_completed_count: int


class CompanyMetrics(BaseModel):
    """A company's periods of one grain, oldest first. Periods without activity are left out."""

    company_id: UUID = Field(examples=[_EXAMPLE_COMPANY])
    grain: Grain
    items: list[PeriodMetrics]
    next_cursor: str | None = Field(
        description="Send it as `cursor` for the next page; null on the last one."
    )
    data_version: DataVersion
    as_of: AsOf


@router.get("/at-a-glance", response_model=AtAGlance, responses=READ_PROBLEMS)
async def get_at_a_glance(
    request: Request,
    company_id: OwnCompany,
    pool: ReadPool,
    period: Annotated[
        Period, Query(description="A month or a quarter, in UTC.", examples=["2026-Q3", "2026-09"])
    ],
) -> Response:
    """Volunteers, hours, sessions and participants of a month or quarter, and the outcomes where scored."""
    row = await companies.at_a_glance(pool, company_id, grain_of(period), period)
    if row is None:
        raise _unknown(company_id)
    glance = AtAGlance(
        period=period,
        company_id=company_id,
        data_version=row["data_version"],
        as_of=row["published_at"],
        inputs=Inputs(
            total_volunteers=row["total_volunteers"] or 0,
            total_hours=row["total_hours"] or 0.0,
            total_sessions=row["total_sessions"] or 0,
            active_participants=row["active_participants"] or 0,
        ),
        outcomes=Outcomes(),
    )
    return answer(request, glance, glance.data_version)


@router.get("/metrics", response_model=CompanyMetrics, responses=READ_PROBLEMS)
async def list_metrics(
    request: Request,
    company_id: OwnCompany,
    pool: ReadPool,
    grain: Annotated[Grain, Query(description="The length of the periods.")] = "month",
    first: Annotated[
        Period | None, Query(alias="from", description="First period, included.", examples=["2026-01"])
    ] = None,
    last: Annotated[
        Period | None, Query(alias="to", description="Last period, included.", examples=["2026-09"])
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="Periods per page.")] = 100,
    cursor: Annotated[
        str | None, Query(max_length=64, description="`next_cursor` of the page before.")
    ] = None,
) -> Response:
    """All figures of a company, one item per month or quarter, in the order of time."""
    for name, period in (("from", first), ("to", last)):
        if period is not None and grain_of(period) != grain:
            raise invalid_parameter(
                f"query.{name}", f"{period} is not a {grain}; ask with grain={grain_of(period)}"
            )
    if first is not None and last is not None and first > last:
        raise invalid_parameter("query.from", f"{first} is after {last}, so there is nothing between")
    start = _read_cursor(cursor, grain) if cursor is not None else first
    rows = await companies.metrics(pool, company_id, grain, start, last, limit + 1)
    if not rows and not await companies.exists(pool, company_id):
        raise _unknown(company_id)
    newest = max(rows[:limit], key=lambda row: row["data_version"], default=None)
    page = CompanyMetrics(
        company_id=company_id,
        grain=grain,
        items=[PeriodMetrics.model_validate(dict(row)) for row in rows[:limit]],
        next_cursor=_write_cursor(rows[limit]["period"]) if len(rows) > limit else None,
        data_version=newest["data_version"] if newest else None,
        as_of=newest["published_at"] if newest else None,
    )
    return answer(request, page, page.data_version)


def _unknown(company_id: UUID) -> ProblemError:
    return ProblemError(COMPANY_NOT_FOUND, f"there is no company {company_id}")


def _write_cursor(period: str) -> str:
    return base64.urlsafe_b64encode(period.encode()).decode()


def _read_cursor(cursor: str, grain: Grain) -> str:
    """The period a page begins with. Only what `_write_cursor` wrote for this grain is accepted."""
    try:
        period = base64.b64decode(cursor, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        period = ""
    if not re.fullmatch(MONTH if grain == "month" else QUARTER, period):
        raise invalid_parameter("query.cursor", f"not a next_cursor of this list with grain={grain}")
    return period
