"""Words end, and a keyed hash stays in their place: equal texts can still be told, and none can be guessed.

The original ends first, in its event; what was made of it, the cleared text and the words that scores cite,
ends with it. Scores, labels and verdicts stay, and so does the mark that there were words: no number changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.contracts import CONTRACTS
from ingest.sealing import fields, tokens
from ingest.sealing.keys import BlockingTextKeys, Placed
from ingest.sealing.rows import TextRow, changed_row, holding, months, rewrite_month, rewriting
from orchestration.gate.texts import keyed_hash
from orchestration.privacy.retention.outcome import Outcome
from orchestration.privacy.retention.periods import Cutoffs
from orchestration.privacy.retention.tables import CUTOFF_CLICKHOUSE, of_clickhouse

PERIOD = "texts"
EVENTS = "clickhouse:raw.events"
CLEARED = "clickhouse:nlp.cleared_texts"
CITED = "clickhouse:nlp.text_scores"

_OVER = f"loaded_at < {CUTOFF_CLICKHOUSE} and {holding(tokens.ENDED)}"
_TYPES = ", ".join(f"'{name}'" for name, contract in CONTRACTS.items() if contract.free_texts)
_PROOF_EVENTS = f"select count(*) from raw.events where event_type in ({_TYPES}) and {_OVER}"  # noqa: S608
_ENDED_EVENTS = (
    f"select event_id from raw.events where event_type in ({_TYPES})"  # noqa: S608
    f" and loaded_at < {CUTOFF_CLICKHOUSE}"
)
_OVER_CLEARED = f"content != '' and event_id in ({_ENDED_EVENTS})"
# A score cites words of the version it was made of, which is one of the text's events.
_OVER_CITED = (
    "arrayExists(cite -> cite.snippet != '', evidence) and text_id not in"
    " (select text_id from nlp.cleared_texts where content != '')"
    " and text_id in (select text_id from nlp.cleared_texts)"
)
_WITHOUT_SNIPPETS = (
    "arrayMap(cite -> tuple(cite.label, cite.start, cite.end, '', '')::Tuple("
    "label String, start UInt32, end UInt32, snippet String, reason String), evidence)"
)


def end_texts(
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    keys: BlockingTextKeys,
    cutoffs: Cutoffs,
    *,
    hash_key: bytes,
) -> list[Outcome]:
    """End every text that is over, wherever it is; what is done is not found again."""
    parameters = of_clickhouse(cutoffs)
    with rewriting(clickhouse, postgres):
        ended = sum(
            rewrite_month(
                clickhouse, month, lambda rows: _ended(rows, keys, hash_key), where=_OVER,
                parameters=parameters,
            )
            for month in months(clickhouse)
        )  # fmt: skip
    return [
        _outcome(clickhouse, EVENTS, cutoffs, ended, _PROOF_EVENTS),
        _emptied(clickhouse, CLEARED, cutoffs, _OVER_CLEARED, "content = ''"),
        _emptied(clickhouse, CITED, cutoffs, _OVER_CITED, f"evidence = {_WITHOUT_SNIPPETS}"),
    ]


def _ended(rows: Sequence[TextRow], keys: BlockingTextKeys, hash_key: bytes) -> list[str | None]:
    placed: list[Placed] = []

    def note(row: TextRow, field: str, value: object) -> object:
        placed.append((fields.stored_text(value), tokens.place_of(row.event_type, row.subject, field)))
        return value

    for row in rows:
        changed_row(row, partial(note, row))
    # What is damaged ends all the same, and of what was shredded before nothing is left to hash.
    texts = iter(keys.texts(placed, damaged_is_gone=True))

    def end(_: str, value: object) -> object:
        text = next(texts)
        if tokens.is_ended(fields.stored_text(value)):
            return value
        return fields.like(value, tokens.ENDED + (keyed_hash(hash_key, text) if text else ""))

    return [changed_row(row, end) for row in rows]


def _emptied(
    clickhouse: ClickHouseClient, relation: str, cutoffs: Cutoffs, over: str, change: str
) -> Outcome:
    table = relation.partition(":")[2]
    proof = f"select count(*) from {table} where {over}"  # noqa: S608 - of this module
    parameters = of_clickhouse(cutoffs)
    count = int(clickhouse.query(proof, parameters).result_rows[0][0])
    if count:
        clickhouse.command(
            f"alter table {table} update {change} where {over}", parameters, settings={"mutations_sync": 2}
        )
    return _outcome(clickhouse, relation, cutoffs, count, proof)


def _outcome(
    clickhouse: ClickHouseClient, relation: str, cutoffs: Cutoffs, count: int, proof: str
) -> Outcome:
    left = int(clickhouse.query(proof, of_clickhouse(cutoffs)).result_rows[0][0])
    return Outcome(relation, PERIOD, cutoffs.default, count, left, proof)
