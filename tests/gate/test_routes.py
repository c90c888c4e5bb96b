"""No route leads a text around the gate: not a webhook, a file, a dead letter, nor anything read anew."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.client import Client as NatsClient
from typer.testing import CliRunner

from ingest.backfill import BatchResult
from ingest.dead_letters import DeadLetter, settling
from ingest.dead_letters.letters import LetterFilter
from ingest.jetstream import publish_all
from ingest.stores import StoreSettings
from nlp.safety import rules
from orchestration.cli import app
from orchestration.gate.gate import Gate
from orchestration.gate.judging import PASSING
from orchestration.gate.stream import TextStream
from orchestration.gate.sweep import Sweep
from orchestration.gate.texts import TEXT_TYPES, text_id
from orchestration.stack.layout import Layout
from tests.gate.readers import CRY, FINE, RUDE, Text, version
from tests.ingest.backfill_files import LanguageFile
from tests.ingest.pipeline import Pipeline, delivery
from tests.ingest.senders import AnySender
from tests.text_keys import as_written


@pytest.fixture
async def pipeline(pool: asyncpg.Pool, nats: NatsClient) -> Pipeline:
    pipeline = Pipeline(pool, nats)
    await pipeline.work()
    return pipeline


def rating(words: str, session: str | None = None) -> dict[str, Any]:
    return {
        "rating_id": f"R-{uuid.uuid4().hex[:12]}", "session_id": session or f"LS-{uuid.uuid4().hex[:12]}",
        "from_role": "participant", "participant_email": f"p{uuid.uuid4().hex[:8]}@example.org",
        "rating": 2, "feedback_text": words, "created_at": "2025-10-02T18:00:00Z",
    }  # fmt: skip


def checkin(words: str) -> dict[str, Any]:
    return {
        "feedback_id": f"D-{uuid.uuid4().hex[:12]}", "discord_user_id": uuid.uuid4().hex,
        "sentiment": "negative", "message": words, "created_at": "2025-10-02T18:00:00Z",
    }  # fmt: skip


async def pass_gate(nats: NatsClient, gate: Gate) -> None:
    """Everything in the stream, as a gate that has just started."""
    stream = TextStream(nats.jetstream(), gate, ack_wait_s=2)
    pull = await stream.pull(idle_s=0.2)
    async with aclosing(pull):
        while not await pull.has_settled(1 << 62):
            if messages := await pull.fetch():
                await stream.take(messages)


def texts_of(clickhouse: ClickHouseClient) -> tuple[set[str], dict[str, str]]:
    """Subjects of every text that can be read, and the verdict on the newest version of each.

    Other tests' texts are among them, and a sweep over everything judges those that nobody has judged yet.
    """
    readable = clickhouse.query("select subject from nlp.cleared_texts final").result_rows
    verdicts = clickhouse.query(
        "select subject, argMax(action, tuple(source_time, event_id)) from nlp.verdicts final"
        " group by subject"
    ).result_rows
    return {row[0] for row in readable}, dict(verdicts)  # type: ignore[arg-type]


async def test_whichever_way_a_text_comes_it_is_read_only_if_it_was_cleared(
    pipeline: Pipeline,
    nats: NatsClient,
    gate: Gate,
    senders: Callable[[str], AnySender],
    way: Any,
    language: LanguageFile,
    run: Callable[..., BatchResult],
    store_settings: StoreSettings,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
) -> None:
    words = (FINE, RUDE, CRY)
    # Signed webhooks of two sources.
    webhooks = [senders("kintell").send(rating(one), "/v1/webhooks/kintell/rating-created") for one in words]
    webhooks += [senders("discord").send(checkin(one)) for one in words]
    events = await way.events(*webhooks)
    # A delivery that died and was replayed.
    lost = delivery(rating(RUDE), "rating-created", delivery_id=f"d-{uuid.uuid4().hex}")
    message = lost.message()
    letter = DeadLetter(
        source="kintell", kind=f"k-{uuid.uuid4().hex}", key=lost.origin, delivery_id=lost.delivery_id,
        reason="KeyError", attempts=4, payload=lost.body, return_subject=message.subject,
        original_headers=dict(message.headers),
    )  # fmt: skip
    await publish_all(pipeline.js, [letter.message()])
    await pipeline.index_dead_letters()
    settled = await settling.settle(
        pipeline.pool, pipeline.js, "replay", LetterFilter(kind=letter.kind), actor="test"
    )
    assert settled.settled_count == 1
    await pipeline.work()
    # A file of history, which no stream carries.
    for number, one in enumerate(words):
        language.row(number, feedback_text=f'"{one}"')
    assert (await asyncio.to_thread(run, language.write())).success_rows == 3
    await pipeline.load(clickhouse)

    def rows() -> list[Any]:
        found = clickhouse.query(
            "select event_id, event_type, subject, company_id, person_id, data from raw.events final"
            " where event_type in {types:Array(String)}"
            " and (origin in {origins:Array(String)} or position(subject, {tag:String}) > 0)",
            {
                "types": list(TEXT_TYPES), "tag": language.tag,
                "origins": [*(event.origin for event in events), lost.origin],
            },
        )  # fmt: skip
        written = as_written([dict(row) for row in found.named_results()])
        return [(row["subject"], row["event_id"], row["data"]) for row in written]

    stored = rows()
    assert len(stored) == 10
    readable, _ = texts_of(clickhouse)
    assert not readable & {row[0] for row in stored}  # nothing before the gate has spoken
    await pass_gate(nats, gate)
    await Sweep(store_settings, gate).lately(clickhouse)
    readable, verdicts = texts_of(clickhouse)
    ours = {row[0] for row in stored}
    for subject, event_id, data in stored:
        said = json.loads(data).get("feedbackText") or json.loads(data).get("notes")
        assert (subject in readable) == (said == FINE), said
        assert (verdicts[subject] in PASSING) == (said == FINE)
        [waits] = postgres.execute(
            "select count(*) from safety.review_items where event_id = %s and text_id = %s",
            (event_id, text_id(subject)),
        ).fetchone() or (-1,)
        assert waits == (said != FINE)
    # Once more from the beginning: a stream read anew, and a sweep over everything, open no way round.
    await nats.jetstream().delete_consumer("EVENTS", "safety-gate")
    await pass_gate(nats, gate)
    await Sweep(store_settings, gate).whole(clickhouse)
    readable_again, verdicts_again = texts_of(clickhouse)
    assert readable_again & ours == readable & ours
    assert {subject: verdicts_again[subject] for subject in ours} == {
        subject: verdicts[subject] for subject in ours
    }


async def test_every_readable_text_of_this_test_run_has_a_verdict_or_a_persons_word(
    gate: Gate, clickhouse: ClickHouseClient, postgres: psycopg.Connection
) -> None:
    await gate.admit([version(Text().says(FINE))], way="stream")
    rows = clickhouse.query(
        "select event_id, released, verdict_id in (select verdict_id from nlp.verdicts where action in"
        " ('allow', 'warn')), verdict_id in (select verdict_id from nlp.verdicts)"
        " from nlp.cleared_texts final"
    ).result_rows
    assert rows
    for event_id, is_released, passes, has_verdict in rows:
        assert has_verdict
        if is_released:
            states = postgres.execute(
                "select state from safety.review_items where event_id = %s", (event_id,)
            ).fetchall()
            assert states == [("approved",)]
        else:
            assert passes


def test_no_store_of_the_gates_own_holds_a_flagged_text(
    clickhouse: ClickHouseClient, postgres: psycopg.Connection
) -> None:
    for table in ("nlp.verdicts", "nlp.cleared_texts"):
        found = clickhouse.query(f"select * from {table}").result_rows
        assert "end my life" not in str(found), table
    for table in ("safety.review_items", "safety.review_decisions", "serving.announcements"):
        assert "end my life" not in str(postgres.execute(f"select * from {table}").fetchall()), table
    for (event,) in postgres.execute("select event from ingest.event_outbox").fetchall():
        assert b"end my life" not in bytes(event)


def test_changed_rules_are_tried_on_history_without_writing(
    embedded_stores: Layout, clickhouse: ClickHouseClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = texts_of(clickhouse)
    copy = tmp_path / "policy.yaml"
    policy = (rules.DATA / "policy.yaml").read_text("utf-8")
    copy.write_text(policy, "utf-8")
    for name, value in embedded_stores.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("orchestration.cli._command_environment", dict)
    same = CliRunner().invoke(app, ["safety", "try", str(copy)])
    assert same.exit_code == 0, same.output
    assert ", 0 would move" in same.output
    milder = policy.replace("harassment: {low: warn, medium: hold", "harassment: {low: warn, medium: warn")
    copy.write_text(milder, "utf-8")
    other = CliRunner().invoke(app, ["safety", "try", str(copy)])
    assert other.exit_code == 0, other.output
    assert "idiot" not in other.output
    assert any(line.split()[1:7:2] == ["en", "hold", "warn"] for line in other.output.splitlines()), (
        other.output
    )
    wrong = CliRunner().invoke(app, ["safety", "try", str(copy), __file__])
    assert wrong.exit_code == 2
    assert texts_of(clickhouse) == before
