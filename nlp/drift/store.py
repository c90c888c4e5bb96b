"""Baselines and results of drift checks in Postgres. Connections are psycopg's and blocking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import numpy as np
import psycopg
from psycopg.types.json import Jsonb

from nlp.drift.checks import Baseline, DriftCheck
from nlp.drift.series import SERIES, Distribution

Grain = Literal["daily", "weekly"]
_STORED = tuple(field.name for field in fields(DriftCheck) if field.name != "family")


class BaselineError(Exception):
    """The pinned baseline cannot be compared with what is counted today."""


@dataclass(frozen=True)
class PinnedBaseline:
    """The bins and counts a model's answers are compared with, until another baseline is pinned."""

    baseline_id: UUID
    model_id: str
    window_from: datetime
    window_until: datetime
    text_count: int
    counts: Baseline


def newest_baseline(connection: psycopg.Connection, model_id: str) -> PinnedBaseline | None:
    """Raises BaselineError if its frozen bins are not the ones that are counted in now."""
    row = connection.execute(
        "select baseline_id, model_id, window_from, window_until, text_count, series"
        " from registry.drift_baselines where model_id = %s order by pinned_at desc limit 1",
        (model_id,),
    ).fetchone()
    if row is None:
        return None
    baseline_id, model, window_from, window_until, text_count, series = row
    return PinnedBaseline(
        baseline_id, model, window_from, window_until, text_count, _counts(baseline_id, series)
    )


def pin_baseline(
    connection: psycopg.Connection,
    model_id: str,
    window_from: datetime,
    window_until: datetime,
    distributions: Sequence[Distribution],
    *,
    actor: str,
) -> PinnedBaseline:
    """Freeze a window's bins and counts for a model. An older baseline stays on record."""
    series = [
        {
            "series": one.series.name,
            "language": one.language,
            "bins": list(one.series.bins),
            "counts": [int(count) for count in one.counts],
        }
        for one in distributions
    ]
    text_count = int(next(one.counts.sum() for one in distributions if one.series.name == "language"))
    with connection.transaction():
        connection.execute("select set_config('registry.actor', %s, true)", (actor,))
        row = connection.execute(
            "insert into registry.drift_baselines"
            " (model_id, window_from, window_until, text_count, series, pinned_by)"
            " values (%s, %s, %s, %s, %s, %s) returning baseline_id",
            (model_id, window_from, window_until, text_count, Jsonb(series), actor),
        ).fetchone()
    assert row is not None  # noqa: S101  # an insert of one row returns it
    return PinnedBaseline(row[0], model_id, window_from, window_until, text_count, _counts(row[0], series))


def replace_checks(
    connection: psycopg.Connection,
    baseline: PinnedBaseline,
    grain: Grain,
    window_from: datetime,
    window_until: datetime,
    checks: Sequence[DriftCheck],
    checked_at: datetime,
) -> None:
    """Keep the results of one window in the place of earlier ones. The caller's transaction decides when."""
    window = (baseline.model_id, grain, window_from)
    connection.execute(
        "delete from registry.drift_checks where model_id = %s and grain = %s and window_from = %s", window
    )
    names = ("model_id", "grain", "window_from", "window_until", "baseline_id", "checked_at", *_STORED)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy registry.drift_checks ({', '.join(names)}) from stdin") as copy,
    ):
        for check in checks:
            values = dict(zip((field.name for field in fields(check)), astuple(check), strict=True))
            copy.write_row(
                (*window, window_until, baseline.baseline_id, checked_at, *(values[name] for name in _STORED))
            )


def _counts(baseline_id: UUID, series: Sequence[dict[str, Any]]) -> Baseline:
    found = {}
    for one in series:
        known = SERIES.get(one["series"])
        if known is None or list(known.bins) != one["bins"]:
            raise BaselineError(
                f"baseline {baseline_id} has other bins for {one['series']} than this version of the platform"
                " counts in; pin a new one with `impact q2q baseline`"
            )
        found[(one["series"], one["language"])] = np.array(one["counts"], dtype=np.int64)
    return found
