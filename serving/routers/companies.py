"""A company's figures, read from the materialized views. No arithmetic here: the warehouse has done it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from serving.openapi import LIST_PROBLEMS, READ_PROBLEMS
from serving.paging import PageQuery, answer_document, answer_list
from serving.parameters import PeriodQuery, PeriodsQuery
from serving.periods import Grain, grain_of
from serving.queries import companies
from serving.reads import CompanyRead, ReadRoute

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["companies"], route_class=ReadRoute)

EXAMPLE_COMPANY = "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"


class CompanyAnswer(BaseModel):
    """What every answer about a company says."""

    model_config = ConfigDict(extra="forbid")

    company_id: UUID = Field(examples=[EXAMPLE_COMPANY])
    data_version: int | None = Field(
        description="The publication in which a figure of the company last changed: the same on every"
        " route. Null before the first.",
        examples=[17],
    )
    as_of: datetime | None = Field(
        description="When that publication was made.", examples=["2026-09-30T04:00:12Z"]
    )


class CompanyList(CompanyAnswer):
    """A page of a list."""

    next_cursor: str | None = Field(
        description="Send it as `cursor` for the next page; null on the last one."
    )


class Inputs(BaseModel):
    """What was put in."""

    total_volunteers: int = Field(
        description="Distinct volunteers with activity in the period.", examples=[42]
    )
    total_hours: float = Field(description="Hours of completed sessions.", examples=[318.5])
    total_sessions: int = Field(description="Completed sessions.", examples=[377])
    active_participants: int = Field(description="Distinct participants with activity.", examples=[129])


class Outcomes(BaseModel):
    """What came of it; null where nothing is known or it is of too few people (`/metrics` says which)."""

    integration_avg: float | None = Field(description="Mean integration score, 0 to 100.", examples=[52.1])
    language_avg: float | None = Field(
        description="Mean language level as a share of C2, 0 to 1.", examples=[0.5]
    )
    job_readiness_avg: float | None = Field(description="Mean job readiness, 0 to 1.", examples=[0.62])
    dimensions: dict[str, float | None] = Field(
        description="Mean score of feedback per outcome dimension, 0 to 1; empty without scored feedback.",
        examples=[{"confidence": 0.71, "belonging": 0.64}],
    )


class Value(BaseModel):
    """What it was worth, base scenario; the routes `/sroi` and `/vis` say how it was computed."""

    sroi_ratio: float | None = Field(
        description="Net social return by cost: 1 means twice the cost came back.", examples=[2.41]
    )
    sroi_missing_reason: str | None = Field(description="Why there is no ratio.", examples=[None])
    vis_score: float | None = Field(description="Volunteer impact score, 0 to 100.", examples=[49.25])
    vis_band: str | None = Field(examples=["Good"])
    vis_missing_reason: str | None = Field(description="Why there is no score.", examples=[None])


class AtAGlance(CompanyAnswer):
    """A company's period on one page. A period without activity has zeros and nulls."""

    period: str = Field(examples=["2026-Q3"])
    inputs: Inputs
    outcomes: Outcomes
    value: Value


class PeriodMetrics(BaseModel):
    """The figures of one period."""

    model_config = ConfigDict(extra="forbid")

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
    avg_rating: float | None = Field(
        description="Mean rating, 0 to 1; null without ratings or, with a reason, of too few people."
    )
    enrollments_count: int
    buddy_matches_count: int
    courses_completed_count: int
    integration_score_sum: float | None = Field(
        description="Sums and counts join periods; averages do not. Null where the average is withheld."
    )
    integration_scores_count: int = Field(description="Participants whose integration score is known.")
    avg_integration_score: float | None = Field(description="0 to 100; null where none is known.")
    language_level_sum: float | None
    avg_language_level: float | None = Field(description="Share of C2, 0 to 1; null where none is known.")
    job_readiness_sum: float | None
    job_readiness_count: int
    avg_job_readiness: float | None = Field(description="0 to 1; null without scored feedback.")
    sroi_ratio: float | None = Field(description="Net, base scenario; `/sroi` has the reason of a null.")
    sroi_outcome_ratio: float | None = Field(
        description="Gross, by outcome values; `/sroi` has the reason of a null."
    )
    vis_score: float | None = Field(description="0 to 100; `/vis` has the reason of a null.")
    volunteering_hours: float = Field(description="Hours logged in CSR suites.")
    donations_usd: float
    donations_count: int
    donations_without_usd_count: int = Field(description="Of unknown worth in US dollars: not in the sum.")
    placements_count: int
    rating_suppressed_reason: str | None = Field(
        description="`fewer_than_5_people` where the average is withheld; so below.", examples=[None]
    )
    integration_suppressed_reason: str | None = Field(
        description="Of the integration score and the language level.", examples=[None]
    )
    job_readiness_suppressed_reason: str | None = Field(examples=["fewer_than_5_people"])


class CompanyMetrics(CompanyList):
    """A company's periods of one grain, oldest first. Periods without activity are left out."""

    grain: Grain
    items: list[PeriodMetrics]


MetricName = Literal[
    "participants_count", "volunteers_count", "sessions_count", "language_sessions_count",
    "mentorship_sessions_count", "volunteer_hours", "ratings_count", "avg_rating", "enrollments_count",
    "buddy_matches_count", "courses_completed_count", "avg_integration_score", "integration_scores_count",
    "avg_language_level", "avg_job_readiness", "job_readiness_count", "sroi_ratio", "sroi_outcome_ratio",
    "vis_score", "volunteering_hours", "donations_usd", "donations_count", "placements_count",
]  # fmt: skip
METRIC_NAMES: tuple[str, ...] = get_args(MetricName)


class HistoryPoint(BaseModel):
    model_config = ConfigDict(extra="forbid")

    period: str = Field(examples=["2026-09"])
    period_start: date = Field(examples=["2026-09-01"])
    value: float | None = Field(examples=[49.25])


class History(CompanyList):
    """One metric month by month, oldest first."""

    metric: MetricName
    items: list[HistoryPoint]


class HistoryQuery(PageQuery):
    metric: MetricName = Field(description="Which figure of `/metrics`.", examples=["vis_score"])
    months: int = Field(12, ge=1, le=120, description="Months back from the latest one with activity.")


@router.get("/at-a-glance", response_model=AtAGlance, responses=READ_PROBLEMS)
async def get_at_a_glance(read: CompanyRead, query: Annotated[PeriodQuery, Query()]) -> Response:
    """What was put into a month or quarter, what came of it, and what it was worth."""
    grain = grain_of(query.period)
    return await answer_document(
        read, companies.AT_A_GLANCE, grain, query.period, head={"period": query.period}
    )


@router.get("/metrics", response_model=CompanyMetrics, responses=LIST_PROBLEMS)
async def list_metrics(read: CompanyRead, query: Annotated[PeriodsQuery, Query()]) -> Response:
    """All figures of a company, one item per month or quarter, in the order of time."""
    periods = query.checked_periods()
    return await answer_list(read, companies.METRICS, query, *periods, head={"grain": query.grain})


@router.get("/history", response_model=History, responses=LIST_PROBLEMS)
async def get_history(read: CompanyRead, query: Annotated[HistoryQuery, Query()]) -> Response:
    """One metric of the last months."""
    return await answer_list(
        read, companies.HISTORY, query, query.metric, query.months, head={"metric": query.metric}
    )
