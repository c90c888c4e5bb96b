"""What a shadow said of the texts that another version scored: agreement, flips, certainty and cost.

From scores alone: participants' words are not read, and a flip is named by its text's id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient

from nlp.drift.series import read_labels
from nlp.evaluation.measures import ratio, wilson
from nlp.evaluation.report import number, table
from nlp.labels import CHANGES, CUES, LANGUAGES, SIGNALS, TOPICS
from orchestration.governance.scored import plain

MOST_FLIPS = 50
_BOTH = """
select serving.text_id, serving.language, serving.labels, beside.labels,
    serving.cost_microdollars, beside.cost_microdollars
from (select * from nlp.text_scores final where model_version = {serving:String}
      and written_at >= {since:DateTime64(3, 'UTC')} and written_at < {until:DateTime64(3, 'UTC')}) as serving
inner join (select * from nlp.text_scores final where model_version = {beside:String}
      and written_at >= {since:DateTime64(3, 'UTC')} and written_at < {until:DateTime64(3, 'UTC')}) as beside
    on beside.company_id = serving.company_id and beside.text_id = serving.text_id
    and beside.text_sha256 = serving.text_sha256
order by serving.written_at, serving.text_id
"""


@dataclass(frozen=True)
class Flip:
    """A change that the two versions answer differently about one text."""

    text_id: UUID
    language: str
    label: str
    before: bool | None
    after: bool | None


@dataclass
class Shadowed:
    """Two versions on the texts that both have scored."""

    serving: str
    beside: str
    text_counts: Counter[str] = field(default_factory=Counter)  # by language
    agreeing: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    flips: list[Flip] = field(default_factory=list)
    cost_microdollars: tuple[int, int] = (0, 0)

    @property
    def text_count(self) -> int:
        return self.text_counts.total()


def compare_scores(
    clickhouse: ClickHouseClient, serving: str, beside: str, since: datetime, until: datetime
) -> Shadowed:
    """Compare what two versions said of the texts written in a window, where the text was the same."""
    found = Shadowed(serving, beside)
    rows = clickhouse.query(
        _BOTH, {"serving": serving, "beside": beside, "since": plain(since), "until": plain(until)}
    ).result_rows
    for text_id, language, before, after, cost, cost_beside in rows:
        found.text_counts[language] += 1
        costs = found.cost_microdollars
        found.cost_microdollars = (costs[0] + cost, costs[1] + cost_beside)
        said, says = _answers(read_labels(before)), _answers(read_labels(after))
        for label, answer in said.items():
            if answer == says[label]:
                found.agreeing[label][language] += 1
            elif label in CHANGES:
                found.flips.append(Flip(text_id, language, label, answer, says[label]))
    return found


def markdown(found: Shadowed, since: datetime, until: datetime) -> str:
    """The comparison as a report."""
    labels = [*CHANGES, "language_comfort", *_prefixed("signal", SIGNALS), *_prefixed("cue", CUES),
              *_prefixed("topic", TOPICS)]  # fmt: skip
    languages = [language for language in LANGUAGES if found.text_counts[language]]
    per_text = [ratio(cost, found.text_count) for cost in found.cost_microdollars]
    parts = [
        f"# {found.beside} beside {found.serving}",
        f"Texts written from {since:%Y-%m-%d} until {until:%Y-%m-%d} that both have scored:"
        f" {found.text_count}. An abstention is an answer of its own. No text was read for this.",
        "## Agreement",
        table(
            ("label", *languages),
            [(label, *(_share(found, label, language) for language in languages)) for label in labels],
        ),
        "## Cost in µ$ per text",
        table(
            ("version", "cost"), list(zip((found.serving, found.beside), map(number, per_text), strict=True))
        ),
        f"## Flips of the changes, the first {min(MOST_FLIPS, len(found.flips))} of {len(found.flips)}",
        table(
            ("text", "language", "label", found.serving, found.beside),
            [
                (str(flip.text_id), flip.language, flip.label, _word(flip.before), _word(flip.after))
                for flip in found.flips[:MOST_FLIPS]
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _answers(labels: dict[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {name: labels.get(name) for name in (*CHANGES, "language_comfort")}
    for prefix, names, chosen in (
        ("signal", SIGNALS, labels.get("employability_signals")),
        ("cue", CUES, labels.get("risk_cues")),
        ("topic", TOPICS, labels.get("topics", [])),
    ):
        for name in names:
            answers[f"{prefix}:{name}"] = None if chosen is None else name in chosen
    return answers


def _prefixed(prefix: str, names: Iterable[str]) -> Sequence[str]:
    return [f"{prefix}:{name}" for name in names]


def _share(found: Shadowed, label: str, language: str) -> str:
    agreeing, count = found.agreeing[label][language], found.text_counts[language]
    return number(ratio(agreeing, count), wilson(agreeing, count))


def _word(answer: bool | None) -> str:
    return "abstains" if answer is None else ("yes" if answer else "no")
