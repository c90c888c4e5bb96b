"""What model calls may cost and have cost, from the ledger: true to the last call and the micro-dollar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from nlp.spend.budget import MICRODOLLARS, Budget
from nlp.spend.happenings import THRESHOLDS
from serving.openapi import AI_PROBLEMS
from serving.parameters import Day
from serving.problems import invalid_parameter
from serving.queries import ai
from serving.reads import OwnAnalyticsRead, ReadRoute
from serving.representation import answer

router = APIRouter(prefix="/v1/ai", tags=["ai"], route_class=ReadRoute)

_KEEP_S = 60
_MOST_DAYS = 400

Usd = Annotated[float, Field(description="US dollars, to the micro-dollar.", examples=[12.34])]


class BudgetAnswer(BaseModel):
    """A company's budget for model calls in the running month (UTC)."""

    model_config = ConfigDict(extra="forbid")

    company_id: UUID
    month: str = Field(examples=["2026-11"])
    currency: Literal["USD"]
    cap_usd: Usd
    spent_usd: Usd
    reserved_usd: float = Field(
        description="Put aside, at the worst case, for calls that are not settled.", examples=[0.0021]
    )
    remaining_usd: Usd
    used_share: float | None = Field(
        description="What is spent of the cap, 0 to 1; null if the cap is nothing.", examples=[0.41]
    )
    reached_thresholds: list[int] = Field(description="Percent of the cap.", examples=[[80, 90]])
    mode: Literal["direct", "batch", "local"] = Field(
        description="`batch`: 95 % is used, and Claude is asked in batches alone. `local`: not at all."
    )
    refused_count: int = Field(
        description="Calls of this month that could have passed the cap.", examples=[0]
    )
    resets_at: datetime


class CostItem(BaseModel):
    """One day, model and purpose."""

    day: date
    provider: str = Field(examples=["anthropic"])
    model: str = Field(examples=["claude-haiku-5-5"])
    model_version: str = Field(examples=["q2q-claude-v1"])
    purpose: str = Field(examples=["q2q_scoring"])
    calls_count: int = Field(description="Attempts, whatever came of them.")
    failed_calls_count: int = Field(description="Of them those without a usable answer.")
    input_tokens: int = Field(description="With those written to the cache and read from it.")
    output_tokens: int
    cost_usd: Usd


class Costs(BaseModel):
    """What model calls have cost."""

    model_config = ConfigDict(extra="forbid")

    company_id: UUID
    currency: Literal["USD"]
    first_day: date
    last_day: date
    total_usd: Usd
    items: list[CostItem]


class CostsQuery(BaseModel):
    first: Day | None = Field(None, alias="from", description="First day (UTC); that of the month.")
    last: Day | None = Field(None, alias="to", description="Last day, included; today.")


@router.get("/budget", response_model=BudgetAnswer, responses=AI_PROBLEMS)
async def get_budget(read: OwnAnalyticsRead) -> Response:
    """How much a company may still spend on model calls this month."""
    today = datetime.now(UTC).date()
    row = await ai.budget(read.pool, read.company_id, today)
    budget = Budget(read.company_id, today.replace(day=1), **row)
    cap, spent = budget.cap_microdollars, budget.spent_microdollars
    members = {
        "company_id": read.company_id,
        "month": f"{budget.month:%Y-%m}",
        "currency": "USD",
        "cap_usd": cap / MICRODOLLARS,
        "spent_usd": spent / MICRODOLLARS,
        "reserved_usd": budget.reserved_microdollars / MICRODOLLARS,
        "remaining_usd": budget.remaining_microdollars / MICRODOLLARS,
        "used_share": round(spent / cap, 6) if cap else None,
        "reached_thresholds": [percent for percent in THRESHOLDS if cap and spent * 100 >= cap * percent],
        "mode": budget.mode,
        "refused_count": budget.refused_count,
        "resets_at": budget.resets_at,
    }
    return answer(read.request, members, None, keep_s=_KEEP_S)


@router.get("/costs", response_model=Costs, responses=AI_PROBLEMS)
async def list_costs(read: OwnAnalyticsRead, query: Annotated[CostsQuery, Query()]) -> Response:
    """What a company's model calls have cost, by day, model and purpose."""
    last = query.last or datetime.now(UTC).date()
    first = query.first or last.replace(day=1)
    if first > last:
        raise invalid_parameter("query.from", f"{first} is after {last}, so there is nothing between")
    if (last - first).days >= _MOST_DAYS:
        raise invalid_parameter("query.from", f"at most {_MOST_DAYS} days at once")
    rows = await ai.costs(read.pool, read.company_id, first, last)
    members = {
        "company_id": read.company_id,
        "currency": "USD",
        "first_day": first,
        "last_day": last,
        "total_usd": sum(row["cost_microdollars"] for row in rows) / MICRODOLLARS,
        "items": [
            {
                **{name: value for name, value in row.items() if name != "cost_microdollars"},
                "failed_calls_count": row["failed_calls_count"] or 0,
                "cost_usd": row["cost_microdollars"] / MICRODOLLARS,
            }
            for row in rows
        ],
    }
    return answer(read.request, members, None, keep_s=_KEEP_S)
