"""Scoring by message batches: what an earlier run submitted is collected, and what waits is submitted.

Half the price, and an answer within a day. A text that may not be paid, may not be sent, or gets no answer of
use is scored by the local model in its place: none is lost, and none is paid for without end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal

import structlog
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.events import NIL
from nlp.classifiers.base import Classifier, ClassifierError
from nlp.classifiers.claude import CapReached, NoPrice, TalksToTheModel
from nlp.classifiers.claude_batches import LARGEST, ClaudeBatches, OpenBatch
from orchestration.scoring.rows import ScoredText
from orchestration.scoring.scoring import Report, prompts_of, score_texts, withdraw, write
from orchestration.scoring.texts import ClearedText, Days, texts_by_id, waiting_texts

log = structlog.get_logger(__name__)
MOST_TRIES = 3  # batches a text is put into before the local model has it

Why = Literal["cap", "no_price", "not_sent", "no_company", "no_answer"]
_WHY: dict[type[ClassifierError], Why] = {
    CapReached: "cap",
    NoPrice: "no_price",
    TalksToTheModel: "not_sent",
}


def score_in_batches(
    clickhouse: ClickHouseClient,
    batches: ClaudeBatches,
    days: Days,
    *,
    run: str,
    local: Classifier | None,
    is_shadow: bool = False,
    everything: bool = False,
    told: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Collect the batches that are answered, whatever days they are of, and submit the days' waiting texts.

    `local` scores what Claude cannot be asked about; without it, and for a shadow, such a text stays without
    a score. A run that dies anywhere is taken up by the next: a batch is open until its answers are stored.
    """
    report = Report(batches.model_version, is_shadow)
    report.withdrawn_count = withdraw(clickhouse, days)
    left: list[tuple[ClearedText, Why]] = []
    under_way = []
    for batch in batches.open_batches():
        if batches.is_ready(batch):
            left += _collected(clickhouse, batches, batch, report, run)
        else:
            under_way.append(batch)
    texts = waiting_texts(
        clickhouse, days, batches.model_version, prompts=prompts_of(batches), everything=everything
    )
    report.waiting_count = len(texts)
    answered = {text.text_id for text, _ in left}
    free = [
        text
        for text in texts
        if text.text_id not in answered and not any(batch.holds(text.for_classifier) for batch in under_way)
    ]
    report.under_way_count = sum(len(batch.contents) for batch in under_way)
    left += _submitted(batches, free, report)
    told(report)
    _stand_in(clickhouse, None if is_shadow else local, left, report, run, told)
    return report


def _collected(
    clickhouse: ClickHouseClient, batches: ClaudeBatches, batch: OpenBatch, report: Report, run: str
) -> Iterator[tuple[ClearedText, Why]]:
    """Store what a batch brought; yields the texts that asking again would bring no answer for."""
    texts = texts_by_id(clickhouse, list(batch.contents))
    outcomes = batches.collect(batch, {key: text.for_classifier for key, text in texts.items()})
    now = datetime.now(UTC)
    scored, unanswered = [], []
    for text_id, outcome in outcomes.items():
        if text_id not in texts:
            continue
        if not isinstance(outcome, ClassifierError):
            scored.append(ScoredText(texts[text_id], outcome, "ai_classifier", report.is_shadow, now))
        elif not outcome.is_retryable:
            unanswered.append(texts[text_id])
    write(clickhouse, scored, run)
    batches.close(batch)
    for one in scored:
        report.count(one)
    for text in unanswered:
        yield text, "no_answer"


def _submitted(
    batches: ClaudeBatches, texts: Sequence[ClearedText], report: Report
) -> Iterator[tuple[ClearedText, Why]]:
    """Submit texts; yields those that are the local model's, with the reason."""
    tries = batches.tries([text.text_id for text in texts])
    waiting = []
    for text in texts:
        if text.company_id == NIL:
            yield text, "no_company"  # nobody would pay
        elif tries[text.text_id] >= MOST_TRIES:
            yield text, "no_answer"
        else:
            waiting.append(text)
    for start in range(0, len(waiting), LARGEST):
        group = waiting[start : start + LARGEST]
        try:
            submitted = batches.submit([text.for_classifier for text in group])
        except ClassifierError as error:
            for text in group:
                report.fail(text, error)
            continue
        report.submitted_count += submitted.texts_count
        report.under_way_count += submitted.texts_count
        for text in group:
            refusal = submitted.refused.get(text.text_id)
            if refusal is None:
                continue
            if (why := _WHY.get(type(refusal))) is not None:
                yield text, why
            else:
                report.fail(text, refusal)


def _stand_in(
    clickhouse: ClickHouseClient,
    local: Classifier | None,
    left: Sequence[tuple[ClearedText, Why]],
    report: Report,
    run: str,
    told: Callable[[Report], None],
) -> None:
    if local is None:
        report.failures["never"] += len(left)
        return
    for _, why in left:
        report.stood_in[why] += 1
    if left:
        log.info("texts go to the local model", count=len(left), why=dict(report.stood_in))
    texts = [text for text, _ in left]
    score_texts(clickhouse, local, texts, report, run=run, stands_in_for=report.model_version, told=told)
