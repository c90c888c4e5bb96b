"""One window's drift checks: compared, kept, and announced, all in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.contracts.ai import Q2qDriftAlerted
from ingest.events import new_event
from ingest.outbox import emit
from nlp.drift.checks import DriftCheck, compare
from nlp.drift.series import ScoredText, distributions
from nlp.drift.store import Grain, PinnedBaseline, newest_baseline, pin_baseline, replace_checks
from orchestration.governance.scored import models_that_scored, scored_texts

BASELINE_DAYS = 30
SMALLEST_BASELINE = 100  # texts; a smaller one would itself be mostly noise
_EVENT_LANGUAGES = frozenset({"en", "uk", "no", "unknown", "all"})


@dataclass(frozen=True)
class WindowResult:
    """One model's window. Without a baseline there are no checks, and `why` says what is missing."""

    model_id: str
    baseline: PinnedBaseline | None
    checks: tuple[DriftCheck, ...]
    reference: tuple[ScoredText, ...] = ()
    texts: tuple[ScoredText, ...] = ()
    why: str = ""

    def count(self, verdict: str) -> int:
        return sum(check.verdict == verdict for check in self.checks)


def check_window(
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    grain: Grain,
    window_from: datetime,
    window_until: datetime,
    *,
    actor: str,
) -> list[WindowResult]:
    """Check every registered model that scored texts of the window. Doing it again replaces the results.

    A model without a baseline gets the 30 days before the window as its own, once they hold enough texts.
    """
    registered = {row[0] for row in postgres.execute("select model_id from registry.models").fetchall()}
    results = []
    for model_id in models_that_scored(clickhouse, window_from, window_until):
        if model_id not in registered:
            results.append(WindowResult(model_id, None, (), why="it is not in the registry"))
            continue
        baseline = newest_baseline(postgres, model_id) or _pin_first(
            postgres, clickhouse, model_id, window_from, actor
        )
        texts = scored_texts(clickhouse, model_id, window_from, window_until)
        if baseline is None:
            why = (
                f"no baseline is pinned, and the {BASELINE_DAYS} days before hold fewer than"
                f" {SMALLEST_BASELINE} of its texts"
            )
            results.append(WindowResult(model_id, None, (), texts=tuple(texts), why=why))
            continue
        # The seed is the window's, so that a repeated run gives the same p-values.
        checks = compare(baseline.counts, distributions(texts), seed=int(window_from.timestamp()))
        _keep(postgres, baseline, grain, window_from, window_until, checks)
        reference = scored_texts(clickhouse, model_id, baseline.window_from, baseline.window_until)
        results.append(WindowResult(model_id, baseline, tuple(checks), tuple(reference), tuple(texts)))
    return results


def pin(
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    model_id: str,
    window_from: datetime,
    window_until: datetime,
    *,
    actor: str,
) -> PinnedBaseline | None:
    """Pin a window as a model's baseline; None if it holds too few texts."""
    texts = scored_texts(clickhouse, model_id, window_from, window_until)
    if len(texts) < SMALLEST_BASELINE:
        return None
    return pin_baseline(postgres, model_id, window_from, window_until, distributions(texts), actor=actor)


def _pin_first(
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    model_id: str,
    window_from: datetime,
    actor: str,
) -> PinnedBaseline | None:
    since = window_from - timedelta(days=BASELINE_DAYS)
    return pin(postgres, clickhouse, model_id, since, window_from, actor=actor)


def _keep(
    postgres: psycopg.Connection,
    baseline: PinnedBaseline,
    grain: Grain,
    window_from: datetime,
    window_until: datetime,
    checks: Sequence[DriftCheck],
) -> None:
    """Results and their alerts, or neither. A window checked again announces only what is new."""
    checked_at = datetime.now(UTC)
    with postgres.transaction():
        replace_checks(postgres, baseline, grain, window_from, window_until, checks, checked_at)
        for check in checks:
            if check.verdict == "alert" and check.language in _EVENT_LANGUAGES:
                _announce(postgres, baseline, check, window_from, window_until)


def _announce(
    postgres: psycopg.Connection,
    baseline: PinnedBaseline,
    check: DriftCheck,
    window_from: datetime,
    window_until: datetime,
) -> None:
    event = new_event(
        Q2qDriftAlerted(
            model_version=baseline.model_id,
            dimension=check.series,
            language=check.language,  # type: ignore[arg-type]  # one of _EVENT_LANGUAGES
            psi=check.psi or 0.0,
            js_divergence=check.js_divergence or 0.0,
            severity=check.severity if check.severity != "none" else "low",
            baseline_start=baseline.window_from,
            window_start=window_from,
            window_end=window_until,
            # Of the window, not of the clock: the same finding about the same window is one event.
            checked_at=window_until,
        ),
        subject=f"drift/{baseline.model_id}/{check.series}/{check.language}",
        company_id=None,
        source="nlp/drift",
        source_time=window_until,
        origin=f"drift:{baseline.baseline_id}",
    )
    emit(postgres, event)
