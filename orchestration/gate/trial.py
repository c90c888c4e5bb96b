"""What changed rules would say of the texts there are. Nothing is written, and no text is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.sealing.keys import BlockingTextKeys
from nlp.safety import rules
from nlp.safety.classifier.model import load_model
from nlp.safety.screening import Screener
from nlp.safety.verdicts import Verdict
from orchestration.gate.judging import strictest
from orchestration.gate.sweep import BUCKETS
from orchestration.gate.texts import TEXT_TYPES, placed, stored_version

_TYPES = ", ".join(f"'{event_type}'" for event_type in TEXT_TYPES)
# The newest version of each text with its newest verdict, and the words from its event.
_STORED = f"""
select
    event_type, event_id, subject, company_id, person_id, event_time, source_time, data,
    verdict.language, verdict.action, verdict.categories
from (
    select * from raw.events
    where event_type in ({_TYPES}) and cityHash64(subject) % {BUCKETS} = {{bucket:UInt32}}
    order by source_time desc, event_id desc limit 1 by subject
) as event
inner join (
    select event_id, argMax(tuple(language, action, arrayDistinct(categories)), screened_at)::Tuple(
        language String, action String, categories Array(String)
    ) as verdict
    from nlp.verdicts where cityHash64(subject) % {BUCKETS} = {{bucket:UInt32}} and action != 'none'
    group by event_id
) as judged using event_id
"""  # noqa: S608 - names of event types and a number
BATCH = 1_000


@dataclass
class Trial:
    """How many texts of each language would move, and why."""

    version: str
    text_count: int = 0
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # language, action, new action
    gained: Counter[tuple[str, str]] = field(default_factory=Counter)  # language, category
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def moved_count(self) -> int:
        return sum(self.moves.values())


def changed_rules(changed: Sequence[Path]) -> rules.RuleSet:
    """The rules in force with some files replaced by others of the same name. BadRules if one is no use."""
    in_force = {path.name: path for path in sorted(rules.DATA.glob("*.yaml"))}
    for path in changed:
        if path.name not in in_force:
            raise rules.BadRules(
                f"{path.name} replaces none of {', '.join(in_force)}; name the copy like its original"
            )
        in_force[path.name] = path
    return rules.load(in_force.values())


def try_rules(clickhouse: ClickHouseClient, rule_set: rules.RuleSet, keys: BlockingTextKeys) -> Trial:
    """Screen every text that has a verdict and can still be read with these rules, and compare."""
    trial, screener = Trial(rule_set.version), Screener(rule_set, load_model())

    def screen_many(texts: Sequence[str], languages: Sequence[str]) -> list[Verdict]:
        return [screener.screen(text, language) for text, language in zip(texts, languages, strict=True)]

    for rows in _batches(clickhouse):
        texts = keys.texts([placed(stored_version(*row[:8])) for row in rows])
        known = [(row, text) for row, text in zip(rows, texts, strict=True) if text and text.strip()]
        verdicts = strictest(screen_many, [text for _, text in known], [row[8] for row, _ in known])
        for (row, _), verdict in zip(known, verdicts, strict=True):
            language, action, categories = row[8:]
            trial.text_count += 1
            if verdict.action != action:
                trial.moves[language, action, verdict.action] += 1
            trial.gained.update((language, one) for one in set(verdict.categories) - set(categories))
            trial.lost.update((language, one) for one in set(categories) - set(verdict.categories))
    return trial


def _batches(clickhouse: ClickHouseClient) -> Iterator[list[Sequence[Any]]]:
    for bucket in range(BUCKETS):
        rows = clickhouse.query(_STORED, {"bucket": bucket}).result_rows
        for start in range(0, len(rows), BATCH):
            yield list(rows[start : start + BATCH])
