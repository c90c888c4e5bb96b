"""An event wakes the engine once the warehouse has it, and not before."""

from __future__ import annotations

from contextlib import aclosing, closing

import asyncpg
from nats.aio.client import Client as NatsClient

from ingest.events import encode
from ingest.loader import Loader, loader_clickhouse
from ingest.stores import StoreSettings
from ingest.streams import event_subject
from orchestration.journey.engine import Engine
from orchestration.journey.stream import EventStream
from tests.journey.conftest import Clock
from tests.journey.people import Participant, day, flags


async def test_people_are_evaluated_when_their_events_are_loaded(
    engine: Engine, pool: asyncpg.Pool, nats: NatsClient, clock: Clock, store_settings: StoreSettings
) -> None:
    who, js = Participant(), nats.jetstream()
    clock.now = day(9)
    stream = EventStream(js, engine, ack_wait_s=1.0)
    with closing(loader_clickhouse(store_settings)) as clickhouse:
        loader = Loader(pool, nats, clickhouse)
        async with (
            aclosing(await loader.pull(idle_s=0.2)) as pulled,
            aclosing(await stream.pull(idle_s=0.2)) as pull,
        ):
            while not await pulled.has_settled(1 << 62):  # what other tests left
                if messages := await pulled.fetch():
                    await loader.load(messages)
            while messages := await pull.fetch():
                await stream.take(messages)
            for number in (1, 3, 5):
                event = who.session(day(number))
                await js.publish(
                    event_subject(event.companyid, event.type), encode(event),
                    headers={"Nats-Msg-Id": str(event.id)},
                )  # fmt: skip
            await stream.take(await pull.fetch())  # the loader has not seen them: handed back
            assert await flags(pool, who) == {}
            known = "select count(*) from journey.people where person_id = $1"
            assert await pool.fetchval(known, who.person_id) == 0
            while not await pulled.has_settled(1 << 62):
                if messages := await pulled.fetch():
                    await loader.load(messages)
            while not (messages := await pull.fetch()):  # back after a pause
                pass
            await stream.take(messages)
            assert (await flags(pool, who))["mentor_ready"]
