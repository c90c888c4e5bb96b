"""Every report arrives exactly once or ends visibly failed, whatever the partner does and whoever dies."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.events import decode
from orchestration.impact_in import connectors
from orchestration.impact_in.delivering import Backoff, Deliverer
from orchestration.impact_in.planning import Rules, plan
from tests.impact_in.world import NOW, World, due
from tests.partners.server import PATHS, Partners


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


async def test_in_its_maintenance_hours_a_partner_is_not_asked(
    world: World, partners: Partners, monkeypatch: pytest.MonkeyPatch
) -> None:
    await due(world, "goodera")
    until = datetime.now(UTC) + timedelta(hours=2)
    monkeypatch.setattr("orchestration.impact_in.maintenance.ends_at", lambda windows, now: until)
    deliverer = Deliverer(world.pool, world.vault, enabled=world.rules.enabled, private_hosts=frozenset())
    assert await deliverer.drain(linger_s=1) == {"postponed": 1}
    [delivery] = await world.deliveries(world.companies[0])
    assert (delivery["status"], delivery["next_attempt_at"], delivery["attempt_count"]) == ("due", until, 0)
    assert partners.requests["goodera"] == []


async def test_a_stand_in_on_a_private_host_keeps_no_hours(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or whoever tries a schedule out on a Saturday evening in Denver would wait for Sunday."""
    await due(world, "benevity")
    until = datetime.now(UTC) + timedelta(hours=2)
    monkeypatch.setattr("orchestration.impact_in.maintenance.ends_at", lambda windows, now: until)
    assert await world.deliverer().drain(linger_s=1) == {"delivered": 1}


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


async def test_asking_after_a_lost_answer_gets_a_new_token_too(world: World, partners: Partners) -> None:
    await due(world, "workday")
    partners.misbehave("workday", "accept_then_drop")
    await world.deliverer(backoff=Backoff((60.0,))).drain(linger_s=0)
    partners.tokens.clear()
    await world.pool.execute(
        "update impact_in.scheduled_deliveries set next_attempt_at = now() where status = 'retrying'"
    )
    await world.deliverer().drain(linger_s=1)
    [delivery] = await world.deliveries(world.companies[0])
    attempts = [(one["kind"], one["decision"]) for one in await world.attempts(delivery["delivery_id"])]
    assert attempts == [("send", "unknown"), ("read_back", "reauthenticate"), ("read_back", "accepted")]
    assert (delivery["status"], partners.outcomes["known"]) == ("delivered", 0)
