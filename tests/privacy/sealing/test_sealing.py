"""What people write leaves no door in the clear, reads as it was written, and is gone with its key."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.client import Client as NatsClient

from ingest.backfill import BatchResult
from ingest.contracts import CONTRACTS
from ingest.contracts.buddy import BuddyCheckinCompleted, BuddySkillShareCompleted, SkillShareFeedback
from ingest.contracts.safety import SafetyReviewCompleted
from ingest.events import Event, UnreadableEvent, decode, encode, event_id, new_event
from ingest.outbox import emit
from ingest.raw_events import event_row, insert_events
from ingest.sealing import fields, shred, tokens
from ingest.sealing.keys import BlockingTextKeys
from ingest.sealing.rows import TextRow, opened, seal_rows
from orchestration.gate.gate import Gate
from orchestration.gate.judging import Judge
from orchestration.gate.stored import stored_text
from orchestration.gate.tables import Tables
from orchestration.gate.texts import unsealed, version_of
from tests.gate.readers import FINE, WRITTEN, Readers, Text, version
from tests.ingest.backfill_files import LanguageFile
from tests.ingest.way import Way
from tests.text_keys import text_keys

COLUMNS = "event_id, event_type, subject, company_id, person_id, data"
WORDS = "Kjære Oksana hjalp meg med søknaden"


def rows_of(clickhouse: ClickHouseClient, where: str, **parameters: Any) -> list[TextRow]:
    query = f"select {COLUMNS} from raw.events final where {where} order by subject"
    return [TextRow(*row) for row in clickhouse.query(query, parameters).result_rows]


def checkin(**said: Any) -> Event:
    person = said.pop("person", uuid.uuid4())
    return new_event(
        BuddyCheckinCompleted(
            checkin_id=uuid.uuid4(), match_id=uuid.uuid4(), participant_id=person, checkin_date=WRITTEN,
            **said,
        ),
        subject=f"checkin/{uuid.uuid4()}", company_id=said.get("company"), source="/webhooks/buddy",
        source_time=WRITTEN, origin="test:1",
    )  # fmt: skip


def test_the_contracts_mark_what_people_write() -> None:
    marked = {name: [field.name for field in one.free_texts] for name, one in CONTRACTS.items()}
    assert {name: fields for name, fields in marked.items() if fields} == {
        "kintell.rating.created": ["feedback_text"],
        "buddy.match.ended": ["reason_details"],
        "buddy.event.logged": ["description"],
        "buddy.checkin.completed": ["notes", "question_responses"],
        "buddy.feedback.submitted": ["feedback_text"],
        "buddy.skill_share.completed": ["feedback.comments"],
        "safety.review.completed": ["notes"],
        "nlq.query.started": ["normalized_question"],
        "nlq.query.completed": ["normalized_question"],
        "nlq.query.failed": ["normalized_question"],
    }


async def test_a_webhooks_text_is_sealed_before_the_stream_and_its_id_is_that_of_the_words(
    way: Way, pool: asyncpg.Pool, nats: NatsClient
) -> None:
    payload = {
        "rating_id": str(uuid.uuid4()), "session_id": str(uuid.uuid4()), "from_role": "participant",
        "participant_email": f"{uuid.uuid4().hex}@example.org", "rating": 4, "feedback_text": WORDS,
        "created_at": "2026-03-01T10:00:00Z",
    }  # fmt: skip
    event = await way.event("kintell", payload, "/v1/webhooks/kintell/rating-created")
    assert b"Oksana" not in encode(event)
    sealed = version_of(event, event.data)
    assert tokens.is_sealed(sealed.content)
    [plain] = await unsealed([sealed], text_keys(pool))
    assert plain.content == WORDS
    said = fields.changed(CONTRACTS[event.type], event.data, lambda field, value: WORDS)
    again = new_event(
        said, subject=event.subject, company_id=event.companyid, source=event.source,
        source_time=event.sourcetime, origin=event.origin,
    )  # fmt: skip
    assert event.id == again.id


async def test_every_kind_of_text_comes_back_as_it_was_written(
    pool: asyncpg.Pool, keys: BlockingTextKeys
) -> None:
    longest = checkin(notes="ї" * 5000, question_responses={"q1": "Дуже добре", "q2": [1, None]})
    nested = new_event(
        BuddySkillShareCompleted(
            session_id=uuid.uuid4(), skill_id=1, skill_name="Strikking", teacher_id=uuid.uuid4(),
            learner_id=uuid.uuid4(), completed_at=WRITTEN,
            feedback=SkillShareFeedback(comments=tokens.PREFIX + "not one"),
        ),
        subject="skill-session/1", company_id=None, source="/webhooks/buddy", source_time=WRITTEN,
        origin="test:1",
    )  # fmt: skip
    silent = checkin(notes="")
    for before, after in zip(
        (longest, nested, silent), await text_keys(pool).sealed([longest, nested, silent]), strict=True
    ):
        read = decode(encode(after))  # as every consumer does
        assert (read.data == before.data) == (before is silent)
        row = event_row(read)
        [said] = opened(
            [TextRow(before.id, before.type, before.subject, UUID(int=0), UUID(int=0), row.data)], keys
        )
        assert said == event_row(before).data
        assert event_id(before.type, before.subject, said.encode()) == before.id


def test_a_files_texts_are_sealed_and_every_id_is_that_of_the_words(
    run: Callable[..., BatchResult], language: LanguageFile, clickhouse: ClickHouseClient,
    keys: BlockingTextKeys, tmp_path: Path,
) -> None:  # fmt: skip
    for number in range(1, 30):
        language.row(number, feedback_text=f'"{WORDS} {number}"' if number % 3 else "")
    language.row(30, feedback_text='"linje\nto ""sitat"" \\ \t"')
    assert run(language.write()).success_rows == 30
    rows = rows_of(
        clickhouse,
        "event_type = 'kintell.rating.created' and position(subject, {tag:String}) > 0",
        tag=language.tag,
    )
    texts = [fields.texts_of(CONTRACTS[row.event_type], _data(row)) for row in rows]
    assert sum(tokens.is_sealed(text.get("feedback_text")) for text in texts) == 21
    assert not [row for row in rows if "Oksana" in row.data]
    for row, said in zip(rows, opened(rows, keys), strict=True):
        assert event_id(row.event_type, row.subject, said.encode()) == row.event_id
    assert sum("Oksana" in said for said in opened(rows, keys)) == 20
    # Nothing of the words stays where files land.
    left = clickhouse.query("select count() from raw.landed_events where position(data, 'Oksana') > 0")
    assert left.result_rows[0][0] == 0


async def test_a_shredded_text_reads_as_gone_and_the_gate_goes_on(
    pool: asyncpg.Pool, postgres: psycopg.Connection, clickhouse: ClickHouseClient, readers: Readers,
    tables: Tables, judge: Judge, keys: BlockingTextKeys,
) -> None:  # fmt: skip
    text, other = Text(), Text()
    mine, theirs = await text_keys(pool).sealed([text.says(FINE), other.says(FINE)])
    readers.store(mine, theirs)
    gate = Gate(pool, tables, judge, text_keys(pool))
    assert mine.personid
    assert shred(postgres, [mine.personid, uuid.uuid4()]) == 1
    await gate.admit([version(mine), version(theirs)], way="stream", every=True)
    assert (readers.actions(text), readers.actions(other)) == (["none"], ["allow"])
    assert (readers.words(text), readers.words(other)) == ([], [FINE])
    stored = stored_text(clickhouse, mine.id, mine.time)
    assert stored
    assert [one.content for one in await unsealed([stored], text_keys(pool))] == [None]
    [row] = rows_of(clickhouse, "event_id = {id:UUID}", id=str(mine.id))
    assert "feedbackText" not in json.loads(opened([row], keys)[0])


async def test_words_moved_to_another_fact_or_changed_do_not_open(pool: asyncpg.Pool) -> None:
    person = uuid.uuid4()
    one, two = await text_keys(pool).sealed(
        [checkin(person=person, notes="one"), checkin(person=person, notes="two")]
    )
    moved = version_of(one, two.data)
    with pytest.raises(tokens.UnsealError, match="does not belong"):
        await unsealed([moved], text_keys(pool))
    token = version_of(one, one.data).content or ""
    with pytest.raises(tokens.UnsealError):
        tokens.owner_of(token[:40] + "!" + token[41:])


async def test_a_text_about_nobody_known_is_sealed_with_its_companys_key(
    pool: asyncpg.Pool, postgres: psycopg.Connection
) -> None:
    company = uuid.uuid4()
    event = new_event(
        BuddyCheckinCompleted(
            checkin_id=uuid.uuid4(), match_id=uuid.uuid4(), checkin_date=WRITTEN, notes=WORDS
        ),
        subject=f"checkin/{uuid.uuid4()}", company_id=company, source="/webhooks/buddy", source_time=WRITTEN,
        origin="test:1",
    )  # fmt: skip
    [sealed] = await text_keys(pool).sealed([event])
    assert tokens.owner_of(version_of(sealed, sealed.data).content or "") == company


def test_rows_in_the_clear_are_sealed_later_once_and_keep_all_else(
    clickhouse: ClickHouseClient, postgres: psycopg.Connection, keys: BlockingTextKeys
) -> None:
    said = [checkin(notes=WORDS, question_responses={"q": number}) for number in range(3)]
    insert_events(clickhouse, [event_row(one) for one in said], token=uuid.uuid4().hex)
    ids = [str(one.id) for one in said]
    before = clickhouse.query("select * except data from raw.events where event_id in {ids:Array(UUID)}"
                              " order by event_id", {"ids": ids}).result_rows  # fmt: skip
    assert seal_rows(clickhouse, postgres, keys) >= 3
    rows = rows_of(clickhouse, "event_id in {ids:Array(UUID)}", ids=ids)
    assert not [row for row in rows if "Oksana" in row.data or '"q":' in row.data]
    assert sorted(opened(rows, keys)) == sorted(event_row(one).data for one in said)
    after = clickhouse.query("select * except data from raw.events where event_id in {ids:Array(UUID)}"
                             " order by event_id", {"ids": ids}).result_rows  # fmt: skip
    assert after == before
    assert seal_rows(clickhouse, postgres, keys) == 0


def test_events_of_our_own_carry_no_words(postgres: psycopg.Connection) -> None:
    review = SafetyReviewCompleted(
        review_id=uuid.uuid4(), flag_id=uuid.uuid4(), reviewer_id=uuid.uuid4(), decision="approved",
        notes=WORDS, completed_at=WRITTEN,
    )  # fmt: skip
    event = new_event(
        review, subject="safety-review/1", company_id=None, source="/safety/review", source_time=WRITTEN,
        origin="test:1",
    )  # fmt: skip
    with pytest.raises(ValueError, match="holds free text: notes"):
        emit(postgres, event)


def _data(row: TextRow) -> Any:
    from ingest.events import decode_data

    try:
        return decode_data(CONTRACTS[row.event_type], row.data.encode())
    except UnreadableEvent as error:
        raise AssertionError(row.event_id) from error
