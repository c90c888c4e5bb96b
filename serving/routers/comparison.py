"""Figures over time, between groups of people, and beside peers. Withheld numbers carry their reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.responses import Response

from serving.openapi import COHORT_LIST_PROBLEMS, LIST_PROBLEMS
from serving.paging import PageQuery, answer_list
from serving.parameters import Day, PeriodsQuery
from serving.periods import Grain, Quarter
from serving.problems import COHORT_NOT_FOUND, ProblemError, invalid_parameter
from serving.queries import comparison
from serving.reads import AnalyticsRead, Read, ReadRoute
from serving.representation import HOUR_S
from serving.routers.companies import CompanyList

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["comparison"], route_class=ReadRoute)

KEEP_S = 6 * HOUR_S
MOST_COHORTS = 20

ProgramType = Annotated[
    str | None, Field(description="One programme; without it, all.", examples=["mentorship"], max_length=50)
]
Withheld = Annotated[
    bool, Field(description="The group is so small that its numbers might tell of one person or company.")
]
Reason = Annotated[str | None, Field(description="Why the numbers are withheld; null if they are not.")]


class TrendPoint(BaseModel):
    model_config = ConfigDict(extra="forbid")

    period_start: date = Field(examples=["2026-09-01"])
    value: float | None = Field(description="Zero for a count without events, null for a mean without data.")
    value_sum: float | None
    value_count: int | None
    is_suppressed: Withheld
    suppressed_reason: Reason


class Trend(CompanyList):
    """One metric over time, oldest first and without gaps."""

    metric: str
    granularity: Literal["day", "week", "month", "quarter"]
    items: list[TrendPoint]


class TrendQuery(PageQuery):
    metric: str = Field(description="The metric.", pattern=r"^[a-z0-9_.]{1,64}$", examples=["sessions_count"])
    granularity: Literal["day", "week", "month", "quarter"] = Field(
        "month", description="The length of the periods."
    )
    first: Day | None = Field(None, alias="from", description="First day, included.", examples=["2026-01-01"])
    last: Day | None = Field(None, alias="to", description="Last day, included.", examples=["2026-09-30"])


class Cohort(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cohort_id: UUID
    name: str
    filters: dict[str, Any] = Field(examples=[{"program_type": "mentorship", "min_sessions": 4}])
    created_at: datetime


class Cohorts(CompanyList):
    """The company's cohorts, oldest first."""

    items: list[Cohort]


class CohortFigure(BaseModel):
    """One metric of a cohort. Everything is null where it is withheld."""

    model_config = ConfigDict(extra="forbid")

    metric: str
    period: str = Field(examples=["2026-Q3"])
    period_start: date
    value_sum: float | None
    n: int | None = Field(description="People with a value.")
    avg: float | None
    p25: float | None
    p50: float | None
    p75: float | None
    p95: float | None
    min: float | None
    max: float | None
    std: float | None
    is_suppressed: Withheld
    suppressed_reason: Reason


class CohortMetrics(CompanyList):
    cohort_id: UUID
    grain: Grain
    items: list[CohortFigure]


class ComparedFigure(CohortFigure):
    cohort_id: UUID


class CohortComparison(CompanyList):
    """One metric of several cohorts, period by period."""

    metric: str
    grain: Grain
    items: list[ComparedFigure]


MetricFilter = Annotated[
    str | None,
    Field(description="One metric; without it, all.", pattern=r"^[a-z0-9_.]{1,64}$"),
]


class CohortQuery(PeriodsQuery):
    grain: Grain = Field("quarter", description="The length of the periods.")
    metric: MetricFilter = None


def _cohort_ids(listed: str) -> str:
    try:
        ids = [UUID(part) for part in listed.split(",")]
    except ValueError:
        ids = []
    if not 1 <= len(ids) <= MOST_COHORTS:
        raise ValueError(f"give 1 to {MOST_COHORTS} cohort ids, with commas between")
    return listed


class ComparisonQuery(PeriodsQuery):
    grain: Grain = Field("quarter", description="The length of the periods.")
    cohort_ids: Annotated[str, AfterValidator(_cohort_ids)] = Field(
        description=f"1 to {MOST_COHORTS} cohorts, with commas between."
    )
    metric: str = Field(description="The metric.", pattern=r"^[a-z0-9_.]{1,64}$")


class RetentionCell(BaseModel):
    model_config = ConfigDict(extra="forbid")

    program_type: str = Field(examples=["language"])
    cohort_month: date = Field(description="Month of the first enrolment.", examples=["2026-03-01"])
    months_since: int = Field(examples=[2])
    cohort_size: int | None
    active_count: int | None
    active_share: float | None = Field(description="0 to 1.")
    is_suppressed: Withheld
    suppressed_reason: Reason


class Retention(CompanyList):
    """Who of a month's newcomers was active later, month by month."""

    items: list[RetentionCell]


class RetentionQuery(PageQuery):
    program_type: ProgramType = None


class FunnelStage(BaseModel):
    model_config = ConfigDict(extra="forbid")

    program_type: str = Field(examples=["mentorship"])
    cohort_quarter: str = Field(examples=["2026-Q2"])
    stage: Literal["enrolled", "matched", "session_completed", "program_completed"]
    stage_order: int
    people_count: int | None
    conversion_from_start: float | None = Field(description="Share of the first stage, 0 to 1.")
    conversion_from_previous: float | None = Field(description="Share of the stage before, 0 to 1.")
    is_suppressed: Withheld
    suppressed_reason: Reason


class Funnels(CompanyList):
    """How far the people of a quarter came. A person counts at a stage only if at all before it."""

    items: list[FunnelStage]


class FunnelQuery(PageQuery):
    program_type: ProgramType = None
    quarter: Quarter | None = Field(None, description="Quarter of the enrolment.", examples=["2026-Q2"])


class Benchmark(BaseModel):
    """The company's own value beside its peers'. The peers' numbers are null where they are withheld."""

    model_config = ConfigDict(extra="forbid")

    metric: str
    period: str = Field(examples=["2026-Q2"])
    compare_with: Literal["industry", "region", "size", "all"]
    peer_group_kind: str | None = Field(
        description="The kind of group that was large enough; null if none was."
    )
    peer_group: str | None = Field(examples=["technology"])
    widened_from: str | None = Field(description="The narrower kind that was too small; null if it was not.")
    own_value: float | None
    p25: float | None
    p50: float | None
    p75: float | None
    p90: float | None
    peers_count: int | None = Field(description="Companies in the peer group.", examples=[12])
    people_count: int | None
    standing: str | None = Field(description="Where the own value lies.", examples=["p50_to_p75"])
    is_suppressed: Withheld
    suppressed_reason: Reason


class Benchmarks(CompanyList):
    """Only companies that take part are counted, and only those see them."""

    items: list[Benchmark]


class BenchmarkQuery(PageQuery):
    compare_with: Literal["industry", "region", "size", "all"] = Field(
        "industry", description="With whom; a group too small is widened, and `widened_from` says so."
    )
    metric: MetricFilter = None
    period: Quarter | None = Field(None, description="One quarter; without it, all.", examples=["2026-Q2"])


@router.get("/trends", response_model=Trend, responses=LIST_PROBLEMS)
async def get_trend(read: AnalyticsRead, query: Annotated[TrendQuery, Query()]) -> Response:
    """One metric by day, week, month or quarter, from the first to the last activity."""
    if query.first and query.last and query.first > query.last:
        raise invalid_parameter(
            "query.from", f"{query.first} is after {query.last}, so there is nothing between"
        )
    return await answer_list(
        read,
        comparison.TRENDS,
        query,
        query.metric,
        query.granularity,
        query.first,
        query.last,
        head={"metric": query.metric, "granularity": query.granularity},
    )


@router.get("/cohorts", response_model=Cohorts, responses=LIST_PROBLEMS)
async def list_cohorts(read: AnalyticsRead, query: Annotated[PageQuery, Query()]) -> Response:
    """The groups of people that a company watches."""
    # A cohort is listed as soon as it is defined, before anything about it has been published.
    return await answer_list(read, comparison.COHORTS, query, keep_s=KEEP_S, is_published=False)


@router.get("/cohorts/compare", response_model=CohortComparison, responses=COHORT_LIST_PROBLEMS)
async def compare_cohorts(read: AnalyticsRead, query: Annotated[ComparisonQuery, Query()]) -> Response:
    """One metric of several cohorts beside each other."""
    cohorts = [UUID(part) for part in query.cohort_ids.split(",")]
    periods = query.checked_periods()
    await _require_cohorts(read, cohorts)
    return await answer_list(
        read,
        comparison.COHORT_COMPARISON,
        query,
        *periods,
        cohorts,
        query.metric,
        head={"metric": query.metric, "grain": query.grain},
        keep_s=KEEP_S,
    )


@router.get("/cohorts/{cohort_id}/metrics", response_model=CohortMetrics, responses=COHORT_LIST_PROBLEMS)
async def list_cohort_metrics(
    read: AnalyticsRead,
    cohort_id: Annotated[UUID, Path(description="One of `/cohorts`.")],
    query: Annotated[CohortQuery, Query()],
) -> Response:
    """The figures of one cohort."""
    periods = query.checked_periods()
    await _require_cohorts(read, [cohort_id])
    return await answer_list(
        read,
        comparison.COHORT_METRICS,
        query,
        *periods,
        cohort_id,
        query.metric,
        head={"cohort_id": cohort_id, "grain": query.grain},
        keep_s=KEEP_S,
    )


@router.get("/retention", response_model=Retention, responses=LIST_PROBLEMS)
async def list_retention(read: AnalyticsRead, query: Annotated[RetentionQuery, Query()]) -> Response:
    """How many of those who began in a month were still active in each month after."""
    return await answer_list(read, comparison.RETENTION, query, query.program_type)


@router.get("/funnels", response_model=Funnels, responses=LIST_PROBLEMS)
async def list_funnels(read: AnalyticsRead, query: Annotated[FunnelQuery, Query()]) -> Response:
    """From enrolment to completion, for those who enrolled in one quarter."""
    return await answer_list(read, comparison.FUNNELS, query, query.program_type, query.quarter)


@router.get("/benchmarks", response_model=Benchmarks, responses=LIST_PROBLEMS)
async def list_benchmarks(read: AnalyticsRead, query: Annotated[BenchmarkQuery, Query()]) -> Response:
    """The company's own values beside those of its peers."""
    return await answer_list(
        read,
        comparison.BENCHMARKS,
        query,
        query.compare_with,
        query.metric,
        query.period,
        keep_s=KEEP_S,
    )


async def _require_cohorts(read: Read, cohorts: list[UUID]) -> None:
    unknown = await comparison.unknown_cohorts(read.pool, read.company_id, cohorts)
    if unknown:
        raise ProblemError(
            COHORT_NOT_FOUND, f"company {read.company_id} has no cohort {', '.join(map(str, unknown))}"
        )
