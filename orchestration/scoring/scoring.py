"""Scores the cleared texts of some days: read, classify, write, a few hundred at a time.

Each group of texts is written in two steps: its events, then its rows of `nlp.text_scores`. A row means
"done", so a run that was killed anywhere is taken up where it stopped; events sent twice are versions of the
same subjects.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.events import NIL
from ingest.raw_events import event_row, insert_events
from nlp.classifiers.base import Classified, Classifier, ClassifierError
from nlp.labels import Language
from orchestration.scoring.rows import Method, ScoredText
from orchestration.scoring.texts import ClearedText, Days, gone_scores, waiting_texts

log = structlog.get_logger(__name__)
_GROUP = 500  # texts: some seconds of a local model, and an insert worth making
_ENCODER = msgspec.json.Encoder()
_SETTINGS = {"date_time_input_format": "best_effort", "max_partitions_per_insert_block": 0}


@dataclass
class CompanyScores:
    """What one company got from a run."""

    text_count: int = 0
    score_counts: Counter[str] = field(default_factory=Counter)
    written_from: datetime | None = None
    written_until: datetime | None = None

    def add(self, scored: ScoredText) -> None:
        written = scored.text.written_at
        self.text_count += 1
        self.score_counts.update(scored.scores.keys())
        self.written_from = min(self.written_from or written, written)
        self.written_until = max(self.written_until or written, written)


@dataclass
class Report:
    """One model's run over some days."""

    model_version: str
    is_shadow: bool
    waiting_count: int = 0
    scored_count: int = 0
    score_count: int = 0
    abstained_count: int = 0  # texts of which no dimension was decided
    withdrawn_count: int = 0
    failures: Counter[str] = field(default_factory=Counter)  # "again" or "never", by what was answered
    submitted_count: int = 0  # in batches of this run
    under_way_count: int = 0  # in batches that are not answered yet
    stood_in: Counter[str] = field(default_factory=Counter)  # scored by the local model, by why
    cost_microdollars: int = 0
    by_language: Counter[str] = field(default_factory=Counter)
    companies: dict[UUID, CompanyScores] = field(default_factory=dict)

    def count(self, one: ScoredText) -> None:
        found = one.scores
        self.scored_count += 1
        self.score_count += len(found)
        self.abstained_count += not found
        self.cost_microdollars += one.classified.usage.cost_microdollars
        self.by_language[one.text.language] += 1
        if not one.is_shadow and one.text.company_id != NIL:
            self.companies.setdefault(one.text.company_id, CompanyScores()).add(one)

    def fail(self, text: ClearedText, error: ClassifierError) -> None:
        """Count a text that has no score, and say which one, never what it says."""
        self.failures["again" if error.is_retryable else "never"] += 1
        log.warning("a text was not scored", text_id=str(text.text_id), is_retryable=error.is_retryable)


def score_days(
    clickhouse: ClickHouseClient,
    classifier: Classifier,
    days: Days,
    *,
    run: str,
    method: Method = "ai_classifier",
    is_shadow: bool = False,
    everything: bool = False,
    told: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Give every cleared text of these days a score of this classifier; `told` hears of each group.

    What is scored already is left alone, unless `everything` is to be scored anew. Scores whose text has been
    withdrawn are withdrawn. A text the classifier fails on stays without a score, never with a neutral one.
    A shadow's scores go into the table alone: no event, no effect.
    """
    report = Report(classifier.model_version, is_shadow)
    report.withdrawn_count = withdraw(clickhouse, days)
    texts = waiting_texts(
        clickhouse, days, classifier.model_version, prompts=prompts_of(classifier), everything=everything
    )
    report.waiting_count = len(texts)
    score_texts(clickhouse, classifier, texts, report, run=run, method=method, is_shadow=is_shadow, told=told)
    return report


def score_texts(
    clickhouse: ClickHouseClient,
    classifier: Classifier,
    texts: Sequence[ClearedText],
    report: Report,
    *,
    run: str,
    method: Method = "ai_classifier",
    is_shadow: bool = False,
    stands_in_for: str = "",
    told: Callable[[Report], None] = lambda _: None,
) -> None:
    """Ask a classifier about texts, a group at a time, and write and count what it says."""
    for start in range(0, len(texts), _GROUP):
        group = texts[start : start + _GROUP]
        answers = classifier.classify([text.for_classifier for text in group])
        now = datetime.now(UTC)
        scored = []
        for text, answer in zip(group, answers, strict=True):
            if isinstance(answer, ClassifierError):
                report.fail(text, answer)
            else:
                scored.append(ScoredText(text, _checked(text, answer), method, is_shadow, now, stands_in_for))
        write(clickhouse, scored, run)
        for one in scored:
            report.count(one)
        told(report)


def prompts_of(classifier: object) -> Mapping[Language, str]:
    """Hashes of the prompts a classifier asks with, by language; empty for one that has none."""
    found: Mapping[Language, str] = getattr(classifier, "prompts", {})
    return found


def _checked(text: ClearedText, answer: Classified) -> Classified:
    if answer.text_id != text.text_id:
        raise ValueError(f"asked about text {text.text_id}, the classifier answered about {answer.text_id}")
    return answer


def write(clickhouse: ClickHouseClient, scored: Sequence[ScoredText], run: str) -> None:
    """Store scores: their events first, then their rows, which say that the texts are done."""
    events = [event for one in scored if not one.is_shadow for event in one.events(run)]
    names = hashlib.sha256("".join(str(event.id) for event in events).encode()).hexdigest()
    insert_events(clickhouse, [event_row(event) for event in events], token=f"scoring:{names}")
    _insert(clickhouse, [one.row() for one in scored])


def withdraw(clickhouse: ClickHouseClient, days: Days) -> int:
    """Withdraw the days' scores whose text may no longer be read; returns how many there were."""
    gone = gone_scores(clickhouse, days)
    now = datetime.now(UTC) + timedelta(microseconds=1)
    _insert(clickhouse, [{**one._asdict(), "is_withdrawn": 1, "scored_at": now} for one in gone])
    return len(gone)


def _insert(clickhouse: ClickHouseClient, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        # A row is an object: columns that a withdrawal leaves out keep their defaults.
        clickhouse.raw_insert(
            "nlp.text_scores", None, _ENCODER.encode_lines(rows), fmt="JSONEachRow", settings=_SETTINGS
        )
