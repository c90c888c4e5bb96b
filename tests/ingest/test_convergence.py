"""Whatever the order, repetition and delay of deliveries: one state, that of what each source said last.

The state is read with the warehouse's own staging models, over the real stores.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from ingest.jetstream import Message
from ingest.normalise import normaliser as normaliser_module
from ingest.normalise.delivery import AcceptedDelivery
from ingest.retries import REPLAY_OF
from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_pool
from orchestration.dbt import PROJECT_DIR
from tests.ingest.pipeline import SENT, Pipeline, delivery
from tests.ingest.processes import session_completed

KINDS = ("session-completed", "booking-confirmed", "rating-created")
STAGING = {  # model, and where each kind's content shows
    "session-completed": ("stg_kintell__sessions", "duration_minutes"),
    "booking-confirmed": ("stg_kintell__bookings", "toMinute(scheduled_at)"),
    "rating-created": ("stg_kintell__ratings", "toUInt32(round(rating_raw))"),
}


@dataclass(frozen=True)
class Saying:
    """One thing a source says of one fact; how often it is sent, and how often it fails first."""

    fact: int
    kind: str
    content: int
    second: int
    copies: int = 1
    failures: int = 0
    is_replayed: bool = False


sayings = st.builds(
    Saying,
    fact=st.integers(0, 3),
    kind=st.sampled_from(KINDS),
    content=st.integers(1, 3),
    second=st.integers(0, 5),
    copies=st.integers(1, 2),
    failures=st.sampled_from([0, 0, 0, 1, 2]),
    is_replayed=st.booleans(),
)
# Rounds are worked off one after the other: what is in a later one arrives when the earlier is loaded.
histories = st.lists(st.lists(sayings, min_size=1, max_size=14), min_size=1, max_size=3)


def body(saying: Saying, run: str) -> dict[str, Any]:
    name = f"{run}-{saying.fact}"
    if saying.kind == "rating-created":
        return {
            "rating_id": name, "session_id": name, "from_role": "participant", "rating": saying.content,
            "created_at": "2025-10-02T17:00:00Z",
        }  # fmt: skip
    people = {"participant_email": f"{run}@example.org", "volunteer_email": f"v{run}@example.com"}
    if saying.kind == "booking-confirmed":
        return session_completed(
            booking_id=name, completed_at=None, scheduled_at=f"2025-10-02T16:0{saying.content}:00Z", **people
        )
    return session_completed(session_id=name, duration_minutes=saying.content, **people)


def expected(said: Sequence[Saying], ids: dict[tuple[str, int, int], int]) -> dict[tuple[str, int], int]:
    """What each source said last; of two in one second, the content with the greater event id."""
    facts = defaultdict(list)
    for saying in said:
        facts[saying.kind, saying.fact].append(saying)
    return {
        (kind, fact): max(some, key=lambda one: (one.second, ids[kind, fact, one.content])).content
        for (kind, fact), some in facts.items()
    }


class Warehouse:
    """The staging models of Kintell, rendered from the dbt project's own files."""

    def __init__(self, client: ClickHouseClient) -> None:
        self.client = client
        macro = (PROJECT_DIR / "macros" / "latest_events.sql").read_text("utf-8")
        jinja = Environment(autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701 - it is SQL
        self.models = {
            kind: jinja.from_string(
                macro + (PROJECT_DIR / "models/staging/kintell" / f"{model}.sql").read_text("utf-8")
            ).render(source=lambda database, table: f"{database}.{table}")
            for kind, (model, _) in STAGING.items()
        }

    def state(self, run: str) -> dict[tuple[str, int], int]:
        return {
            (kind, int(fact)): int(content)
            for kind, sql in self.models.items()
            for fact, content in self._rows(
                f"select splitByChar('-', subject)[-1], {STAGING[kind][1]} from ({sql})"
                " where position(subject, {run:String}) > 0", run,
            )
        }  # fmt: skip

    def ids(self, run: str) -> dict[tuple[str, int, int], int]:
        """The place of each content's event id in ClickHouse's order, which is not that of their text."""
        found = {}
        for kind, sql in self.models.items():
            every_version = sql.replace("group by subject", "group by subject, data")
            for fact, content, place in self._rows(
                f"select splitByChar('-', subject)[-1], {STAGING[kind][1]},"
                " row_number() over (order by event_id)"
                f" from ({every_version}) where position(subject, {{run:String}}) > 0", run,
            ):  # fmt: skip
                found[kind, int(fact), int(content)] = place
        return found

    def doubled(self, run: str) -> list[Any]:
        """Events that stand twice in one version, and events that collapse to more than one row."""
        versions = self._rows(
            "select event_id, source_time from raw.events where position(subject, {run:String}) > 0"
            " group by all having count() > 1", run,
        )  # fmt: skip
        events = self._rows(
            "select event_id from raw.events final where position(subject, {run:String}) > 0"
            " group by all having count() > 1", run,
        )  # fmt: skip
        return versions + events

    def _rows(self, query: str, run: str) -> list[Any]:
        return list(self.client.query(query, {"run": run}).result_rows)


class Bench:
    """One event loop and one connection to each store for all examples."""

    def __init__(self, stores: StoreSettings, warehouse: Warehouse) -> None:
        self.runner = asyncio.Runner()
        self.warehouse = warehouse
        self.failing: dict[str, int] = {}
        self.pool = self.runner.run(postgres_pool(stores))
        self.nats = self.runner.run(nats_client(stores, name="test"))
        self.pipeline = Pipeline(self.pool, self.nats, base_s=0.005)

    def close(self) -> None:
        self.runner.run(self.nats.close())
        self.runner.run(self.pool.close())
        self.runner.close()

    def live(self, rounds: Sequence[Sequence[Saying]], run: str) -> None:
        self.runner.run(self._live(rounds, run))

    async def _live(self, rounds: Sequence[Sequence[Saying]], run: str) -> None:
        replayed: list[AcceptedDelivery] = []
        for sayings_of_round in rounds:
            for saying in sayings_of_round:
                for _ in range(saying.copies):
                    one = delivery(
                        body(saying, run), saying.kind, sent_at=SENT + timedelta(seconds=saying.second)
                    )
                    self.failing[one.delivery_id] = saying.failures
                    await self.pipeline.accept(one)
                    replayed += [one] * saying.is_replayed
            await self._work()
        for number, one in enumerate(replayed):
            message = one.message()
            again = {**message.headers, REPLAY_OF: str(number)}
            await self.pipeline.put(Message(message.subject, message.payload, str(uuid.uuid4()), again))
        await self._work()

    async def _work(self) -> None:
        await self.pipeline.normalise()
        await self.pipeline.retry()
        await self.pipeline.load(self.warehouse.client)

    def forget_what_was_loaded(self) -> None:
        """As a broker that lost its consumer: everything of the stream is delivered again."""
        self.runner.run(self.pipeline.js.delete_consumer("EVENTS", "loader"))
        self.runner.run(self.pipeline.load(self.warehouse.client))


@pytest.fixture(scope="module")
def bench(store_settings: StoreSettings) -> Iterator[Bench]:
    with closing(clickhouse_client(store_settings)) as client:
        client.command("system stop merges raw.events")
        bench = Bench(store_settings, Warehouse(client))
        read = normaliser_module.draft_of

        def draft_of(one: AcceptedDelivery) -> object:
            if bench.failing.get(one.delivery_id, 0):
                bench.failing[one.delivery_id] -= 1
                raise RuntimeError
            return read(one)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(normaliser_module, "draft_of", draft_of)
            yield bench
        bench.close()
        client.command("system start merges raw.events")


def check(bench: Bench, rounds: Sequence[Sequence[Saying]]) -> None:
    run = uuid.uuid4().hex
    bench.live(rounds, run)
    said = [saying for one_round in rounds for saying in one_round]
    assert bench.warehouse.state(run) == expected(said, bench.warehouse.ids(run))
    assert bench.warehouse.doubled(run) == []


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],  # an example takes a second: a failing one is worth no minute of shrinking
    suppress_health_check=list(HealthCheck),
)
@given(rounds=histories)
def test_every_order_repetition_and_delay_ends_in_what_was_said_last(
    bench: Bench, rounds: list[list[Saying]]
) -> None:
    check(bench, rounds)


@pytest.mark.parametrize("order", ["012", "021", "102", "120", "201", "210"])
def test_a_correction_back_to_the_first_content_is_the_state_in_every_order(bench: Bench, order: str) -> None:
    said = [Saying(0, "session-completed", content, second) for second, content in enumerate([1, 2, 1])]
    check(bench, [[said[int(place)]] for place in order])


def test_a_rating_before_its_session_and_a_completion_before_its_booking(bench: Bench) -> None:
    facts = [Saying(0, kind, 2, 1) for kind in KINDS]
    check(bench, [[facts[2]], [facts[0]], [facts[1]]])
    check(bench, [[facts[1], facts[0], facts[2]]])


def test_loading_the_whole_stream_again_doubles_no_version(bench: Bench) -> None:
    run = uuid.uuid4().hex
    said = [Saying(0, "session-completed", content, second) for second, content in enumerate([1, 2, 1])]
    bench.live([said[:2], said[2:]], run)
    bench.warehouse.client.command("system start merges raw.events")
    bench.warehouse.client.command("optimize table raw.events final")
    bench.forget_what_was_loaded()
    assert bench.warehouse.state(run) == {("session-completed", 0): 1}
    assert bench.warehouse.doubled(run) == []
    bench.warehouse.client.command("system stop merges raw.events")
