"""Only cleared words can be read, whichever versions of a text come in which order, wherever a gate dies."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest import leases
from ingest.events import decode
from ingest.tombstones import Tombstones
from nlp.safety.verdicts import Verdict
from orchestration.gate import queue
from orchestration.gate.gate import Gate
from orchestration.gate.judging import Judge
from orchestration.gate.queue import item_id
from orchestration.gate.tables import Tables
from orchestration.gate.texts import place
from tests.gate.readers import COMPANY, CRY, FINE, OTHER_COMPANY, RUDE, WRITTEN, Readers, Text, version

Item = dict[str, Any]


def item_of(postgres: psycopg.Connection, event_id: UUID) -> Item | None:
    cursor = postgres.execute("select * from safety.review_items where event_id = %s", (event_id,))
    row = cursor.fetchone()
    return dict(zip([c.name for c in cursor.description or []], row, strict=True)) if row else None


def outbox(postgres: psycopg.Connection, flag_id: UUID) -> list[Any]:
    rows = postgres.execute("select event from ingest.event_outbox").fetchall()
    return [
        event for event in (decode(bytes(row[0])) for row in rows) if event.subject.endswith(str(flag_id))
    ]


async def test_a_harmless_text_is_read_without_what_names_a_person(gate: Gate, readers: Readers) -> None:
    text = Text()
    event = text.says("I learned new skills with Oksana Kovalenko, call her on +47 912 34 567")
    assert await gate.admit([version(event)], way="stream") == 1
    [row] = readers.read(text)
    assert "912" not in row["content"]
    assert "Kovalenko" not in row["content"]
    assert "I learned new skills with" in row["content"]
    assert (row["event_id"], row["company_id"], row["language"]) == (event.id, COMPANY, "en")
    assert row["character_count"] == len(row["content"])
    assert (row["written_at"].year, row["released"], len(row["text_sha256"])) == (2026, False, 64)
    assert readers.actions(text) == ["allow"]


async def test_a_text_of_somebody_erased_is_neither_cleared_nor_judged(
    gate: Gate, readers: Readers, postgres: psycopg.Connection
) -> None:
    text = Text()  # about the person of the rating's id
    with leases.alone(postgres), postgres.transaction():
        Tombstones().add(postgres, [("person", str(text.rating_id))], None)
    assert await gate.admit([version(text.says("I learned new skills"))], way="stream") == 0
    assert readers.read(text) == []
    assert readers.actions(text) == []


async def test_an_abusive_text_is_kept_back_and_waits_for_a_person(
    gate: Gate, readers: Readers, postgres: psycopg.Connection
) -> None:
    text = Text()
    event = text.says(RUDE)
    await gate.admit([version(event)], way="stream")
    assert readers.read(text) == []
    item = item_of(postgres, event.id)
    assert item is not None
    assert (item["state"], item["company_id"], item["is_crisis"]) == ("pending", COMPANY, False)
    assert "idiot" not in str(item)
    [flag] = outbox(postgres, item["item_id"])
    assert (flag.type, flag.data.flag_id, flag.data.content_id) == (
        "safety.flag.raised", item["item_id"], text.text_id,
    )  # fmt: skip
    assert "idiot" not in str(flag)
    assert flag.data.severity == item["severity"]
    verdicts = readers.clickhouse.query(
        "select * from nlp.verdicts where text_id = {id:UUID}", {"id": str(text.text_id)}
    )
    assert "idiot" not in str(verdicts.result_rows)


async def test_a_cry_for_help_is_escalated_at_once_and_never_blocked(
    gate: Gate, readers: Readers, postgres: psycopg.Connection
) -> None:
    text = Text()
    event = text.says(CRY)
    await gate.admit([version(event)], way="stream")
    assert readers.actions(text) == ["escalate"]
    assert readers.read(text) == []
    item = item_of(postgres, event.id)
    assert item is not None
    assert (item["state"], item["severity"], item["is_crisis"]) == ("escalated", "critical", True)
    assert item["due_at"] - item["raised_at"] == timedelta(hours=1)
    [flag] = outbox(postgres, item["item_id"])
    assert (flag.data.flag_reason, flag.data.severity) == ("self_harm", "critical")


async def test_a_correction_takes_the_place_of_what_it_corrects(
    gate: Gate, readers: Readers, postgres: psycopg.Connection
) -> None:
    text = Text()
    for words, expected in ((FINE, 1), (RUDE, 0), (FINE + " today", 1), (None, 0), (FINE, 1)):
        event = text.says(words)
        await gate.admit([version(event)], way="stream")
        assert len(readers.read(text)) == expected, words
    assert readers.read(text)[0]["event_id"] == event.id
    [rude] = postgres.execute(
        "select superseded_at is not null from safety.review_items where text_id = %s", (text.text_id,)
    ).fetchall()
    assert rude == (True,)


async def test_a_correction_does_not_close_a_cry_for_help(gate: Gate, postgres: psycopg.Connection) -> None:
    text = Text()
    cry = text.says(CRY)
    await gate.admit([version(cry)], way="stream")
    await gate.admit([version(text.says(FINE))], way="stream")
    item = item_of(postgres, cry.id)
    assert item is not None
    assert (item["state"], item["superseded_at"]) == ("escalated", None)


async def test_a_version_that_arrives_late_does_not_win(gate: Gate, readers: Readers) -> None:
    text = Text()
    old, new = text.says(FINE), text.says(RUDE)
    await gate.admit([version(new)], way="stream")
    await gate.admit([version(old)], way="stream")
    assert readers.read(text) == []
    assert readers.actions(text) == ["allow", "hold"]


async def test_words_that_are_said_again_count_again(gate: Gate, readers: Readers) -> None:
    text = Text()
    first = text.says(FINE, minute=1)
    await gate.admit([version(first)], way="stream")
    await gate.admit([version(text.says(RUDE, minute=2))], way="stream")
    again = text.says(FINE, minute=3)
    assert again.id == first.id
    await gate.admit([version(again)], way="stream")
    assert len(readers.read(text)) == 1
    await gate.admit([version(first)], way="stream")  # the first message, delivered once more
    assert len(readers.read(text)) == 1
    await gate.admit([version(text.says(RUDE, minute=4))], way="stream")
    assert readers.read(text) == []


async def test_a_text_that_moves_leaves_nothing_where_it_was(
    gate: Gate, readers: Readers, clickhouse: ClickHouseClient
) -> None:
    text = Text()
    await gate.admit([version(text.says("Old words of a good day with the group"))], way="stream")
    later = WRITTEN + timedelta(days=40)
    await gate.admit([version(text.says(FINE, written_at=later))], way="stream")
    moved = text.says(FINE + " and better", written_at=later, company_id=OTHER_COMPANY)
    await gate.admit([version(moved)], way="stream")
    [row] = readers.read(text)
    assert (row["company_id"], row["event_id"]) == (OTHER_COMPANY, moved.id)
    clickhouse.command("optimize table nlp.cleared_texts final")
    kept = clickhouse.query(
        "select content from nlp.cleared_texts where text_id = {id:UUID}", {"id": str(text.text_id)}
    )
    assert not any("Old words" in row[0] for row in kept.result_rows)


async def test_admitting_again_changes_nothing(
    gate: Gate, readers: Readers, postgres: psycopg.Connection
) -> None:
    texts = [Text() for _ in range(3)]
    versions = [version(text.says(words)) for text, words in zip(texts, (FINE, RUDE, CRY), strict=True)]
    assert await gate.admit([*versions, *versions], way="stream") == 3
    assert await gate.admit(versions, way="sweep") == 0
    assert [len(readers.read(text)) for text in texts] == [1, 0, 0]
    for one in versions[1:]:
        assert len(outbox(postgres, item_id(one.event_id))) == 1


async def test_a_text_without_words_leaves_no_trace(gate: Gate, readers: Readers) -> None:
    text = Text()
    assert await gate.admit([version(text.says(None)), version(text.says("  \n"))], way="stream") == 0
    assert readers.actions(text) == []


class Dies(Exception):
    """As if the process had ended."""


class Mortal(Tables):
    """Tables of a gate that dies at its nth write, before or after it."""

    left = 0
    is_after = False

    def _insert(self, table: str, rows: Any) -> None:
        self.left -= 1
        if self.left == 0 and not self.is_after:
            raise Dies
        super()._insert(table, rows)
        if self.left == 0:
            raise Dies


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("write", [1, 2])
async def test_wherever_a_gate_dies_the_next_one_ends_the_same(
    pool: asyncpg.Pool, tables: Tables, judge: Judge, readers: Readers, postgres: psycopg.Connection,
    write: int, is_after: bool,
) -> None:  # fmt: skip
    texts = [Text() for _ in range(4)]
    healthy = Gate(pool, tables, judge)
    await healthy.admit([version(text.says(FINE)) for text in texts], way="stream")
    later = [
        version(text.says(words, company_id=OTHER_COMPANY))
        for text, words in zip(texts, (FINE + "!", RUDE, CRY, None), strict=True)
    ]
    mortal = Mortal(tables._clickhouse)
    mortal.left, mortal.is_after = write, is_after
    with pytest.raises(Dies):
        await Gate(pool, mortal, judge).admit(later, way="stream")
    await healthy.admit(later, way="stream")
    assert [len(readers.read(text)) for text in texts] == [1, 0, 0, 0]
    assert readers.read(texts[0])[0]["company_id"] == OTHER_COMPANY
    assert [len(readers.actions(text)) for text in texts] == [2, 2, 2, 2]
    assert [len(outbox(postgres, item_id(one.event_id))) for one in later] == [0, 1, 1, 0]


async def test_a_version_whose_way_was_cut_short_is_withdrawn_by_the_one_after_it(
    pool: asyncpg.Pool, tables: Tables, judge: Judge, readers: Readers
) -> None:
    text = Text()
    mortal = Mortal(tables._clickhouse)
    mortal.left = 2  # its words are cleared, and it has no verdict
    cut_short, last = text.says(FINE), text.says(RUDE, company_id=OTHER_COMPANY)
    with pytest.raises(Dies):
        await Gate(pool, mortal, judge).admit([version(cut_short)], way="stream")
    assert len(readers.read(text)) == 1
    healthy = Gate(pool, tables, judge)
    await healthy.admit([version(last)], way="stream")
    await healthy.admit([version(cut_short)], way="stream")  # the broker brings it once more
    assert readers.read(text) == []


class Broken(Judge):
    """Rules that fail on one text, or redaction that does."""

    def __init__(self, judge: Judge, *, step: str, word: str) -> None:
        vars(self).update(vars(judge))
        whole = getattr(judge, step)

        def fails(texts: Any, *rest: Any) -> Any:
            if any(word in text for text in texts):
                raise ValueError("a message that quotes the text")
            return whole(texts, *rest)

        setattr(self, step, fails)


@pytest.mark.parametrize("step", ["_screen_many", "_redact_many"])
async def test_a_text_that_cannot_be_judged_is_held_and_its_neighbours_are_not(
    pool: asyncpg.Pool,
    tables: Tables,
    judge: Judge,
    readers: Readers,
    postgres: psycopg.Connection,
    step: str,
) -> None:
    texts = [Text(), Text()]
    broken, fine = texts[0].says(FINE + " xyzzy"), texts[1].says(FINE)
    gate = Gate(pool, tables, Broken(judge, step=step, word="xyzzy"))
    await gate.admit([version(broken), version(fine)], way="stream")
    assert [len(readers.read(text)) for text in texts] == [0, 1]
    assert readers.actions(texts[0]) == ["hold"]
    item = item_of(postgres, broken.id)
    assert item is not None
    assert item["rules"][0].startswith("gate.")
    # Once it can be judged, an open item still keeps it back until a person has decided.
    await Gate(pool, tables, judge).admit([version(broken)], way="rescreen", again=True)
    assert readers.read(texts[0]) == []


async def test_a_text_whose_language_is_unknown_passes_the_same_rules(
    pool: asyncpg.Pool, tables: Tables, judge: Judge, readers: Readers
) -> None:
    texts = [Text(), Text()]
    gate = Gate(pool, tables, Broken(judge, step="_detect_many", word="e"))
    await gate.admit([version(texts[0].says(FINE)), version(texts[1].says(RUDE))], way="stream")
    assert [row["language"] for row in readers.read(texts[0])] == ["unknown"]
    assert readers.read(texts[1]) == []


async def decide(postgres: psycopg.Connection, event_id: UUID, state: str) -> queue.Decided:
    postgres.execute(
        "update safety.review_items set state = %s, decided_at = now(), decided_by = 'test'"
        " where event_id = %s",
        (state, event_id),
    )
    return queue.Decided(item_id(event_id), event_id, WRITTEN, state)  # type: ignore[arg-type]


async def test_what_a_person_approves_is_read_and_stays_approved(
    gate: Gate, readers: Readers, postgres: psycopg.Connection
) -> None:
    text = Text()
    event = text.says(RUDE + ", said Oksana Kovalenko")
    await gate.admit([version(event)], way="stream")
    decided = await decide(postgres, event.id, "approved")
    await gate.carry_out(version(event), decided)
    [row] = readers.read(text)
    assert row["released"]
    assert "Kovalenko" not in row["content"]
    item = item_of(postgres, event.id)
    assert item is not None
    assert item["applied_at"] is not None
    await gate.admit([version(text.says(RUDE, minute=0))], way="stream")  # an older version, late
    assert len(readers.read(text)) == 1
    await gate.admit([version(text.says(RUDE + "!!"))], way="stream")  # a newer one nobody has approved
    assert readers.read(text) == []


async def test_an_approved_text_that_cannot_be_redacted_stays_a_decision_to_carry_out(
    pool: asyncpg.Pool, tables: Tables, judge: Judge, readers: Readers, postgres: psycopg.Connection
) -> None:
    text = Text()
    event = text.says(RUDE + " xyzzy")
    gate = Gate(pool, tables, Broken(judge, step="_redact_many", word="xyzzy"))
    await gate.admit([version(event)], way="stream")
    decided = await decide(postgres, event.id, "approved")
    assert await gate.carry_out(version(event), decided) is False
    assert readers.read(text) == []
    item = item_of(postgres, event.id)
    assert item is not None
    assert (item["applied_at"], item["apply_failures"]) == (None, 1)
    async with pool.acquire() as connection:
        assert decided.item_id not in {one.item_id for one in await queue.unapplied(connection, 1000)}
        assert (await queue.unapplied_counts(connection))[1] >= 1
    postgres.execute("update safety.review_items set apply_again_at = now() where event_id = %s", (event.id,))
    async with pool.acquire() as connection:
        assert decided.item_id in {one.item_id for one in await queue.unapplied(connection, 1000)}
    assert await Gate(pool, tables, judge).carry_out(version(event), decided)
    assert len(readers.read(text)) == 1
    item = item_of(postgres, event.id)
    assert item is not None
    assert item["applied_at"] is not None
    assert item["apply_failures"] == 0


async def test_what_a_person_rejects_is_withdrawn(
    gate: Gate, readers: Readers, postgres: psycopg.Connection
) -> None:
    text = Text()
    event = text.says(RUDE)
    await gate.admit([version(event)], way="stream")
    await gate.carry_out(version(event), await decide(postgres, event.id, "approved"))
    assert len(readers.read(text)) == 1
    await gate.carry_out(version(event), await decide(postgres, event.id, "rejected"))
    assert readers.read(text) == []


async def test_rules_that_have_changed_judge_history_again_when_asked_to(
    pool: asyncpg.Pool, tables: Tables, judge: Judge, readers: Readers
) -> None:
    class Stricter(Judge):
        def __init__(self) -> None:
            vars(self).update(vars(judge))

            def screen(texts: Any, languages: Any) -> list[Verdict]:
                found = judge._screen_many([RUDE] * len(texts), languages)
                return [Verdict(one.action, one.findings, one.confidence, "stricter-1") for one in found]

            self._screen_many = screen

    text = Text()
    event = version(text.says(FINE))
    await Gate(pool, tables, judge).admit([event], way="stream")
    gate = Gate(pool, tables, Stricter())
    assert await gate.admit([event], way="sweep") == 0
    assert await gate.admit([event], way="rescreen", again=True) == 1
    assert readers.read(text) == []
    assert await gate.admit([event], way="rescreen", again=True) == 0


def test_versions_are_ordered_as_the_warehouse_orders_them(clickhouse: ClickHouseClient) -> None:
    ids = [uuid.UUID(int=random.Random(number).getrandbits(128)) for number in range(200)]  # noqa: S311
    times: list[datetime] = [WRITTEN, WRITTEN]
    rows = clickhouse.query(
        "select arraySort({ids:Array(UUID)})", {"ids": [str(one) for one in ids]}
    ).result_rows
    assert list(rows[0][0]) == sorted(ids, key=lambda one: place(times[0], one))
