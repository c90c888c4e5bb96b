"""What programmes return: SROI, VIS, outcomes, tiles and goals, each with its components."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.responses import Response

from serving.openapi import LIST_PROBLEMS, READ_PROBLEMS
from serving.paging import answer_document, answer_list
from serving.parameters import LatestPeriodQuery, PeriodsQuery
from serving.periods import Grain
from serving.queries import value
from serving.reads import CompanyRead, ReadRoute
from serving.representation import DAY_S
from serving.routers.companies import CompanyAnswer, CompanyList

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["value"], route_class=ReadRoute)

Variant = Literal["employment_npv", "outcome_value"]
Scenario = Literal["low", "base", "high"]
Tile = Literal["language", "mentorship", "upskilling", "weei"]
Dimension = Literal["confidence", "belonging", "lang_level_proxy", "job_readiness", "well_being"]
DIMENSIONS = frozenset(("confidence", "belonging", "lang_level_proxy", "job_readiness", "well_being"))

_INPUTS = Field(description="Everything the formula was given.", examples=[{"participants_employed": 25}])
_VERSION = Field(description="Version of the formula.", examples=["1.0"])
_PARAMETERS = Field(description="The parameters in force, by name.", examples=["standard"])


class SroiResult(BaseModel):
    """One ratio with what it was computed from."""

    model_config = ConfigDict(extra="forbid")

    variant: Variant = Field(
        description="`employment_npv` is net: (value - cost) / cost. `outcome_value` is gross: value / cost."
    )
    scenario: Scenario = Field(description="The sensitivity band around `base`.")
    ratio: float | None = Field(examples=[14.91])
    value: float | None = Field(examples=[1591093.89])
    cost: float | None = Field(examples=[100000.0])
    currency: str = Field(examples=["USD"])
    unit: str
    formula_version: str = _VERSION
    parameter_set: str = _PARAMETERS
    inputs: dict[str, Any] = _INPUTS
    missing_reason: str | None = Field(description="Why there is no ratio; null if there is one.")


class Sroi(CompanyAnswer):
    """The social return of a period; `results` is null if there is none for it."""

    period: str | None = Field(examples=["2026-Q3"])
    results: list[SroiResult] | None


class SroiQuery(LatestPeriodQuery):
    variant: Variant | None = Field(None, description="One of the two formulas; without it, both.")
    scenario: Scenario | None = Field(None, description="One of the three scenarios; without it, all.")


class VisParts(BaseModel):
    """Points of each part, 0 to 100; null where there is nothing to compute it from."""

    hours: float | None = Field(examples=[15.0])
    quality: float | None = Field(examples=[75.0])
    outcome: float | None = Field(examples=[65.0])
    placement: float | None = Field(examples=[40.0])


class Vis(BaseModel):
    """The score of a company with what it was computed from."""

    model_config = ConfigDict(extra="forbid")

    vis: float | None = Field(description="0 to 100.", examples=[49.25])
    band: str | None = Field(examples=["Good"])
    hours: float = Field(examples=[150.0])
    parts: VisParts
    weights: dict[str, float] = Field(
        examples=[{"hours": 0.3, "outcome": 0.25, "placement": 0.15, "quality": 0.3}]
    )
    formula_version: str = _VERSION
    parameter_set: str = _PARAMETERS
    inputs: dict[str, Any] = _INPUTS
    missing_reason: str | None = Field(description="Why there is no score; null if there is one.")


class TopVolunteer(BaseModel):
    """A volunteer by pseudonym: names stay where the company keeps them."""

    model_config = ConfigDict(extra="forbid")

    rank: int
    volunteer_id: UUID
    vis_score: float | None = Field(description="0 to 100.", examples=[57.5])
    band: str | None = Field(examples=["High Impact"])
    missing_reason: str | None = Field(description="Why there is no score; null if there is one.")
    hours: float = Field(examples=[50.0])
    sessions_count: int
    sessions_per_month: float = Field(examples=[4.0])
    consistency_part: float = Field(examples=[75.0])
    impact: float | None = Field(
        description="Mean outcome score of those the volunteer met.", examples=[0.55]
    )


class CompanyVis(CompanyAnswer):
    """The volunteer impact of a period; `aggregate` is null if there is none for it."""

    period: str | None = Field(examples=["2026-Q3"])
    aggregate: Vis | None
    top_volunteers: list[TopVolunteer]


class VisQuery(LatestPeriodQuery):
    top: int = Field(10, ge=0, le=50, description="How many volunteers, best first.")


class OutcomeItem(BaseModel):
    model_config = ConfigDict(extra="forbid")

    period: str = Field(examples=["2026-Q3"])
    period_start: date
    dimension: Dimension
    avg_score: float | None = Field(
        description="0 to 1; null, like its sums, where it is withheld.", examples=[0.71]
    )
    score_sum: float | None = Field(
        description="Add sums and counts to join periods; never average averages."
    )
    scores_count: int
    confidence_avg: float | None = Field(description="How sure the scoring was, 0 to 1.")
    confidence_sum: float | None
    people_count: int
    suppressed_reason: str | None = Field(
        description="`fewer_than_5_people`: in the period or, of a month, in a month of its quarter.",
        examples=[None],
    )


class OutcomeSeries(CompanyList):
    """Scores per period and dimension, oldest first."""

    grain: Grain
    items: list[OutcomeItem]


def _dimensions(listed: str) -> str:
    unknown = set(listed.split(",")) - DIMENSIONS
    if unknown:
        raise ValueError(f"give some of {', '.join(sorted(DIMENSIONS))}, with commas between")
    return listed


class OutcomesQuery(PeriodsQuery):
    grain: Grain = Field("quarter", description="The length of the periods.")
    dimensions: Annotated[str, AfterValidator(_dimensions)] | None = Field(
        None,
        description="Some dimensions, with commas between; without it, all.",
        examples=["confidence,belonging"],
    )


class TileFigure(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tile: Tile
    period: str = Field(examples=["2026-Q3"])
    period_start: date
    metric: str = Field(examples=["attendance_share"])
    value: float | None
    numerator: float | None = Field(description="Above the line, where the figure is a share.")
    denominator: float | None = Field(description="Below the line, where the figure is a share.")
    unit: str


class Tiles(CompanyList):
    """Figures of the programme tiles, oldest first within each tile."""

    grain: Grain
    items: list[TileFigure]


class TilesQuery(PeriodsQuery):
    grain: Grain = Field("quarter", description="The length of the periods.")


class Goal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    period: str = Field(examples=["2026-Q3"])
    period_start: date
    sdg_goal: int = Field(ge=1, le=17, examples=[8])
    activities_count: int


class Goals(CompanyList):
    """Activities per Sustainable Development Goal. An activity may count for several goals."""

    grain: Grain
    items: list[Goal]


@router.get("/sroi", response_model=Sroi, responses=READ_PROBLEMS)
async def get_sroi(read: CompanyRead, query: Annotated[SroiQuery, Query()]) -> Response:
    """Social return on investment, with formula version, parameters and inputs."""
    return await answer_document(
        read, value.SROI, query.grain, query.period, query.variant, query.scenario, keep_s=DAY_S
    )


@router.get("/vis", response_model=CompanyVis, responses=READ_PROBLEMS)
async def get_vis(read: CompanyRead, query: Annotated[VisQuery, Query()]) -> Response:
    """The volunteer impact score with its parts, and the volunteers who contributed most."""
    return await answer_document(read, value.VIS, query.grain, query.period, query.top, keep_s=DAY_S)


@router.get("/outcomes", response_model=OutcomeSeries, responses=LIST_PROBLEMS)
async def list_outcomes(read: CompanyRead, query: Annotated[OutcomesQuery, Query()]) -> Response:
    """Outcome scores over time."""
    dimensions = query.dimensions.split(",") if query.dimensions else None
    periods = query.checked_periods()
    return await answer_list(read, value.OUTCOMES, query, *periods, dimensions, head={"grain": query.grain})


@router.get("/tiles", response_model=Tiles, responses=LIST_PROBLEMS)
async def list_tiles(read: CompanyRead, query: Annotated[TilesQuery, Query()]) -> Response:
    """The figures of all programme tiles."""
    return await answer_list(
        read, value.TILES, query, *query.checked_periods(), None, head={"grain": query.grain}
    )


@router.get("/tiles/{tile}", response_model=Tiles, responses=LIST_PROBLEMS)
async def list_tile(
    read: CompanyRead,
    tile: Annotated[Tile, Path(description="The programme.")],
    query: Annotated[TilesQuery, Query()],
) -> Response:
    """The figures of one programme tile."""
    return await answer_list(
        read, value.TILES, query, *query.checked_periods(), tile, head={"grain": query.grain}
    )


@router.get("/sdg", response_model=Goals, responses=LIST_PROBLEMS)
async def list_goals(read: CompanyRead, query: Annotated[TilesQuery, Query()]) -> Response:
    """Activities per Sustainable Development Goal."""
    return await answer_list(read, value.GOALS, query, *query.checked_periods(), head={"grain": query.grain})
