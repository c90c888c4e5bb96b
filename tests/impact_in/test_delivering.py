"""Every report arrives exactly once or ends visibly failed, whatever the partner does and whoever dies."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from ingest.events import decode
from orchestration.impact_in import connectors
from orchestration.impact_in.claims import Claims
from orchestration.impact_in.delivering import Backoff, Deliverer
from orchestration.impact_in.ledger import Closing, Ledger, Opening, Settled
from orchestration.impact_in.planning import Rules, plan
from orchestration.impact_in.sending import Answer
from tests.impact_in.world import NOW, World
from tests.partners.server import PATHS, Partners


async def due(world: World, partner: str) -> str:
    """One report due to one partner."""
    company = await world.company(partner)
    await world.publish(company, "2026-09")
    [row] = await world.pool.fetch(
        "select platform from impact_in.connections where company_id = $1", company
    )
    await world.due(company, row["platform"])
    await plan(world.pool, world.rules, NOW)
    return str(company)


@pytest.mark.parametrize("partner", PATHS)
async def test_a_report_arrives_as_it_was_built_and_is_on_record(
    world: World, partners: Partners, partner: str
) -> None:
    await due(world, partner)
    [company] = world.companies
    assert await world.deliverer().drain(linger_s=1) == {"delivered": 1}
    [accepted] = partners.processed(partner)
    [delivery] = await world.deliveries(company)
    if partner == "workday_soap":
        assert accepted.document["VolunteeringData"]["TotalHours"] == 24.25
        assert accepted.document["ImpactMeasurement"]["DonationsUSD"] == 1234.56
    else:
        assert accepted.body == bytes(delivery["body"])
    assert hashlib.sha256(delivery["body"]).digest() == bytes(delivery["payload_sha256"])
    assert (delivery["status"], delivery["provider_reference"]) == (
        "delivered",
        f"{partner}-{accepted.key[:12]}",
    )
    [attempt] = await world.attempts(delivery["delivery_id"])
    assert (attempt["decision"], attempt["number"], attempt["kind"]) == ("accepted", 1, "send")
    assert attempt["started_at"] < attempt["finished_at"]
    assert partners.problems == []
    assert "confidence" not in str(accepted.document)  # three people are too few to be told of
    assert delivery["withheld"] == ["outcome_confidence"]
    events = [decode(row["event"]) for row in await world.pool.fetch(
        "select event from ingest.event_outbox where subject like $1 order by outbox_id",
        f"events.{company}.impact%"
    )]  # fmt: skip
    assert [event.type for event in events] == [
        "impact.schedule.triggered", "impact.delivery.attempted", "impact.delivery.succeeded",
    ]  # fmt: skip


@pytest.mark.parametrize("partner", PATHS)
async def test_whatever_goes_wrong_first_it_arrives_once(
    world: World, partners: Partners, partner: str
) -> None:
    await due(world, partner)
    partners.misbehave(partner, "accept_then_drop", "429", "reset", "accept_then_500")
    await world.deliverer().drain(linger_s=1)
    [accepted] = partners.processed(partner)
    [delivery] = await world.deliveries(world.companies[0])
    assert (accepted.times, delivery["status"]) == (1, "delivered")
    assert partners.problems == []


async def test_a_lost_answer_is_asked_for_and_not_sent_again(world: World, partners: Partners) -> None:
    await due(world, "benevity")
    partners.misbehave("benevity", "accept_then_drop")
    await world.deliverer().drain(linger_s=1)
    [delivery] = await world.deliveries(world.companies[0])
    attempts = await world.attempts(delivery["delivery_id"])
    assert [(one["kind"], one["decision"]) for one in attempts] == [
        ("send", "unknown"),
        ("read_back", "accepted"),
    ]
    assert partners.outcomes["known"] == 0


async def test_a_dead_partner_gets_six_tries_and_an_ending(world: World, partners: Partners) -> None:
    await due(world, "goodera")
    partners.always["goodera"] = "503"
    assert await world.deliverer().drain(linger_s=1) == {"retrying": 5, "failed": 1}
    [delivery] = await world.deliveries(world.companies[0])
    assert (delivery["status"], delivery["attempt_count"], delivery["error_class"]) == (
        "failed",
        6,
        "unavailable",
    )
    kinds = [decode(row["event"]).type for row in await world.pool.fetch(
        "select event from ingest.event_outbox where subject like $1", f"events.{world.companies[0]}.impact%"
    )]  # fmt: skip
    assert kinds.count("impact.delivery.failed") == 6
    assert kinds.count("impact.delivery.exhausted") == 1


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


def test_the_waits_are_those_agreed() -> None:
    waits = [Backoff().after(failures, None) for failures in range(1, 7)]
    for wait, expected in zip(waits[:5], (1, 2, 300, 600, 1200), strict=True):
        assert wait == pytest.approx(expected, rel=0.1)
    assert waits[5] is None
    assert Backoff().after(1, 42.0) == 42.0


async def test_a_refused_report_is_not_tried_again(world: World, partners: Partners) -> None:
    await due(world, "benevity")
    partners.misbehave("benevity", "reject_schema")
    assert await world.deliverer().drain(linger_s=1) == {"failed": 1}
    [delivery] = await world.deliveries(world.companies[0])
    assert (delivery["error_class"], delivery["http_status"]) == ("rejected", 422)
    assert "field of yours" not in delivery["error"]


async def test_an_expired_token_is_got_anew_once(world: World, partners: Partners) -> None:
    await due(world, "workday")
    partners.misbehave("workday", "expired_token")
    assert await world.deliverer().drain(linger_s=1) == {"delivered": 1}
    assert partners.tokens_given == 2
    await due(world, "workday")
    partners.misbehave("workday", "401", "401")
    assert await world.deliverer().drain(linger_s=1) == {"failed": 1}


async def test_a_token_is_used_again_by_another_process(world: World, partners: Partners) -> None:
    company = await world.company("workday")
    for month in ("2026-08", "2026-09"):
        await world.publish(company, month)
    schedule = await world.due(company, "workday", "2026-08")
    await world.pool.execute("update impact_in.schedules set missed = 'all' where schedule_id = $1", schedule)
    await plan(world.pool, world.rules, NOW - timedelta(days=30))
    await world.deliverer().drain(linger_s=1)
    await plan(world.pool, world.rules, NOW)
    await world.deliverer().drain(linger_s=1)
    assert (len(partners.processed("workday")), partners.tokens_given) == (2, 1)
    stored = await world.pool.fetchval("select sealed from impact_in.tokens where company_id = $1", company)
    assert b"access-" not in stored


async def test_500_means_slow_down_where_the_partner_means_that(world: World, partners: Partners) -> None:
    await due(world, "workday_soap")
    partners.misbehave("workday_soap", "500")
    started = asyncio.get_running_loop().time()
    await world.deliverer().drain(linger_s=5)
    [delivery] = await world.deliveries(world.companies[0])
    first, second = await world.attempts(delivery["delivery_id"])
    assert (first["error_class"], second["decision"]) == ("throttled", "accepted")
    assert asyncio.get_running_loop().time() - started > 1.9


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


async def test_a_limit_holds_over_all_senders(world: World, partners: Partners) -> None:
    for _ in range(12):
        await due(world, "webhook")
    slow = {"webhook": world.deliverer()._limits("webhook").model_copy(update={"per_minute": 600.0})}
    await asyncio.gather(*(world.deliverer(limits=slow).drain(linger_s=1) for _ in range(2)))
    times = sorted(partners.requests["webhook"])
    assert len(times) == 12
    # Twelve tenths of a second, less what one of them may be late: a burst would be over at once.
    assert times[-1] - times[0] > 0.9
    assert sum(later - earlier < 0.02 for earlier, later in pairwise(times)) <= 6


async def test_an_address_of_our_own_network_is_never_asked(world: World, partners: Partners) -> None:
    await due(world, "webhook")
    for url in (
        "http://127.0.0.1:1/x",
        "https://10.0.0.1/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://localhost/x",
    ):
        await world.pool.execute("update impact_in.connections set base_url = $1", url)
        await world.pool.execute(
            "update impact_in.scheduled_deliveries set status = 'due', next_attempt_at = now()"
        )
        assert await world.deliverer().drain(linger_s=1) == {"failed": 1}
        [delivery] = await world.deliveries(world.companies[0])
        assert (delivery["error_class"], delivery["attempt_count"]) == ("unusable", 0)


async def test_a_redirect_is_not_followed(world: World, partners: Partners) -> None:
    await due(world, "webhook")
    partners.misbehave("webhook", "redirect")
    assert await world.deliverer().drain(linger_s=1) == {"failed": 1}


async def test_a_rotated_secret_is_used_from_the_next_request_on(world: World, partners: Partners) -> None:
    await due(world, "goodera")
    partners.secrets["api_key"] = "goodera-key-2"
    deliverer = world.deliverer()
    assert await deliverer.drain(linger_s=1) == {"failed": 1}
    async with world.pool.acquire() as connection:
        await world.vault.put(
            connection, world.companies[0], "goodera", "api_key", "goodera-key-2", actor="test"
        )
    sealed = await world.pool.fetch(
        "select sealed from impact_in.secrets where company_id = $1", world.companies[0]
    )
    assert len(sealed) == 1
    assert b"goodera-key" not in sealed[0]["sealed"]
    await world.pool.execute(
        "update impact_in.scheduled_deliveries set status = 'due', next_attempt_at = now()"
    )
    assert await deliverer.drain(linger_s=1) == {"delivered": 1}


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


async def test_in_its_maintenance_hours_a_partner_is_not_asked(
    world: World, partners: Partners, monkeypatch: pytest.MonkeyPatch
) -> None:
    await due(world, "goodera")
    until = datetime.now(UTC) + timedelta(hours=2)
    monkeypatch.setattr("orchestration.impact_in.maintenance.ends_at", lambda windows, now: until)
    assert await world.deliverer().drain(linger_s=1) == {"postponed": 1}
    [delivery] = await world.deliveries(world.companies[0])
    assert (delivery["status"], delivery["next_attempt_at"], delivery["attempt_count"]) == ("due", until, 0)
    assert partners.requests["goodera"] == []


async def test_a_partner_is_one_folder(
    world: World, partners: Partners, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(connectors.FOLDER, tmp_path / "partners")
    folder = tmp_path / "partners" / "acme"
    shutil.copytree(connectors.FOLDER / "webhook", folder)
    spoken = (folder / "partner.yaml").read_text()
    (folder / "partner.yaml").write_text(spoken.replace("platform: webhook", "platform: acme"))
    monkeypatch.setattr(connectors, "FOLDER", tmp_path / "partners")
    company = await world.company()
    await world.connect(company, "acme", path="/webhook/")
    await world.pool.execute("update impact_in.connections set base_url = $1", f"http://{world.address}")
    await world.publish(company, "2026-09")
    await world.due(company, "acme")
    rules = Rules(["acme"], {})
    await plan(world.pool, rules, NOW)
    deliverer = Deliverer(
        world.pool, world.vault, enabled=rules.enabled, private_hosts=frozenset({world.address})
    )
    assert await deliverer.drain(linger_s=1) == {"delivered": 1}
    [accepted] = partners.processed("webhook")
    assert accepted.document["data"]["volunteerHours"] == 24.25


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
        waits = "select exists (select from pg_locks where not granted)"
        while not await world.pool.fetchval(waits):  # noqa: ASYNC110 Postgres tells nobody
            await asyncio.sleep(0.01)
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
