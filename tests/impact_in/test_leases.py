"""Who may send a delivery: one sender at a time, whichever of them dies, is late or has lost its lease."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from orchestration.impact_in.claims import Claims
from orchestration.impact_in.ledger import Closing, Ledger, Opening, Settled
from orchestration.impact_in.planning import plan
from orchestration.impact_in.sending import Answer
from tests.impact_in.world import NOW, World, due
from tests.partners.server import Partners


async def test_who_has_lost_its_delivery_neither_sends_it_nor_ends_it(world: World) -> None:
    await due(world, "benevity")
    [delivery] = await world.deliveries(world.companies[0])
    delivery_id = delivery["delivery_id"]
    ledger, now = Ledger(world.pool, timedelta(minutes=3)), datetime.now(UTC)
    mine, others = uuid4(), uuid4()

    async def take(lease_id: UUID) -> None:
        await world.pool.execute(
            "update impact_in.scheduled_deliveries set status = 'sending', lease_id = $2,"
            " leased_until = clock_timestamp() - interval '1 second' where delivery_id = $1",
            delivery_id, lease_id,
        )  # fmt: skip

    await take(mine)
    attempt = Opening(uuid4(), delivery_id, mine, "send", now)
    assert await ledger.open(attempt) == 1
    await take(others)
    assert await ledger.open(Opening(uuid4(), delivery_id, mine, "send", now)) is None
    settled = Settled(mine, "delivered", now, 0, is_unknown=False)
    closing = Closing(attempt.attempt_id, delivery_id, now, Answer("accepted", 200), settled, [])
    assert await ledger.close(closing) is False
    [delivery] = await world.deliveries(world.companies[0])
    assert (delivery["status"], delivery["lease_id"]) == ("sending", others)
    [kept] = await world.attempts(delivery_id)
    assert (kept["decision"], kept["http_status"]) == ("accepted", 200)  # what the partner said is not lost


async def test_two_senders_at_once_send_once(world: World, partners: Partners) -> None:
    companies = [await world.company("webhook") for _ in range(20)]
    for company in companies:
        await world.publish(company, "2026-09")
        await world.due(company, "webhook")
    await asyncio.gather(*(plan(world.pool, world.rules, NOW) for _ in range(3)))
    await asyncio.gather(*(world.deliverer().drain(linger_s=1) for _ in range(3)))
    assert (len(partners.processed()), partners.outcomes["known"], partners.outcomes["accepted"]) == (
        20,
        0,
        20,
    )
    assert len(partners.requests["webhook"]) == 20


async def test_a_sender_that_died_leaves_an_unknown_that_is_resolved(
    world: World, partners: Partners
) -> None:
    await due(world, "benevity")

    class Died(BaseException):
        pass

    def die(step: str) -> None:
        if step == "after the answer to a send":
            raise Died

    lease = timedelta(seconds=0.5)
    with pytest.raises(BaseException):  # noqa: B017, PT011 a process that dies tells nothing
        await world.deliverer(on_step=die, lease=lease).drain(linger_s=1)
    [delivery] = await world.deliveries(world.companies[0])
    [attempt] = await world.attempts(delivery["delivery_id"])
    assert (delivery["status"], attempt["finished_at"]) == ("sending", None)
    await world.deliverer(lease=lease).drain(linger_s=1)
    [delivery] = await world.deliveries(world.companies[0])
    attempts = await world.attempts(delivery["delivery_id"])
    assert [(one["kind"], one["decision"]) for one in attempts] == [
        ("send", "unknown"),
        ("read_back", "accepted"),
    ]
    assert (delivery["status"], partners.outcomes["accepted"]) == ("delivered", 1)


async def test_of_two_leases_of_one_delivery_in_a_group_the_newer_counts(world: World) -> None:
    await due(world, "webhook")
    [delivery] = await world.deliveries(world.companies[0])
    lease, delivery_id = timedelta(seconds=30), delivery["delivery_id"]
    claims = Claims(world.pool, world.vault, "webhook", ["webhook"], lease)
    [old] = await claims.take(1)
    await world.pool.execute("update impact_in.scheduled_deliveries set leased_until = now()")
    [new] = await claims.take(1)
    ledger, now = Ledger(world.pool, lease), datetime.now(UTC)
    opened = [Opening(uuid4(), delivery_id, one.lease_id, "send", now) for one in (old, new)]
    assert await asyncio.gather(*(ledger.open(one) for one in opened)) == [None, 1]
    accepted = Answer("accepted", 202)
    closed = [
        Closing(
            one.attempt_id, delivery_id, now, accepted, Settled(one.lease_id, "delivered", now, 0, False), []
        )
        for one in opened
    ]
    assert await asyncio.gather(*(ledger.close(one) for one in closed)) == [False, True]


async def opened(world: World) -> tuple[Ledger, Opening]:
    """A delivery that is being sent, by somebody whose lease is over."""
    await due(world, "benevity")
    [delivery] = await world.deliveries(world.companies[0])
    claims = Claims(world.pool, world.vault, "benevity", ["benevity"], timedelta(0))
    [claimed] = await claims.take(1)
    ledger = Ledger(world.pool, timedelta(0))
    attempt = Opening(uuid4(), delivery["delivery_id"], claimed.lease_id, "send", datetime.now(UTC))
    assert await ledger.open(attempt) == 1
    return ledger, attempt


async def test_who_closes_and_who_claims_do_not_wait_for_each_other(world: World) -> None:
    ledger, attempt = await opened(world)
    now, accepted = datetime.now(UTC), Answer("accepted", 202)
    settled = Settled(attempt.lease_id, "delivered", now, 0, is_unknown=False)
    async with world.pool.acquire() as claimer, claimer.transaction():
        await claimer.execute(
            "select from impact_in.scheduled_deliveries where delivery_id = $1 for update",
            attempt.delivery_id,
        )  # fmt: skip
        closing = asyncio.create_task(
            ledger.close(Closing(attempt.attempt_id, attempt.delivery_id, now, accepted, settled, []))
        )
        await world.somebody_waits()
        await claimer.execute(
            "update impact_in.attempts set error = 'as a claimer does' where attempt_id = $1",
            attempt.attempt_id,
        )  # fmt: skip
    assert await closing is True


async def test_an_answer_that_is_being_written_late_is_not_waited_for(world: World) -> None:
    _, attempt = await opened(world)
    claims = Claims(world.pool, world.vault, "benevity", ["benevity"], timedelta(seconds=30))
    async with world.pool.acquire() as closer, closer.transaction():
        await closer.execute(
            "update impact_in.attempts set decision = 'accepted', finished_at = now() where attempt_id = $1",
            attempt.attempt_id,
        )  # fmt: skip
        async with asyncio.timeout(20):
            [again] = await claims.take(1)
    assert again.is_unknown
    [kept] = await world.attempts(attempt.delivery_id)
    assert kept["decision"] == "accepted"
