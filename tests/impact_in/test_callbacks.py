"""What a partner calls back moves its delivery, once, in whatever order it comes, and no other's."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from ingest.callbacks import CallbackKeeper
from ingest.events import decode
from orchestration.impact_in import callbacks, orders
from orchestration.impact_in.callbacks import Said, standing
from orchestration.impact_in.delivering import Backoff
from orchestration.impact_in.planning import plan
from tests.impact_in.world import NOW, World
from tests.ingest.senders import AnySender
from tests.ingest.way import Way
from tests.partners.callbacks import callback
from tests.partners.server import Partners

THEN = datetime.now(UTC).replace(microsecond=0)


async def sent(world: World, partner: str, *, is_sent: bool = True) -> asyncpg.Record:
    """A report to one partner, delivered or about to be."""
    company = await world.company(partner)
    await world.publish(company, "2026-09")
    await world.due(company, "workday" if partner == "workday_soap" else partner)
    await plan(world.pool, world.rules, NOW)
    if is_sent:
        await world.deliverer().drain(linger_s=1)
    [delivery] = await world.deliveries(company)
    return delivery


async def now(world: World, delivery: asyncpg.Record) -> asyncpg.Record:
    row: asyncpg.Record = await world.pool.fetchrow(
        "select * from impact_in.scheduled_deliveries where delivery_id = $1", delivery["delivery_id"]
    )
    return row


async def state(world: World, event_id: UUID) -> tuple[str, str | None]:
    row = await world.pool.fetchrow(
        "select state, reason from impact_in.callbacks where event_id = $1", event_id
    )
    return row["state"], row["reason"]


async def told(world: World, delivery: asyncpg.Record) -> list[str]:
    """The events of a delivery's story, without its requests."""
    rows = await world.pool.fetch(
        "select event from ingest.event_outbox where subject like $1 order by outbox_id",
        f"events.{delivery['company_id']}.impact.delivery%",
    )
    kinds = [decode(row["event"]).type.removeprefix("impact.delivery.") for row in rows]
    return [kind for kind in kinds if kind != "attempted"]


class TestFromTheirRequestOn:
    """Signed request, receiver, relay, EVENTS, row, delivery."""

    @pytest.fixture
    async def keeper(self, world: World, way: Way) -> CallbackKeeper:
        return CallbackKeeper(world.pool, way.js)

    async def kept(self, keeper: CallbackKeeper, way: Way) -> None:
        await way.work()
        pull = await keeper.pull(idle_s=0.1)
        while messages := await pull.fetch():
            await keeper.keep(messages)
        await pull.aclose()

    @pytest.mark.parametrize("partner", ["benevity", "goodera", "workday", "workday_soap"])
    async def test_a_signed_callback_confirms_its_delivery_once(
        self, world: World, way: Way, keeper: CallbackKeeper, partner: str
    ) -> None:
        delivery = await sent(world, partner)
        body = callback(delivery["platform"], "processed", reference=delivery["provider_reference"])
        for _ in range(2):
            assert way.sender(delivery["platform"]).send(body).response.status_code == 202
            await self.kept(keeper, way)
            await callbacks.apply(world.pool, datetime.now(UTC))
        found = await now(world, delivery)
        assert (found["status"], found["partner_state"]) == ("delivered", "processed")
        assert await told(world, delivery) == ["succeeded", "confirmed"]

    async def test_a_rejection_fails_it_and_a_replay_is_a_new_matter(
        self, world: World, way: Way, keeper: CallbackKeeper, partners: Partners
    ) -> None:
        delivery = await sent(world, "goodera")
        sender = way.sender("goodera")
        id_ = str(delivery["delivery_id"])
        failed = callback("goodera", "failed", reference="b-1", delivery_id=id_, code="E-17")
        assert AnySender(sender.url, "goodera", "whsec_" + "A" * 44).send(failed).response.status_code == 401
        await self.kept(keeper, way)
        assert await callbacks.apply(world.pool, datetime.now(UTC)) == {}
        sender.send(failed)
        await self.kept(keeper, way)
        await callbacks.apply(world.pool, datetime.now(UTC))
        found = await now(world, delivery)
        assert (found["status"], found["partner_state"], found["error_class"]) == (
            "failed", "rejected", "rejected",
        )  # fmt: skip
        assert found["error"].endswith("could not use it: E-17")
        assert await told(world, delivery) == ["succeeded", "failed", "exhausted"]
        async with world.pool.acquire() as connection:
            assert await orders.replay(connection, delivery["delivery_id"], None, actor="test")
        await world.deliverer().drain(linger_s=1)
        await world.called_back(
            "goodera", "received", datetime.now(UTC), named_delivery_id=delivery["delivery_id"]
        )
        await callbacks.apply(world.pool, datetime.now(UTC))
        found = await now(world, delivery)
        assert (found["status"], found["partner_state"]) == ("delivered", "received")
        [accepted] = partners.processed()
        assert accepted.times == 1
        counted = await world.pool.fetch(
            "select outcome, sum(tries_count)::int from impact_in.totals where platform = 'goodera'"
            " group by outcome order by outcome"
        )
        assert dict(counted) == {"delivered": 2, "failed": 1}


@pytest.mark.parametrize("order", list(itertools.permutations(("received", "failed", "processed"))))
async def test_their_order_does_not_matter(world: World, order: tuple[str, ...]) -> None:
    delivery = await sent(world, "goodera")
    for outcome in order:  # each with its own time, one after the other, as they happened to come
        at = THEN + timedelta(seconds=("received", "failed", "processed").index(outcome))
        await world.called_back("goodera", outcome, at, named_delivery_id=delivery["delivery_id"])
        await callbacks.apply(world.pool, datetime.now(UTC))
    found = await now(world, delivery)
    assert (found["status"], found["partner_state"], found["error"]) == ("delivered", "processed", None)


def test_what_counts_is_the_newest_ending_of_what_was_sent_last() -> None:
    def said(outcome: str, second: int, received: int = 60) -> Said:
        return Said(
            uuid4(), outcome, None, THEN + timedelta(seconds=second), THEN + timedelta(seconds=received)
        )  # type: ignore[arg-type]

    heard = [said("received", 1), said("failed", 2), said("processed", 3), said("retrying", 4)]
    for _ in range(20):
        random.shuffle(heard)
        assert standing(heard, None).outcome == "processed"  # type: ignore[union-attr]
    assert standing([said("received", 1), said("retrying", 2)], None).outcome == "retrying"  # type: ignore[union-attr]
    replayed_at = THEN + timedelta(minutes=30)
    assert standing(heard, replayed_at) is None  # all of it was heard before
    late = said("failed", 10, received=3600)  # of the first sending, but it took an hour to come
    assert standing([late], replayed_at) is None
    behind = said("processed", 28 * 60, received=31 * 60)  # of the second, by a clock that is behind
    assert standing([*heard, late, behind], replayed_at) == behind


async def test_a_lost_answer_is_settled_by_a_callback_without_another_request(
    world: World, partners: Partners
) -> None:
    delivery = await sent(world, "benevity", is_sent=False)
    partners.misbehave("benevity", "accept_then_drop")
    await world.deliverer(backoff=Backoff((60.0,))).drain(linger_s=0)
    assert (await now(world, delivery))["is_unknown"] is True
    requests = len(partners.requests["benevity"])
    await world.called_back("benevity", "retrying", THEN, named_delivery_id=delivery["delivery_id"])
    await callbacks.apply(world.pool, datetime.now(UTC))
    found = await now(world, delivery)
    assert (found["status"], found["is_unknown"], found["partner_state"]) == ("delivered", False, "retrying")
    assert len(partners.requests["benevity"]) == requests


async def test_one_that_comes_before_its_reference_waits_for_it_and_not_for_ever(world: World) -> None:
    delivery = await sent(world, "goodera", is_sent=False)
    key = delivery["idempotency_key"]
    early = await world.called_back("goodera", "processed", THEN, provider_reference=f"goodera-{key[:12]}")
    never = await world.called_back("goodera", "processed", THEN, provider_reference="of-nobody")
    assert await callbacks.apply(world.pool, datetime.now(UTC)) == {"callbacks waiting": 2}
    await world.deliverer().drain(linger_s=1)
    assert await callbacks.apply(world.pool, datetime.now(UTC)) == {}  # not looked at in every pass
    assert (await callbacks.apply(world.pool, datetime.now(UTC) + timedelta(minutes=1)))[
        "callbacks applied"
    ] == 1
    assert (await now(world, delivery))["partner_state"] == "processed"
    assert await state(world, early) == ("applied", None)
    await callbacks.apply(world.pool, datetime.now(UTC) + timedelta(hours=25))
    assert (await state(world, never))[0] == "unmatched"


async def test_one_that_is_being_sent_is_left_to_its_sender(world: World) -> None:
    delivery = await sent(world, "goodera", is_sent=False)
    await world.pool.execute(
        "update impact_in.scheduled_deliveries set status = 'sending', lease_id = $2, leased_until = now(),"
        " attempt_count = 1 where delivery_id = $1",
        delivery["delivery_id"], uuid4(),
    )  # fmt: skip
    waiting = await world.called_back("goodera", "processed", THEN, named_delivery_id=delivery["delivery_id"])
    await callbacks.apply(world.pool, datetime.now(UTC))
    assert await state(world, waiting) == ("waiting", "its delivery is being sent")
    assert (await now(world, delivery))["status"] == "sending"


async def test_a_row_of_the_document_names_its_delivery_unless_periods_share_it(world: World) -> None:
    company = await world.company("workday")
    for month in ("2026-08", "2026-09"):
        await world.publish(company, month)
    await world.pool.execute(
        "update impact_in.schedules set missed = 'all' where schedule_id = $1",
        await world.due(company, "workday", "2026-08"),
    )
    await plan(world.pool, world.rules, NOW)
    await world.deliverer().drain(linger_s=1)
    of_month = await world.called_back(
        "workday",
        "processed",
        THEN,
        provider_reference="newcomer-programmes-2026-08",
        provider_tenant="org-1",
    )
    of_both = await world.called_back(
        "workday", "processed", THEN, provider_reference="newcomer-programmes", provider_tenant="org-1"
    )
    await callbacks.apply(world.pool, datetime.now(UTC))
    states = {row["period"]: row["partner_state"] for row in await world.deliveries(company)}
    assert states == {"2026-08": "processed", "2026-09": None}
    assert (await state(world, of_month))[0] == "applied"
    assert await state(world, of_both) == ("unmatched", "deliveries of several periods have a row of its id")


async def test_what_is_anothers_unsent_or_unknown_moves_nothing(world: World) -> None:
    delivery = await sent(world, "goodera")
    unsent = await sent(world, "goodera", is_sent=False)
    named = {"named_delivery_id": delivery["delivery_id"]}
    other = await world.called_back("goodera", "failed", THEN, **named, provider_tenant="org-2")
    elsewhere = await world.called_back("benevity", "failed", THEN, **named)
    early = await world.called_back("goodera", "processed", THEN, named_delivery_id=unsent["delivery_id"])
    await callbacks.apply(world.pool, datetime.now(UTC))
    assert [(await state(world, one))[0] for one in (other, elsewhere, early)] == [
        "refused", "unmatched", "refused",
    ]  # fmt: skip
    assert [(await now(world, one))["partner_state"] for one in (delivery, unsent)] == [None, None]
    assert (await now(world, delivery))["status"] == "delivered"
