"""Dead letters are found, redriven once whatever happens, discarded for good, and every act is on record."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta

import asyncpg
import psycopg
import pytest
from nats.aio.client import Client as NatsClient
from typer.testing import CliRunner

from ingest.dead_letters import DeadLetter, letters, settling
from ingest.dead_letters.letters import Letter, LetterFilter
from ingest.deliveries import story
from ingest.failures import ErrorClass
from ingest.jetstream import publish_all
from ingest.normalise import normaliser as normaliser_module
from ingest.normalise.delivery import AcceptedDelivery
from orchestration.cli import app
from orchestration.stack.layout import Layout
from tests.ingest.pipeline import Pipeline, delivery
from tests.ingest.processes import session_completed


@pytest.fixture
async def pipeline(pool: asyncpg.Pool, nats: NatsClient) -> Pipeline:
    pipeline = Pipeline(pool, nats)
    await pipeline.work()
    return pipeline


def letter(kind: str, **changes: object) -> DeadLetter:
    """A letter of a session that can be processed now."""
    one = delivery(session_completed(), delivery_id=f"d-{uuid.uuid4().hex}")
    message = one.message()
    return DeadLetter(
        **{
            "source": "kintell", "kind": kind, "key": one.origin, "delivery_id": one.delivery_id,
            "reason": "KeyError", "error_class": ErrorClass.UNKNOWN, "attempts": 4, "payload": one.body,
            "return_subject": message.subject, "original_headers": dict(message.headers), **changes,
        }
    )  # fmt: skip


async def keep(pipeline: Pipeline, *some: DeadLetter) -> list[Letter]:
    """Letters in the stream and in the index, oldest first."""
    await publish_all(pipeline.js, [one.message() for one in some])
    await pipeline.index_dead_letters()
    found = await letters.find(pipeline.pool, LetterFilter(), state="waiting", limit=10_000)
    by_key = {one.message_key: one for one in found}
    return [by_key[one.key] for one in some]


async def events_since(pipeline: Pipeline, sequence: int) -> list[str]:
    last = (await pipeline.js.stream_info("EVENTS")).state.last_seq
    found = [await pipeline.js.get_msg("EVENTS", seq=n) for n in range(sequence + 1, last + 1)]
    return [json.loads(one.data or b"")["origin"] for one in found]


async def last_event(pipeline: Pipeline) -> int:
    return (await pipeline.js.stream_info("EVENTS")).state.last_seq


async def test_a_delivery_redriven_after_its_fault_is_mended_becomes_its_event(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: AcceptedDelivery) -> None:
        raise KeyError("a fault in our code")

    one = delivery(session_completed(), delivery_id=f"d-{uuid.uuid4().hex}")
    with monkeypatch.context() as patch:
        patch.setattr(normaliser_module, "draft_of", broken)
        await pipeline.process([one])
        dead = (await story(pipeline.pool, "kintell", one.delivery_id)).dead_letters
        await replay(pipeline, dead[0].letter_id)
        await pipeline.work()  # not mended yet: it dies again, as a letter of its own
    both = (await story(pipeline.pool, "kintell", one.delivery_id)).dead_letters
    assert [(one.state, one.replay_of) for one in both] == [
        ("replayed", None),
        ("waiting", dead[0].letter_id),
    ]
    await replay(pipeline, both[1].letter_id)
    await pipeline.work()
    found = await story(pipeline.pool, "kintell", one.delivery_id)
    assert found.outcome == "published"
    assert [step.what.split(" (")[0].split(":")[0] for step in found.steps] == [
        "received and on disk",
        "given up after 4 attempts", f"dead letter {both[0].letter_id} replayed by test",
        "given up after 4 attempts", f"dead letter {both[1].letter_id} replayed by test",
        f"published as event {found.event_id}",
    ]  # fmt: skip


async def replay(pipeline: Pipeline, *ids: int, **options: object) -> settling.Settled:
    return await settling.settle(
        pipeline.pool, pipeline.js, "replay", LetterFilter(ids=ids or None), actor="test", **options
    )


async def test_redriving_twice_at_once_and_again_has_one_effect(pipeline: Pipeline) -> None:
    kind = f"k-{uuid.uuid4().hex}"
    some = [letter(kind) for _ in range(30)]
    before = await last_event(pipeline)
    await keep(pipeline, *some)
    wanted = LetterFilter(kind=kind)
    runs = [
        settling.settle(pipeline.pool, pipeline.js, "replay", wanted, actor=f"test-{n}", per_second=100)
        for n in range(2)
    ]
    done = await asyncio.gather(*runs)
    assert sum(one.settled_count for one in done) == 30
    again = await settling.settle(pipeline.pool, pipeline.js, "replay", wanted, actor="test")
    assert again.matched_count == 0
    await pipeline.work()
    assert sorted(await events_since(pipeline, before)) == sorted(one.key for one in some)


async def test_a_crash_between_sending_and_settling_sends_again_without_effect(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    [one] = await keep(pipeline, letter("session-completed"))
    before = await last_event(pipeline)
    publish = settling.publish_all

    async def publish_and_die(*arguments: object) -> None:
        await publish(*arguments)
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(settling, "publish_all", publish_and_die)
        with pytest.raises(ConnectionError):
            await replay(pipeline, one.letter_id)
    await pipeline.work()
    assert (await letters.get(pipeline.pool, one.letter_id)).state == "waiting"
    await replay(pipeline, one.letter_id)
    await pipeline.work()
    assert (await letters.get(pipeline.pool, one.letter_id)).state == "replayed"
    assert await events_since(pipeline, before) == [one.message_key]


async def test_a_discarded_letter_has_no_bytes_and_its_row_says_who(pipeline: Pipeline) -> None:
    kept = await keep(pipeline, letter("a"), letter("a"))
    ids = [one.letter_id for one in kept]
    await pipeline.js.delete_msg("DEAD_LETTERS", ids[1])  # what retention does
    done = await settling.settle(
        pipeline.pool, pipeline.js, "discard", LetterFilter(ids=ids), actor="cli:ingrid"
    )
    assert (done.settled_count, done.gone_count) == (1, 1)
    assert await letters.original(pipeline.js, ids[0]) is None
    first, second = [await letters.get(pipeline.pool, id_) for id_ in ids]
    assert (first.state, first.settled_by) == ("discarded", "cli:ingrid")
    assert second.state == "gone"
    assert (await replay(pipeline, *ids)).matched_count == 0


async def test_filters_narrow_and_a_dry_run_changes_nothing(pipeline: Pipeline) -> None:
    kind = f"k-{uuid.uuid4().hex}"
    old = datetime.now(UTC) - timedelta(days=2)
    await keep(
        pipeline, letter(kind), letter(kind, error_class=ErrorClass.PERMANENT), letter(kind, died_at=old)
    )
    day = datetime.now(UTC) - timedelta(days=1)
    for wanted, count in [
        (LetterFilter(kind=kind), 3),
        (LetterFilter(kind=kind, source="buddy"), 0),
        (LetterFilter(kind=kind, error_class=ErrorClass.PERMANENT), 1),
        (LetterFilter(kind=kind, since=day), 2),
        (LetterFilter(kind=kind, until=day), 1),
    ]:
        assert await letters.count_waiting(pipeline.pool, wanted) == count
        done = await settling.settle(pipeline.pool, pipeline.js, "replay", wanted, actor="test", dry_run=True)
        assert (done.matched_count, done.settled_count, done.action_id) == (count, 0, None)
    assert await letters.count_waiting(pipeline.pool, LetterFilter(kind=kind)) == 3


async def test_a_lost_index_is_filled_again_and_a_new_stream_replaces_old_rows(pipeline: Pipeline) -> None:
    [one] = await keep(pipeline, letter("session-completed"))
    await pipeline.pool.execute("delete from ingest.dead_letters where letter_id = $1", one.letter_id)
    await pipeline.js.delete_consumer("DEAD_LETTERS", "dead-letter-index")
    await pipeline.index_dead_letters()
    assert await letters.get(pipeline.pool, one.letter_id) == one
    await replay(pipeline, one.letter_id)
    await pipeline.work()
    # As if this sequence had been another stream's before.
    await pipeline.pool.execute(
        "update ingest.dead_letters set stored_at = stored_at - interval '1 day' where letter_id = $1",
        one.letter_id,
    )
    await pipeline.js.delete_consumer("DEAD_LETTERS", "dead-letter-index")
    await pipeline.index_dead_letters()
    assert (await letters.get(pipeline.pool, one.letter_id)).state == "waiting"
    await replay(pipeline, one.letter_id)


async def test_an_unreadable_event_goes_back_to_its_own_stream(pipeline: Pipeline) -> None:
    dead = letter(
        "unreadable", source="events", key=f"EVENTS:{uuid.uuid4()}", delivery_id=None, payload=b"{}",
        return_subject="events._.kintell.session.completed", original_headers={"A": "1"},
    )  # fmt: skip
    [one] = await keep(pipeline, dead)
    await replay(pipeline, one.letter_id)
    message = await pipeline.js.get_last_msg("EVENTS", dead.return_subject)
    assert (message.data, message.headers["A"], message.headers["Impact-Replay-Of"]) == (
        b"{}", "1", str(one.letter_id),
    )  # fmt: skip


class TestCommands:
    """The same from a shell."""

    @pytest.fixture
    def shell(self, embedded_stores: Layout, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
        monkeypatch.setenv("IMPACT_HOME", str(embedded_stores.home))
        return CliRunner()

    async def test_list_show_replay_discard(
        self, shell: CliRunner, pipeline: Pipeline, postgres: psycopg.Connection
    ) -> None:
        kind = f"k-{uuid.uuid4().hex}"
        kept = await keep(pipeline, *(letter(kind) for _ in range(3)))

        async def run(*arguments: str) -> str:
            result = await asyncio.to_thread(shell.invoke, app, ["dead-letters", *arguments])
            assert result.exit_code == 0, result.output
            return result.output

        listed = await run("list", "--kind", kind, "--since", "2h")
        assert [line.split()[0] for line in listed.splitlines()[1:]] == [
            str(one.letter_id) for one in reversed(kept)
        ]
        shown = await run("show", str(kept[0].letter_id))
        assert kept[0].delivery_id in shown
        assert "example.org" not in shown
        assert "example.org" in await run("show", str(kept[0].letter_id), "--payload")
        assert "3 dead letters would be sent back" in await run("replay", "--kind", kind, "--dry-run")
        assert "1 dead letters sent back" in await run("replay", str(kept[0].letter_id))
        assert "2 dead letters discarded" in await run("discard", "--kind", kind, "--yes")
        assert "No dead letter that waits" in await run("replay", "--kind", kind)
        acts = postgres.execute(
            "select action, letter_count, filters->>'kind', finished_at is not null"
            " from ingest.dead_letter_actions order by action_id desc limit 2"
        ).fetchall()
        assert acts == [("discard", 2, kind, True), ("replay", 1, None, True)]

    async def test_a_deliverys_story_is_told(self, shell: CliRunner, pipeline: Pipeline) -> None:
        one = delivery(session_completed())
        await pipeline.process([one])
        told = await asyncio.to_thread(shell.invoke, app, ["deliveries", "show", "kintell", one.delivery_id])
        assert told.output.splitlines()[0] == f"kintell {one.delivery_id}: published"
        unknown = await asyncio.to_thread(shell.invoke, app, ["deliveries", "show", "kintell", "nobody"])
        assert unknown.exit_code == 1
