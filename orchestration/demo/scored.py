"""What becomes of the demo's texts: screened by the gate, then scored by the model in force."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.demo.loaded import TRANSIENT, NotLoadedError
from orchestration.gate.texts import TEXT_TYPES
from orchestration.scoring.models import NoModelError, model_in_force
from orchestration.scoring.texts import waiting_days

_POLL_S = 1.0
_STALLED_AFTER_S = 300  # the gate sweeps imported histories every minute or so

_SCREENED = """
select uniqExact(subject), uniqExactIf(subject, subject in (select subject from nlp.verdicts))
from raw.events
where event_type in {types:Array(String)}
    and (JSONExtractString(data, 'feedbackText') != '' or JSONExtractString(data, 'notes') != '')
"""
_TEXTS = """
select
    (select count() from nlp.cleared_texts final),
    (select count() from nlp.text_scores final where model_version = {model:String}),
    (select sum(length(scores)) from nlp.text_scores final where model_version = {model:String})
"""


@dataclass(frozen=True)
class ScoredTexts:
    """What there is to read and what was made of it."""

    cleared: int
    scored: int
    scores: int
    model: str


async def wait_until_screened(settings: StoreSettings, on_progress: Callable[[int, int], None]) -> None:
    """Return when the gate has a verdict on every text; it works through imported ones by itself."""
    seen, seen_at = -1, time.monotonic()
    while True:
        try:
            total, screened = await asyncio.to_thread(_screened, settings)
        except TRANSIENT:
            total, screened = -1, seen
        on_progress(screened, total)
        if screened == total:
            return
        if screened != seen:
            seen, seen_at = screened, time.monotonic()
        if time.monotonic() - seen_at > _STALLED_AFTER_S:
            raise NotLoadedError(
                f"{screened:,} of {total:,} texts were screened, and no more for {_STALLED_AFTER_S} s;"
                " see `impact status` and `impact logs gate`, then run the demo again"
            )
        await asyncio.sleep(_POLL_S)


def model_serving(settings: StoreSettings) -> str | None:
    """The model in force; None if none has passed the gate of models."""
    with closing(postgres_connection(settings)) as connection:
        try:
            return model_in_force(connection, datetime.now(UTC))
        except NoModelError:
            return None


def partitions_to_score(settings: StoreSettings, model: str) -> dict[str, str] | None:
    """Dagster's tags for a run over all days with texts that wait; None if none waits."""
    with closing(clickhouse_client(settings)) as client:
        waiting = waiting_days(client, model)
    if waiting is None:
        return None
    return {
        "dagster/asset_partition_range_start": waiting.first.isoformat(),
        "dagster/asset_partition_range_end": waiting.last.isoformat(),
    }


def scored_texts(settings: StoreSettings, model: str) -> ScoredTexts:
    with closing(clickhouse_client(settings)) as client:
        [[cleared, scored, scores]] = client.query(_TEXTS, {"model": model}).result_rows
    return ScoredTexts(int(cleared), int(scored), int(scores or 0), model)


def _screened(settings: StoreSettings) -> tuple[int, int]:
    with closing(clickhouse_client(settings)) as client:
        [row] = client.query(_SCREENED, {"types": list(TEXT_TYPES)}).result_rows
    return int(row[0]), int(row[1])
