"""A person whose data go on arriving by every door while they are erased, in a random order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.client import Client as NatsClient

from ingest.backfill import import_file
from ingest.dead_letters import DeadLetter
from ingest.dead_letters.letters import LetterFilter
from ingest.dead_letters.settling import settle
from ingest.failures import ErrorClass
from ingest.jetstream import publish_all
from ingest.people import resolve_people
from orchestration.privacy.erasure.carrying_out import Erasure, erase_who_came_back
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.requests import store
from orchestration.privacy.requests.model import Order
from tests.ingest.backfill_files import LanguageFile
from tests.ingest.pipeline import Pipeline, delivery
from tests.ingest.processes import session_completed

DOORS = ("webhook", "repeat", "backfill", "redrive", "load", "restore")


class Life:
    """One person and what arrives of them. Every door can be opened again and again."""

    def __init__(
        self, place: Place, pool: asyncpg.Pool, nats: NatsClient, clickhouse: ClickHouseClient, folder: Path
    ) -> None:
        self.place = place
        self.pipeline = Pipeline(pool, nats)
        self.clickhouse = clickhouse
        self.folder = folder
        self.email = f"oksana.{uuid4().hex}@example.org"
        self.volunteer = f"ingrid.{uuid4().hex}@example.com"
        self.person: UUID | None = None
        self.backup: list[tuple[Any, ...]] = []
        self.doors: dict[str, Callable[[], Awaitable[None]]] = {
            "webhook": self.webhook, "repeat": self.repeat, "backfill": self.backfill,
            "redrive": self.redrive, "load": self.load, "restore": self.restore,
        }  # fmt: skip
        self._first = self._delivery()

    async def begin(self) -> None:
        """The person is there, with an event, and a backup is taken."""
        await self.pipeline.process([self._first])
        found = await resolve_people(self.pipeline.pool, "email", [self.email])  # type: ignore[arg-type]
        self.person = found[self.email]
        await self.load()
        self.backup = await asyncio.to_thread(self._rows)
        assert self.backup

    async def erase(self) -> None:
        with closing(self.place.postgres()) as connection:
            assert self.person is not None
            order = Order("erasure", self.person, None, "test", is_immediate=True, reason="a test")
            request = store.open_request(connection, order)[0].request_id
        erasure = await asyncio.to_thread(Erasure.of_due, self.place, [request], "run")
        await asyncio.to_thread(erasure.run)

    async def webhook(self) -> None:
        """Something new happens, it is said late, and dated into the future."""
        await self.pipeline.process([self._delivery(completed_at="2027-01-01T10:00:00Z")])

    async def repeat(self) -> None:
        """The sender says again what it said at first."""
        body = self._first._replace(delivery_id=uuid4().hex)
        await self.pipeline.process([body])

    async def backfill(self) -> None:
        """A file of history with the person in a good row and in one that is refused."""
        tag = uuid4().hex[:12]
        file = LanguageFile(self.folder / f"{tag}.csv", tag).row(1, participant_email=self.email)
        file.row(2, participant_email=self.email, duration_minutes="-5").row(3)
        await asyncio.to_thread(
            import_file,
            file.write(),
            self.place.settings,
            error_folder=self.place.home / "landing" / "errors",
        )

    async def redrive(self) -> None:
        """A dead letter of the person is replayed."""
        one = self._delivery()
        letter = DeadLetter(
            source="kintell", kind=f"session-{uuid4().hex[:8]}", key=one.origin, delivery_id=one.delivery_id,
            reason="KeyError", error_class=ErrorClass.UNKNOWN, payload=one.body,
            return_subject=one.message().subject, original_headers=dict(one.message().headers),
        )  # fmt: skip
        await publish_all(self.pipeline.js, [letter.message()])
        await self.pipeline.index_dead_letters()
        await settle(
            self.pipeline.pool, self.pipeline.js, "replay", LetterFilter(kind=letter.kind), actor="test"
        )
        await self.pipeline.work()

    async def load(self) -> None:
        await self.pipeline.load(self.clickhouse)

    async def restore(self) -> None:
        """Rows of the backup are put back, past every door; then what the manual says is done."""
        await asyncio.to_thread(
            self.clickhouse.insert, "raw.events", self.backup, column_names=list(self._columns)
        )
        if await self._is_erased():
            found, _ = await asyncio.to_thread(erase_who_came_back, self.place, "run")
            assert found, f"of {len(self.backup)} rows put back none was found, with {await self.traces()}"

    async def traces(self) -> dict[str, int]:
        """What the stores know of the person, by other questions than erasure asks."""
        said = f"%{self.email}%"
        landing = [one for one in (self.place.home / "landing").rglob("*") if one.is_file()]
        return {
            "raw.events": self._number("select count() from raw.events where person_id = {who:UUID}"),
            "data": self._number("select count() from raw.events where position(data, {text:String}) > 0"),
            "journey": self._number("select count() from journey.events where person_id = {who:UUID}"),
            "landed": self._number("select count() from raw.landed_events where person_id = {who:UUID}"),
            "identities": await self.pipeline.pool.fetchval(
                "select count(*) from ingest.person_identities where external_id like $1", said
            ),
            "people": await self.pipeline.pool.fetchval(
                "select count(*) from ingest.people where person_id = $1", self.person
            ),
            "files": sum(self.email in one.read_text() for one in landing),
        }

    def _delivery(self, **changes: Any) -> Any:
        body = session_completed(participant_email=self.email, volunteer_email=self.volunteer, **changes)
        return delivery(body, "session-completed", delivery_id=uuid4().hex)

    async def _is_erased(self) -> bool:
        tombstones = self.place.tombstones()
        async with self.pipeline.pool.acquire() as connection:
            await tombstones.refresh_async(connection)
        return tombstones.has("person", str(self.person))

    def _rows(self) -> list[tuple[Any, ...]]:
        answer = self.clickhouse.query(
            "select * from raw.events where person_id = {who:UUID}", {"who": str(self.person)}
        )
        self._columns = answer.column_names
        return [tuple(row) for row in answer.result_rows]

    def _number(self, query: str) -> int:
        who = {"who": str(self.person), "text": str(self.person)}
        return int(self.clickhouse.query(query, who).result_rows[0][0])


ERASE = "erase"
# Puts rows past the doors: beside an erasure it would be the writer without a lease that sweeps refuse.
NOT_BESIDE = "restore"


def acts_of(order: random.Random) -> list[str]:
    """Some doors in a random order, and the erasure: between two of them, or (`+`) beside one."""
    acts = order.sample(DOORS, k=order.randint(2, len(DOORS)))
    at = order.randint(0, len(acts))
    if at < len(acts) and acts[at] != NOT_BESIDE and order.random() < 0.5:
        acts[at] = f"{ERASE}+{acts[at]}"
    else:
        acts.insert(at, ERASE)
    return acts


async def live(life: Life, acts: Sequence[str]) -> dict[str, int]:
    """Go through these doors, being erased at that moment; returns what is left at the end."""
    await life.begin()
    for act in acts:
        await asyncio.gather(*(life.erase() if one == ERASE else life.doors[one]() for one in act.split("+")))
    # Whatever was on its way arrives now.
    await life.pipeline.work()
    await life.load()
    return await life.traces()
