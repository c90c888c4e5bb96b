"""Nobody who was erased comes back, by whichever door and in whichever order."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import polars as pl
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.client import Client as NatsClient
from nats.js.errors import NotFoundError

from ingest import leases
from ingest.backfill.lookup import Lookup
from ingest.contracts import CONTRACTS
from ingest.people import resolve_people_blocking
from ingest.stores import nats_client, postgres_pool
from ingest.tombstones import ERASED, TombstoneKeyError, Tombstones
from orchestration.privacy.erasure.erasing import Place
from tests.privacy.erasure.lives import DOORS, Life, acts_of, live


@pytest.fixture
async def nats(place: Place) -> AsyncIterator[NatsClient]:
    client = await nats_client(place.settings, name="test")
    yield client
    await client.close()


@pytest.fixture
async def life(
    place: Place, nats: NatsClient, clickhouse: ClickHouseClient, tmp_path: Path
) -> AsyncIterator[Life]:
    async with await postgres_pool(place.settings) as pool:
        yield Life(place, pool, nats, clickhouse, tmp_path)


async def test_nobody_comes_back_by_any_door(life: Life) -> None:
    """And whoever was in a session with them keeps it."""
    await life.begin()
    [[event_id, *_]] = life.backup
    await life.webhook()  # published, and not loaded yet
    await life.erase()
    the_other_party_keeps_it(life, event_id)
    for door in DOORS:
        await life.doors[door]()
        await life.load()
        assert not any((await life.traces()).values()), (door, await life.traces())
    outcomes = {row[0] for row in await life.pipeline.pool.fetch("select outcome from ingest.deliveries")}
    assert "erased" in outcomes


def the_other_party_keeps_it(life: Life, event_id: UUID) -> None:
    [after] = life.clickhouse.query(
        "select toString(person_id), data from raw.events where event_id = {id:UUID}", {"id": str(event_id)}
    ).result_rows
    assert after[0] == "00000000-0000-0000-0000-000000000000"
    assert str(life.person) not in after[1]
    assert '"durationMinutes":47' in after[1]
    assert '"volunteerId":"00000000' not in after[1]


async def test_what_was_published_before_an_erasure_is_not_loaded_after_it(life: Life) -> None:
    """And goes from the stream, where it still names the person."""
    await life.begin()
    await life.webhook()
    stream = await life.pipeline.js.stream_info("EVENTS")
    with closing(life.place.postgres()) as connection, leases.alone(connection), connection.transaction():
        life.place.tombstones().add(connection, [("person", str(life.person))], None)
    before = life._rows()
    await life.load()
    assert life._rows() == before
    with pytest.raises(NotFoundError):
        await life.pipeline.js.get_msg("EVENTS", seq=stream.state.last_seq)


async def test_nobody_comes_back_in_a_random_order(life: Life) -> None:
    """A hundred orders: `python -m tests.benchmarks.erasure --orders 100`."""
    acts = acts_of(random.Random(1))  # noqa: S311
    left = await live(life, acts)
    assert not any(left.values()), (acts, left)


def test_an_import_makes_nobody_who_was_erased_since_it_began(
    place: Place, postgres: psycopg.Connection
) -> None:
    """It asks once per chunk who was erased, and meets people whom nobody knows until the next."""
    email, other = (f"{uuid4().hex}@example.org" for _ in range(2))
    lookup = Lookup(postgres)
    lookup.refresh()
    with closing(place.postgres()) as connection, leases.alone(connection), connection.transaction():
        place.tombstones().add(connection, [("email", email)], None)
    rows = pl.DataFrame({"email": [email, other]})
    known = "select external_id, person_id::text from ingest.person_identities where external_id = any(%s)"

    def people() -> list[str]:
        return lookup.people(rows, {"email": "person"})["person"].to_list()

    assert people()[0] == str(ERASED)
    assert dict(postgres.execute(known, ([email, other],)).fetchall()) == {other: people()[1]}
    # Nor is somebody found twice whom an older version made anew.
    resolve_people_blocking(postgres, "email", [email])
    lookup = Lookup(postgres)
    lookup.refresh()
    assert people()[0] == str(ERASED)


def test_every_id_of_a_person_in_a_contract_is_known_as_one() -> None:
    fields = {name for contract in CONTRACTS.values() for name in contract.data.__struct_fields__}
    others = {
        "beneficiary_group_id", "call_id", "campaign_id", "checkin_id", "citation_id", "company_id",
        "content_id", "course_id", "credential_id", "delivery_id", "employer_id", "event_id",
        "external_session_id", "feedback_id", "flag_id", "match_id", "milestone_id", "nonprofit_id",
        "program_id", "progress_id", "query_id", "rating_id", "redaction_id", "report_id",
        "request_id", "review_id", "rule_id", "run_id", "schedule_id", "session_id", "skill_id",
        "source_id", "source_tenant_id", "template_id", "text_id",
    }  # fmt: skip
    known = {name for contract in CONTRACTS.values() for name in contract.people}
    assert {name for name in fields if name.endswith("_id")} - known - others == set()


def test_another_key_lets_nobody_in(postgres: psycopg.Connection, place: Place) -> None:
    with closing(place.postgres()) as connection, connection.transaction():
        place.tombstones().add(connection, [("person", str(uuid4()))], None)
    with pytest.raises(TombstoneKeyError, match="put the right file back"):
        Tombstones(b"another key" * 3).refresh(postgres)
