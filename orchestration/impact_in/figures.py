"""What is reported of a company's period: numbers of the published views, all of one data version.

Groups are told from `SMALLEST_GROUP` people on. A number that rests on fewer is withheld, and named as such;
so are donations of nobody knows how many.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from orchestration.impact_in.periods import Period

Connection = asyncpg.Connection | PoolConnectionProxy
SMALLEST_GROUP = 5
_PARTICIPANTS = ("participants_count", "sessions_count", "language_sessions_count",
    "mentorship_sessions_count",
                 "enrollments_count", "courses_completed_count", "placements_count")  # fmt: skip
_VOLUNTEERS = ("volunteers_count", "volunteer_hours", "volunteering_hours")

# One statement, so one publication; the views are refreshed in the transaction that publishes.
_MONTHS_AND_QUARTERS = """
select versions.data_version, published.published_at, to_jsonb(metrics)::text as metrics,
    coalesce((
        select jsonb_agg(jsonb_build_object(
            'category', dimension, 'score', avg_score, 'people_count', people_count) order by dimension)
        from serving.mv_outcomes as outcomes
        where outcomes.company_id = $1 and outcomes.period_grain = $2 and outcomes.period = $3
    ), '[]')::text as outcomes,
    coalesce((
        select jsonb_object_agg(sroi.variant, jsonb_build_object('ratio', sroi.ratio, 'value', sroi.value))
        from serving.mv_sroi as sroi
        where sroi.company_id = $1 and sroi.period_grain = $2 and sroi.period = $3 and sroi.scenario = 'base'
    ), '{}')::text as sroi
from serving.company_versions as versions
inner join serving.data_versions as published on versions.data_version = published.data_version
inner join serving.mv_company_metrics as metrics
    on metrics.company_id = versions.company_id and metrics.period_grain = $2 and metrics.period = $3
where versions.company_id = $1
"""
_WEEKS_AND_DAYS = """
select versions.data_version, published.published_at,
    jsonb_object_agg(trends.metric, trends.value)::text as metrics, '[]' as outcomes, '{}' as sroi
from serving.company_versions as versions
inner join serving.data_versions as published on versions.data_version = published.data_version
inner join serving.mv_trends as trends
    on trends.company_id = versions.company_id and trends.granularity = $2 and trends.period_start = $3::date
where versions.company_id = $1
group by versions.data_version, published.published_at
"""


@dataclass(frozen=True)
class Outcome:
    """The mean score of one outcome dimension, 0 to 1."""

    category: str
    score: float
    participant_count: int


@dataclass(frozen=True)
class Figures:
    """The numbers of one company and period; None is unknown or withheld."""

    data_version: int
    published_at: datetime
    metrics: Mapping[str, float | int | None]
    outcomes: tuple[Outcome, ...]
    withheld: tuple[str, ...] = field(default=())


async def figures_of(connection: Connection, company_id: UUID, period: Period) -> Figures | None:
    """The published numbers; None if nothing of the period has been published."""
    if period.grain in ("month", "quarter"):
        row = await connection.fetchrow(_MONTHS_AND_QUARTERS, company_id, period.grain, period.name)
    else:
        row = await connection.fetchrow(_WEEKS_AND_DAYS, company_id, period.grain, period.first)
    if row is None:
        return None
    return told(
        row["data_version"], row["published_at"], orjson.loads(row["metrics"]),
        orjson.loads(row["outcomes"]), orjson.loads(row["sroi"]),
    )  # fmt: skip


def told(
    data_version: int,
    published_at: datetime,
    served: Mapping[str, Any],
    outcomes: list[dict[str, Any]],
    sroi: Mapping[str, Mapping[str, float | None]],
) -> Figures:
    """The numbers as partners get them: on their scales, and without groups that are too small."""
    withheld: list[str] = []
    values: dict[str, float | int | None] = {}
    for names, count in ((_PARTICIPANTS, "participants_count"), (_VOLUNTEERS, "volunteers_count")):
        is_small = 0 < (served.get(count) or 0) < SMALLEST_GROUP
        for name in names:
            values[name] = None if is_small else _number(served.get(name))
            if is_small and served.get(name):
                withheld.append(name)
    for name, scale, scores in (
        ("avg_integration_score", 0.01, "integration_scores_count"),  # served 0 to 100, told 0 to 1
        ("avg_job_readiness", 1.0, "job_readiness_count"),
        ("avg_language_level", 10.0, "participants_count"),  # served 0 to 1, told 0 to 10
    ):
        score = served.get(name)
        if score is not None and (served.get(scores) or 0) < SMALLEST_GROUP:
            withheld.append(name)
            score = None
        values[name] = None if score is None else round(score * scale, 6)
    # How many gave is counted per month and quarter. Of a week or a day nobody knows, and it may be one.
    are_few = (served.get("donors_count") or 0) < SMALLEST_GROUP
    for name, places in (("donations_usd", 2), ("donations_count", 0)):
        given = _number(served.get(name))
        if given and are_few:
            withheld.append(name)
            given = None
        values[name] = None if given is None else round(given, places)
    for name in ("vis_score", "sroi_ratio"):
        values[name] = _number(served.get(name))
    net = sroi.get("employment_npv", {})
    values["social_value_usd"] = None if net.get("value") is None else round(net["value"] or 0.0, 2)
    hours, volunteers = values["volunteer_hours"], values["volunteers_count"]
    values["hours_per_volunteer"] = round(hours / volunteers, 2) if hours and volunteers else None
    shown = []
    for one in outcomes:
        # Without a score the warehouse has withheld it, maybe for another month of the quarter.
        if one["people_count"] < SMALLEST_GROUP or one["score"] is None:
            withheld.append(f"outcome_{one['category']}")
        else:
            shown.append(Outcome(one["category"], round(one["score"], 6), one["people_count"]))
    return Figures(data_version, published_at, values, tuple(shown), tuple(withheld))


def _number(value: Any) -> float | int | None:
    """Trends hold every count as a float; partners get counts as whole numbers."""
    if value is None:
        return None
    return int(value) if math.floor(value) == value and abs(value) < 2**53 else float(value)
