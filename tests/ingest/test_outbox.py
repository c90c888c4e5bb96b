"""What a transaction leaves in an outbox reaches its stream exactly once, in order, also over a kill."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import msgspec
import psycopg
import pytest
from nats.aio.client import Client as NatsClient
from nats.js import JetStreamContext

from ingest import forwarding
from ingest import outbox as outbox_module
from ingest.contracts import CONTRACTS
from ingest.contracts.base import EventData
from ingest.contracts.impact import ImpactDeliveryFailed, ImpactDeliverySucceeded
from ingest.contracts.orchestration import FlagUpdated, MilestoneReached
from ingest.contracts.safety import SafetyFlagRaised
from ingest.events import Event, encode, new_event
from ingest.forwarding import Forwarder
from ingest.jetstream import BrokerUnavailableError, publish_all
from ingest.outbox import OutboxSender, announce, announce_async, emit, emit_async
from ingest.streams import event_subject
from ingest.updates import FORWARDED, UPDATES, UnknownUpdateError
from orchestration.stack.layout import Layout

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SENDER = """
import asyncio
from ingest import outbox
from ingest.stores import StoreSettings, nats_client, postgres_pool

outbox.BATCH = 100

async def main():
    settings = StoreSettings(_env_file=None)
    nats = await nats_client(settings, name="sender")
    print("on", flush=True)
    await outbox.OutboxSender(await postgres_pool(settings), nats.jetstream()).run()

asyncio.run(main())
"""
METRIC = {"metric": "sessions_count", "periodGrain": "month", "period": "2026-09"}


def event_of(data: EventData, company: UUID | None, subject: str) -> Event:
    return new_event(
        data, subject=subject, company_id=company, source="urn:test", source_time=NOW, origin="test:1"
    )


def flag(company: UUID, value: object = True) -> Event:
    user = uuid4()
    data = FlagUpdated(
        user_id=user, company_id=company, rule_id="job_ready", flag="job_ready", value=value,
        previous_value=False, reason="Olena finished two courses", evaluated_at=NOW,
    )  # fmt: skip
    return event_of(data, company, f"flag/{user}/job_ready")


async def sent_to(js: JetStreamContext, subject: str) -> list[dict]:
    """What the stream holds on a subject, in order."""
    stream = subject.split(".")[0].upper()
    subjects = (await js.stream_info(stream, subjects_filter=subject)).state.subjects or {}
    subscription = await js.subscribe(subject, ordered_consumer=True)
    messages = [
        json.loads((await subscription.next_msg(timeout=30)).data) for _ in range(sum(subjects.values()))
    ]
    await subscription.unsubscribe()
    return messages


@pytest.fixture
def empty(postgres: psycopg.Connection) -> None:
    postgres.execute("delete from ingest.event_outbox")
    postgres.execute("delete from serving.announcements")


@pytest.fixture
def js(nats: NatsClient) -> JetStreamContext:
    return nats.jetstream()


def left(postgres: psycopg.Connection) -> int:
    return postgres.execute(
        "select (select count(*) from ingest.event_outbox) + (select count(*) from serving.announcements)"
    ).fetchone()[0]


@pytest.mark.usefixtures("empty")
class TestOutbox:
    async def test_what_a_transaction_says_is_sent_once_it_commits(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, js: JetStreamContext
    ) -> None:
        company = uuid4()
        events = [flag(company) for _ in range(3)]
        sender = OutboxSender(pool, js)
        with postgres.transaction():
            emit(postgres, *events)
            emit(postgres, events[0])
            announce(postgres, company, "report.generated", f"report:{company}", {"reportId": "r1"})
            announce(postgres, company, "report.generated", f"report:{company}", {"reportId": "r1"})
            assert await sender.send_pending() == 0
        async with pool.acquire() as connection:
            await emit_async(connection, flag(company))
            await announce_async(connection, company, "vis.updated", f"vis:{company}", {"value": 1.5})
        assert await sender.send_pending() == 6
        assert [event["id"] for event in await sent_to(js, f"events.{company}.>")][:3] == [
            str(event.id) for event in events
        ]
        updates = await sent_to(js, f"updates.{company}.>")
        assert [(update["type"], update["data"]) for update in updates] == [
            ("report.generated", {"reportId": "r1"}),
            ("vis.updated", {"value": 1.5}),
        ]
        assert updates[0]["companyId"] == str(company)
        assert datetime.fromisoformat(updates[0]["time"]).tzinfo is not None
        assert left(postgres) == 0

    async def test_an_update_nobody_declared_is_refused(self, postgres: psycopg.Connection) -> None:
        with pytest.raises(UnknownUpdateError, match=r"ingest/updates\.py"):
            announce(postgres, uuid4(), "metric.changed", "1", {})

    async def test_a_commit_wakes_the_sender(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, js: JetStreamContext,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        monkeypatch.setattr(outbox_module, "SAFETY_POLL_S", 600.0)
        company = uuid4()
        running = asyncio.create_task(OutboxSender(pool, js).run())
        try:
            await asyncio.sleep(0.5)
            announce(postgres, company, "vis.updated", f"vis:{company}", {"value": 1})
            async with asyncio.timeout(60):
                while not await sent_to(js, f"updates.{company}.>"):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    async def test_a_sender_that_died_after_sending_doubles_nothing(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, js: JetStreamContext,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        company = uuid4()
        for number in range(5):
            announce(postgres, company, "report.generated", f"{company}:{number}", {"reportId": number})
        emit(postgres, flag(company))

        async def dies(*arguments: object) -> None:
            await publish_all(*arguments)
            raise BrokerUnavailableError("killed before it knew")

        with monkeypatch.context() as patch:
            patch.setattr(outbox_module, "publish_all", dies)
            for _ in range(2):
                with pytest.raises(BrokerUnavailableError):
                    await OutboxSender(pool, js).send_pending()
        assert left(postgres) == 6
        assert await OutboxSender(pool, js).send_pending() == 6
        updates = await sent_to(js, f"updates.{company}.>")
        assert [update["data"]["reportId"] for update in updates] == list(range(5))
        assert len(await sent_to(js, f"events.{company}.>")) == 1

    async def test_what_was_sent_longer_ago_than_the_broker_remembers_is_not_sent_again(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, js: JetStreamContext
    ) -> None:
        company = uuid4()
        for number in range(3):
            announce(postgres, company, "report.generated", f"{company}:{number}", {"reportId": number})
        # The broker has the first two, under ids that it has forgotten: as after hours without this process.
        for number in range(2):
            await js.publish(
                f"updates.{company}.report.generated",
                json.dumps({"data": {"reportId": number}}).encode(),
                headers={"Nats-Msg-Id": f"{company}:{number}"},
            )
        await js.update_stream(_with_window(await js.stream_info("UPDATES"), 0.1))
        try:
            await asyncio.sleep(0.3)
            postgres.execute(
                "update serving.announcements set sealed_at = now() - interval '3 hours'"
                " where company_id = %s",
                (company,),
            )
            await OutboxSender(pool, js).send_pending()
        finally:
            await js.update_stream(_with_window(await js.stream_info("UPDATES"), 3600))
        updates = await sent_to(js, f"updates.{company}.>")
        assert [update["data"]["reportId"] for update in updates] == [0, 1, 2]

    async def test_kills_at_any_moment_lose_and_double_nothing(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, js: JetStreamContext, embedded_stores: Layout
    ) -> None:
        company = uuid4()
        for start in range(0, 3000, 500):
            with postgres.transaction():
                for number in range(start, start + 500):
                    announce(
                        postgres, company, "report.generated", f"{company}:{number}", {"reportId": number}
                    )
        for pause_s in (0.02, 0.05, 0.09):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", SENDER, env=embedded_stores.environment(), stdout=PIPE
            )
            assert process.stdout is not None
            await process.stdout.readline()
            await asyncio.sleep(pause_s)
            process.kill()
            await process.wait()
        await OutboxSender(pool, js).send_pending()
        updates = await sent_to(js, f"updates.{company}.>")
        assert [update["data"]["reportId"] for update in updates] == list(range(3000))

    async def test_changes_of_one_figure_within_a_moment_become_one(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, js: JetStreamContext
    ) -> None:
        company = uuid4()

        def change(before: int, after: int, metric: str = "sessions_count") -> None:
            announce(
                postgres, company, "metric.updated", str(uuid4()),
                {**METRIC, "metric": metric, "value": after, "previousValue": before},
            )  # fmt: skip

        sender = OutboxSender(pool, js, coalesce_s=0.6)
        change(0, 1)
        await sender.send_pending()
        for value in range(1, 6):
            change(value, value + 1)
        change(7, 8, "volunteers_count")
        change(3, 4, "ratings_count")
        change(4, 3, "ratings_count")
        await sender.send_pending()
        told = [
            (update["data"]["metric"], update["data"]["previousValue"], update["data"]["value"])
            for update in await sent_to(js, f"updates.{company}.>")
        ]
        assert told == [("sessions_count", 0, 1), ("volunteers_count", 7, 8), ("sessions_count", 1, 6)]
        assert left(postgres) == 0

    async def test_one_of_two_senders_sends_and_the_other_takes_over(
        self, postgres: psycopg.Connection, pool: asyncpg.Pool, js: JetStreamContext,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        monkeypatch.setattr(outbox_module, "STANDBY_S", 0.05)
        company = uuid4()
        first, second = (asyncio.create_task(OutboxSender(pool, js).run()) for _ in range(2))
        await asyncio.sleep(0.5)
        for number, ending in enumerate((first, second)):
            announce(postgres, company, "report.generated", f"{company}:{number}", {})
            async with asyncio.timeout(30):
                while left(postgres):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            ending.cancel()
            with suppress(asyncio.CancelledError):
                await ending
        assert len(await sent_to(js, f"updates.{company}.>")) == 2


def _with_window(info: object, seconds: float) -> object:
    info.config.duplicate_window = seconds
    return info.config


class TestForwarding:
    async def test_an_event_becomes_its_update_once_and_without_what_is_nobodys_business(
        self, js: JetStreamContext
    ) -> None:
        company, user, delivery = uuid4(), uuid4(), uuid4()
        raised = SafetyFlagRaised(
            flag_id=uuid4(), content_id=uuid4(), content_type="feedback_text", user_id=user,
            flag_reason="hate_speech", confidence=0.9, requires_human_review=True, raised_at=NOW,
        )  # fmt: skip
        milestone = MilestoneReached(
            user_id=user, rule_id="r", milestone="job_ready", reason="because", reached_at=NOW
        )
        failed = ImpactDeliveryFailed(
            delivery_id=delivery, company_id=company, platform="benevity", attempt=1,
            error_class="transient", error="timeout of ann@example.org", failed_at=NOW,
        )  # fmt: skip
        succeeded = ImpactDeliverySucceeded(
            delivery_id=delivery, company_id=company, platform="benevity", period_start=NOW.date(),
            period_end=NOW.date(), attempts=2, succeeded_at=NOW,
        )  # fmt: skip
        events = [
            flag(company),
            event_of(milestone, company, f"milestone/{user}/job_ready"),
            event_of(failed, company, f"impact-delivery/{delivery}"),
            event_of(succeeded, company, f"impact-delivery/{delivery}"),
            event_of(raised, company, f"safety-flag/{raised.flag_id}"),
            event_of(milestone, None, f"milestone/{user}/job_ready"),  # of no company: nobody to tell
        ]
        await _put(js, events)
        await _forward_all(js)
        # The same events again, as after a crash of their publisher: new messages, the same facts.
        await _put(js, events, again=True)
        await _forward_all(js)
        updates = await sent_to(js, f"updates.{company}.>")
        assert [update["type"] for update in updates] == [
            "journey.flag.updated", "journey.milestone.reached", "impact.delivery.updated",
            "impact.delivery.updated", "safety.flag.raised",
        ]  # fmt: skip
        assert [update["data"].get("state") for update in updates[2:4]] == ["failed", "succeeded"]
        assert updates[0]["data"]["value"] is True
        assert updates[0]["data"]["previousValue"] is False
        text = json.dumps(updates)
        assert not [secret for secret in ("Olena", "because", "ann@example.org") if secret in text]
        assert str(user) not in json.dumps(updates[4])

    async def test_an_event_whose_forwarder_died_before_acknowledging_is_told_once(
        self, js: JetStreamContext, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        company = uuid4()
        await _put(js, [flag(company)])

        async def dies(_: object) -> None:
            raise ConnectionResetError("killed before it knew")

        monkeypatch.setattr(forwarding, "RETRY_DELAY_S", 0.01)
        with monkeypatch.context() as patch:
            patch.setattr(forwarding, "acknowledge", dies)
            with pytest.raises(ConnectionResetError):
                await _forward_all(js)
        assert len(await sent_to(js, f"updates.{company}.>")) == 1
        await _forward_all(js)
        assert len(await sent_to(js, f"updates.{company}.>")) == 1

    def test_every_forwarded_event_has_a_declared_update_and_real_fields(self) -> None:
        for event_type, forwarded in FORWARDED.items():
            assert forwarded.name in UPDATES, event_type
        fields = {
            name
            for event_type in FORWARDED
            for name in (field.encode_name for field in msgspec.structs.fields(CONTRACTS[event_type].data))
        }
        assert {name for forwarded in FORWARDED.values() for name in forwarded.fields} <= fields


async def _put(js: JetStreamContext, events: list[Event], *, again: bool = False) -> None:
    for event in events:
        await js.publish(
            event_subject(event.companyid, event.type),
            encode(event),
            headers={"Impact-Published-Again": "1"} if again else {},
        )


async def _forward_all(js: JetStreamContext) -> None:
    target = (await js.stream_info("EVENTS")).state.last_seq
    forwarder = Forwarder(js)
    pull = await forwarder.pull(idle_s=0.3)
    try:
        while not await pull.has_settled(target):
            if messages := await pull.fetch():
                await forwarder.forward(messages)
    finally:
        await pull.aclose()
