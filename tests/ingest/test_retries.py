"""A delivery that fails is tried four times, harms no neighbour, and is then kept with its whole story."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client as NatsClient
from nats.js.api import RawStreamMsg

from ingest import events, failures
from ingest.deliveries import story
from ingest.failures import ErrorClass
from ingest.jetstream import BrokerUnavailableError
from ingest.normalise import normaliser as normaliser_module
from ingest.normalise.delivery import AcceptedDelivery
from ingest.retries import RetryPolicy
from ingest.version import code_version
from tests.ingest.pipeline import Pipeline, delivery
from tests.ingest.processes import session_completed


@pytest.fixture
async def pipeline(pool: asyncpg.Pool, nats: NatsClient) -> Pipeline:
    pipeline = Pipeline(pool, nats)
    await pipeline.work()
    return pipeline


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make the normaliser fail on deliveries of these ids, `times` times each."""

    def fail(*ids: str, error: Exception, times: int = 99) -> None:
        left = dict.fromkeys(ids, times)
        read = normaliser_module.draft_of

        def draft_of(one: AcceptedDelivery) -> object:
            if left.get(one.delivery_id, 0):
                left[one.delivery_id] -= 1
                raise error
            return read(one)

        monkeypatch.setattr(normaliser_module, "draft_of", draft_of)

    return fail


async def letter_of(pipeline: Pipeline, one: AcceptedDelivery) -> RawStreamMsg | None:
    found = await story(pipeline.pool, one.source, one.delivery_id)
    assert found is not None
    if not found.dead_letters:
        return None
    return await pipeline.js.get_msg("DEAD_LETTERS", seq=found.dead_letters[-1].letter_id)


async def test_what_fails_twice_is_published_at_the_third_try(
    pipeline: Pipeline, failing: Callable[..., None]
) -> None:
    one = delivery(session_completed())
    failing(one.delivery_id, error=KeyError("oksana@example.org"), times=2)
    await pipeline.accept(one)
    await pipeline.normalise()
    waiting = await story(pipeline.pool, "kintell", one.delivery_id)
    assert (waiting.outcome, waiting.failure_count, waiting.retry_at is None) == ("retrying", 1, False)
    await pipeline.work()
    done = await story(pipeline.pool, "kintell", one.delivery_id)
    assert (done.outcome, done.failure_count, done.dead_letters) == ("published", 2, [])
    event = await pipeline.js.get_last_msg("EVENTS", "events._.kintell.session.completed")
    assert json.loads(event.data)["origin"] == one.origin


async def test_what_fails_four_times_becomes_a_dead_letter_that_tells_everything(
    pipeline: Pipeline, failing: Callable[..., None]
) -> None:
    one = delivery(session_completed())
    failing(one.delivery_id, error=KeyError("oksana@example.org"))
    await pipeline.process([one])
    letter = await letter_of(pipeline, one)
    headers = letter.headers
    assert letter.data == one.body
    assert headers["Impact-Attempts"] == "4"
    assert headers["Impact-Error-Class"] == "unknown"
    assert headers["Impact-Reason"].startswith("KeyError at ingest/normalise/normaliser.py:")
    assert headers["Impact-First-Error"].startswith("KeyError")
    assert headers["Impact-First-Failed-At"] < headers["Impact-Died-At"]
    assert headers["Impact-Code-Version"] == code_version()
    assert json.loads(headers["Impact-Original-Headers"])["Impact-Delivery-Id"] == one.delivery_id
    assert "oksana" not in str(headers)
    found = await story(pipeline.pool, "kintell", one.delivery_id)
    assert (found.outcome, found.failure_count) == ("dead", 4)
    assert [step.what.split(" (")[0] for step in found.steps] == [
        "received and on disk", "given up after 4 attempts",
    ]  # fmt: skip


async def test_bad_content_is_not_tried_again(pipeline: Pipeline) -> None:
    one = delivery(session_completed(duration_minutes="long"))
    await pipeline.process([one])
    letter = await letter_of(pipeline, one)
    assert (letter.headers["Impact-Attempts"], letter.headers["Impact-Error-Class"]) == ("1", "permanent")
    assert "duration_minutes" in letter.headers["Impact-Reason"]


async def test_neighbours_of_a_poison_go_through_at_once(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = [delivery(session_completed()) for _ in range(8)]
    poison = batch[5]
    store = normaliser_module.events_of

    async def events_of(
        pool: object, drafts: list[tuple[AcceptedDelivery, object]], tombstones: object
    ) -> object:
        if any(one is poison or one.delivery_id == poison.delivery_id for one, _ in drafts):
            raise asyncpg.DeadlockDetectedError("deadlock detected")
        return await store(pool, drafts, tombstones)

    monkeypatch.setattr(normaliser_module, "events_of", events_of)
    await pipeline.accept(*batch)
    await pipeline.normalise()
    outcomes = [(await story(pipeline.pool, "kintell", one.delivery_id)).outcome for one in batch]
    assert outcomes == ["published"] * 5 + ["retrying"] + ["published"] * 2
    await pipeline.work()
    assert (await letter_of(pipeline, poison)).headers["Impact-Error-Class"] == "transient"


@pytest.mark.parametrize(
    "error",
    [ConnectionRefusedError(), asyncpg.CannotConnectNowError("starting"), BrokerUnavailableError("away")],
    ids=lambda error: type(error).__name__,
)
async def test_a_store_that_is_away_burns_no_attempt(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def away(*_: object) -> None:
        raise error

    one = delivery(session_completed())
    monkeypatch.setattr(normaliser_module, "HAND_BACK_S", 0.05)
    await pipeline.accept(one)
    with monkeypatch.context() as patch:
        patch.setattr(normaliser_module, "events_of", away)
        for _ in range(5):
            with pytest.raises(type(error)):
                await pipeline.normalise()
    await pipeline.work()
    found = await story(pipeline.pool, "kintell", one.delivery_id)
    assert (found.outcome, found.failure_count) == ("published", 0)


async def test_a_statement_that_hangs_is_the_deliverys_own_failure_while_the_store_answers(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        raise TimeoutError

    one = delivery(session_completed())
    monkeypatch.setattr(normaliser_module, "events_of", hang)
    await pipeline.process([one])
    assert (await letter_of(pipeline, one)).headers["Impact-Error-Class"] == "transient"


async def test_retries_wait_in_the_broker_and_survive_the_worker(
    pipeline: Pipeline, pool: asyncpg.Pool, nats: NatsClient, failing: Callable[..., None]
) -> None:
    some = [delivery(session_completed()) for _ in range(20)]
    failing(*(one.delivery_id for one in some), error=RuntimeError(), times=1)
    await pipeline.accept(*some)
    await pipeline.normalise()
    assert (await pipeline.js.stream_info("RETRY")).state.messages == 20
    await Pipeline(pool, nats).work()  # another worker takes them when they are due
    outcomes = {(await story(pool, "kintell", one.delivery_id)).outcome for one in some}
    assert outcomes == {"published"}
    assert (await pipeline.js.stream_info("RETRY")).state.messages == 0


@given(attempt=st.integers(1, 10), base_s=st.floats(0.001, 60))
def test_pauses_grow_and_never_pass_the_longest(attempt: int, base_s: float) -> None:
    policy = RetryPolicy(base_s=base_s, longest_s=120)
    assert 0 <= policy.pause_s(attempt) <= min(120, base_s * 6 ** (attempt - 1))


def test_an_unexpected_error_is_told_by_its_place_and_not_by_its_text() -> None:
    with pytest.raises(ValueError, match="oksana") as caught:
        events.entity_id("kintell", "session", _Unspeakable())  # type: ignore[arg-type]
    assert failures.class_of(caught.value) is ErrorClass.UNKNOWN
    assert re.fullmatch(r"ValueError at ingest/events.py:\d+ in entity_id", failures.reason_of(caught.value))


class _Unspeakable:
    def __len__(self) -> int:
        raise ValueError("oksana@example.org")
