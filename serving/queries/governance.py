"""Models, their evaluations and drift checks, as the registry holds them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import asyncpg
import orjson

_MODELS = """
    select models.model_id, provider, purpose, definition, content_sha256, effective_from, is_shadow,
        description, is_listed, deactivated_at, first_used_at, lower(during) as serving_from,
        upper(during) as serving_until, coalesce(is_operators, false) as is_operators,
        newest.evaluation_id, newest.evaluated_at, newest.has_passed, newest.failures
    from registry.models join registry.lanes using (lane)
    left join registry.serving_windows
        on serving_windows.model_id = models.model_id and during @> $1::timestamptz
    left join lateral (
        select evaluation_id, evaluated_at, has_passed, failures
        from registry.evaluations left join registry.judgements using (evaluation_id)
        where evaluations.model_id = models.model_id and evaluations.content_sha256 = models.content_sha256
            and evaluated_at <= $1
        order by evaluated_at desc, judged_at desc limit 1
    ) as newest on true
    where ($2::text is null or models.model_id = $2)
    order by provider, effective_from, models.model_id
"""
_WINDOWS = """
    select model_id, lower(during) as serving_from, upper(during) as serving_until, is_operators
    from registry.serving_windows where model_id = $1 order by lower(during)
"""
_EVALUATIONS = """
    select evaluation_id, model_id, content_sha256, set_version, set_sha256, split, evaluated_at,
        judged.has_passed, judged.failures, figures
    from registry.evaluations
    left join lateral (
        select has_passed, failures from registry.judgements
        where judgements.evaluation_id = evaluations.evaluation_id order by judged_at desc limit 1
    ) as judged on true
    where ($1::text is null or model_id = $1)
    order by evaluated_at desc limit $2
"""
_DRIFT = """
    select model_id, grain, window_from, window_until, series, language, baseline_count, window_count, psi,
        psi_noise, js_divergence, js_distance, p_value, q_value, verdict, severity, checked_at
    from registry.drift_checks
    where ($1::text is null or model_id = $1) and ($2::text is null or grain = $2)
        and ($3::text is null or language = $3) and ($4::text is null or verdict = $4)
        and ($5::timestamptz is null or window_from >= $5)
    order by window_until desc, model_id, grain, series, language limit $6
"""
_ALERTS = """
    select model_id, grain, count(*) filter (where verdict = 'alert') as alert_count,
        count(*) filter (where verdict = 'shifted') as shifted_count, max(psi) as largest_psi
    from registry.drift_checks
    join (
        select model_id, grain, max(window_from) as window_from
        from registry.drift_checks group by model_id, grain
    ) as newest using (model_id, grain, window_from)
    group by model_id, grain
"""


async def models(pool: asyncpg.Pool, at: datetime, model_id: str | None = None) -> list[dict[str, Any]]:
    """Every version, with what it serves at an instant and its newest evaluation by then."""
    return [_plain(row, "definition", "failures") for row in await pool.fetch(_MODELS, at, model_id)]


async def windows(pool: asyncpg.Pool, model_id: str) -> list[dict[str, Any]]:
    return [dict(row) for row in await pool.fetch(_WINDOWS, model_id)]


async def evaluations(pool: asyncpg.Pool, model_id: str | None, limit: int) -> list[dict[str, Any]]:
    """Newest first, with all figures."""
    return [_plain(row, "failures", "figures") for row in await pool.fetch(_EVALUATIONS, model_id, limit)]


async def drift(
    pool: asyncpg.Pool,
    *,
    model_id: str | None,
    grain: str | None,
    language: str | None,
    verdict: str | None,
    since: datetime | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Newest windows first."""
    return [dict(row) for row in await pool.fetch(_DRIFT, model_id, grain, language, verdict, since, limit)]


async def drift_of_newest_windows(pool: asyncpg.Pool) -> list[dict[str, Any]]:
    """How many series are in alert or have shifted in each model's newest window."""
    return [dict(row) for row in await pool.fetch(_ALERTS)]


def _plain(row: asyncpg.Record, *documents: str) -> dict[str, Any]:
    found = dict(row)
    for name in documents:
        if isinstance(found[name], str):
            found[name] = orjson.loads(found[name])
    return found
