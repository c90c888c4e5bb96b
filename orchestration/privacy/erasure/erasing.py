"""An erasure as rows of Postgres: opened once, carried out lane by lane, taken up where it stopped.

Each step is noted before and after it is done, and every step done twice is the same as done once: whoever
runs the lanes again after a crash, or after a failure was put right, does what is left. Which lanes there
are, and in which order they run, is in `plan`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from ingest import leases, tombstone_file
from ingest.sealing import shred
from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection
from ingest.tombstone_file import Tombstone
from ingest.tombstones import Kind, Tombstones, key_of
from orchestration.privacy.declarations import Declarations, declared
from orchestration.privacy.erasure.clickhouse import Warehouse
from orchestration.privacy.erasure.folders import Folders
from orchestration.privacy.erasure.jetstream import Streams
from orchestration.privacy.erasure.plan import (
    JETSTREAM_FILES,
    POSTGRES_VIEWS,
    SERVED_AGAIN,
    Lane,
    Step,
    is_copied,
    is_swept,
    plan_of,
)
from orchestration.privacy.erasure.postgres import Database
from orchestration.privacy.erasure.subjects import Subject, Words, words_of
from orchestration.privacy.erasure.sweeping import SweepError, Swept

Told = Callable[[str], None]

_OPEN = """
insert into privacy.erasures (
    erasure_id, declarations_sha256, plan_sha256, plan, person_count, request_ids, run_id, attempt_count
) values (%s, %s, %s, %s, %s, %s, %s, 0)
"""
_ADD_SUBJECT = """
insert into privacy.erasure_subjects (erasure_id, person_id, request_id, words) values (%s, %s, %s, %s)
on conflict do nothing
"""
_ADD_STEP = "insert into privacy.erasure_steps (erasure_id, step, lane, position) values (%s, %s, %s, %s)"
# A request that is taken up again, and whose erasure is signed, was not told so.
_OPEN_OF_REQUESTS = """
select erasure_id from privacy.erasures
where request_ids && %s::uuid[] order by state = 'certified', begun_at limit 1
"""
_SUBJECTS = "select person_id, request_id, words from privacy.erasure_subjects where erasure_id = %s"
_STEPS = """
select step from privacy.erasure_steps
where erasure_id = %s and lane = %s and state <> 'done' order by position
"""
_BEGIN = """
update privacy.erasure_steps set state = 'running', begun_at = now(), problem = null
where erasure_id = %s and step = %s
"""
# What an attempt that died has taken out already is not forgotten by the next one, which finds nothing.
_DONE = """
update privacy.erasure_steps
set state = 'done', finished_at = now(), rows_before = coalesce(rows_before, 0) + %s, rows_after = %s,
    detail = %s
where erasure_id = %s and step = %s
"""
_FAILED = """
update privacy.erasure_steps set state = 'failed', problem = %s, finished_at = now()
where erasure_id = %s and step = %s
"""
# One that died, or waits for somebody's help, keeps nobody from anything for long.
_STALE_AFTER_S = 300
_UNDER_WAY = """
select exists (
    select from privacy.erasures as erasure inner join privacy.erasure_steps as step using (erasure_id)
    where erasure.state = 'running'
    group by erasure_id
    having bool_or(step.state <> 'done' and step.lane <> 'files')
        and greatest(max(erasure.begun_at), max(step.begun_at), max(step.finished_at))
            > now() - make_interval(secs => %s)
)
"""
_MATCHES = (
    "select match_id::text from ingest.buddy_matches where participant_id = any(%s) or buddy_id = any(%s)"
)
_IDENTITIES = "select provider, external_id from ingest.person_identities where person_id = any(%s)"
_TEXT_KEYS = "postgres:privacy.text_keys"
_PERSON_IDENTITIES = "postgres:ingest.person_identities"
_FORGET_IDENTITIES = "delete from ingest.person_identities where person_id = any(%s)"


@dataclass(frozen=True)
class Place:
    """Where an erasure works: the stores, and the data folder with its files and keys."""

    settings: StoreSettings
    home: Path

    def postgres(self) -> psycopg.Connection:
        return postgres_connection(self.settings, autocommit=True)

    def tombstones(self) -> Tombstones:
        return Tombstones(key_of(self.home))


def open_erasure(
    connection: psycopg.Connection,
    people: Sequence[tuple[UUID, UUID | None]],
    *,
    request_ids: Sequence[UUID] = (),
    declarations: Declarations | None = None,
    run_id: str | None = None,
    words: Sequence[str] = (),
) -> UUID:
    """Open one erasure of these people, each with the request that asks for it; returns its id.

    Requests that an unfinished erasure carries out are that erasure's: opening it again returns its id. They
    may come without people: a request soon knows no more whom it was about. Raises SweepError for nobody.
    `words` are further ids and emails to look for, of people who are known by nothing else any more.
    """
    declarations = declarations or declared()
    requests = sorted({*request_ids, *(request for _, request in people if request is not None)})
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(7163202631)")  # one at a time opens
        if there := connection.execute(_OPEN_OF_REQUESTS, (requests,)).fetchone():
            return UUID(str(there[0]))
        if not people and not words:
            raise SweepError("these requests name nobody any more, and no erasure carries them out")
        plan, erasure_id = plan_of(declarations), uuid4()
        connection.execute(
            _OPEN,
            (
                erasure_id, plan.declarations_sha256, plan.sha256, Jsonb(plan.document()),
                len({person for person, _ in people}), requests, run_id,
            ),
        )  # fmt: skip
        known = words_of(connection, [person for person, _ in people])
        with connection.cursor() as cursor:
            cursor.executemany(
                _ADD_SUBJECT,
                [(erasure_id, person, request, list(known[person])) for person, request in people]
                # Under an id that nobody has.
                + ([(erasure_id, uuid4(), None, sorted(words))] if words else []),
            )
            cursor.executemany(
                _ADD_STEP,
                [(erasure_id, one.name, one.lane, place) for place, one in enumerate(plan.steps)],
            )
    return erasure_id


def run_lane(
    place: Place,
    erasure_id: UUID,
    lane: Lane,
    *,
    declarations: Declarations | None = None,
    told: Told = lambda _: None,
) -> list[Step]:
    """Do what is left of one lane; returns the steps done. Raises SweepError; running it again goes on."""
    declarations = declarations or declared()
    with closing(place.postgres()) as connection:
        subjects = subjects_of(connection, erasure_id)
        waiting = [row[0] for row in connection.execute(_STEPS, (erasure_id, lane))]
        if not waiting:
            return []
        work = _Work(place, connection, erasure_id, declarations, subjects, told)
        match lane:
            case "tombstones":
                work.each(waiting, lambda _: work.set_tombstones())
            case "postgres":
                with _warehouse(place, connection, erasure_id, subjects) as warehouse:
                    database = Database(connection, declarations, subjects, warehouse.values)
                    work.each(
                        waiting,
                        lambda step: (
                            database.refresh_views()
                            if step == POSTGRES_VIEWS
                            else database.sweep(declarations[step])
                        ),
                    )
            case "arrivals":
                with _warehouse(place, connection, erasure_id, subjects) as warehouse:
                    work.each(waiting, lambda step: warehouse.sweep(declarations[step]))
            case "clickhouse":
                with (
                    leases.nobody_builds(connection),
                    _warehouse(place, connection, erasure_id, subjects) as warehouse,
                ):
                    work.each(
                        waiting,
                        lambda step: (
                            work.sweep_what_was_published()
                            if step == SERVED_AGAIN
                            else warehouse.sweep(declarations[step])
                        ),
                    )
            case "jetstream":
                work.each(waiting, lambda step: asyncio.run(work.sweep_stream(step)))
            case "folders":
                folders = Folders(place.home, declarations, Words(subjects), connection)
                work.each(waiting, lambda step: folders.sweep(declarations[step]))
            case "files":
                with _warehouse(place, connection, erasure_id, ()) as warehouse:
                    warehouse.merge_again(filter(is_swept, declarations.of_store("clickhouse")))
                work.each(waiting, work.write_files_anew)
    return [Step(step, lane) for step in waiting]


@contextmanager
def _warehouse(
    place: Place, connection: psycopg.Connection, erasure_id: UUID, subjects: Sequence[Subject]
) -> Iterator[Warehouse]:
    people = [one.person_id for one in subjects]
    with (
        closing(clickhouse_client(place.settings, send_receive_timeout=3600)) as clickhouse,
        Warehouse.of(clickhouse, connection, erasure_id, people) as warehouse,
    ):
        yield warehouse


def subjects_of(connection: psycopg.Connection, erasure_id: UUID) -> list[Subject]:
    """Whom an erasure is about; nobody once its certificate is being made."""
    return [
        Subject(person, request, tuple(words))
        for person, request, words in connection.execute(_SUBJECTS, (erasure_id,))
    ]


def is_under_way(connection: psycopg.Connection) -> bool:
    """Whether an erasure is sweeping, or has done so a moment ago and is not through with it."""
    row = connection.execute(_UNDER_WAY, (_STALE_AFTER_S,)).fetchone()
    return bool(row and row[0])


def do_again(connection: psycopg.Connection, erasure_id: UUID, steps: Iterable[str]) -> None:
    """Have steps done again whose relations still hold somebody, and the refresh of what may show them."""
    connection.execute(
        "update privacy.erasure_steps set state = 'waiting' where erasure_id = %s and step = any(%s)",
        (erasure_id, [*steps, POSTGRES_VIEWS, SERVED_AGAIN]),
    )


@dataclass(frozen=True)
class _Work:
    """One lane being run."""

    place: Place
    connection: psycopg.Connection
    erasure_id: UUID
    declarations: Declarations
    subjects: Sequence[Subject]
    told: Told

    def each(self, steps: Sequence[str], do: Callable[[str], Swept]) -> None:
        """Do the steps in their order, noting each; stops at the first that fails."""
        for step in steps:
            self.connection.execute(_BEGIN, (self.erasure_id, step))
            try:
                swept = do(step)
                if swept.after:
                    raise SweepError(
                        f"{step} still holds {swept.after} rows after it was swept; run it again"
                    )
            except Exception as error:
                problem = str(error) if isinstance(error, SweepError) else type(error).__name__
                self.connection.execute(_FAILED, (problem, self.erasure_id, step))
                raise
            self.connection.execute(
                _DONE, (swept.before, swept.after, Jsonb(swept.detail), self.erasure_id, step)
            )
            self.told(f"{step}: {swept.before} before, {swept.after} after")

    def set_tombstones(self) -> Swept:
        """From the commit on nobody of them gets in, and nobody can read what is sealed for them."""
        tombstones = self.place.tombstones()
        people = [one.person_id for one in self.subjects]
        with leases.alone(self.connection), self.connection.transaction():
            tombstones.refresh(self.connection)
            identities: list[tuple[Kind, str]] = [
                (kind, value) for kind, value in self.connection.execute(_IDENTITIES, (people,))
            ]
            matches: list[tuple[Kind, str]] = [
                ("match", match_id) for (match_id,) in self.connection.execute(_MATCHES, (people, people))
            ]
            set_: list[tuple[bytes, UUID | None]] = []
            for subject in self.subjects:
                added = tombstones.add(
                    self.connection, [("person", str(subject.person_id))], subject.request_id
                )
                set_ += [(one, subject.request_id) for one in added]
            set_ += [(one, None) for one in tombstones.add(self.connection, [*identities, *matches], None)]
            hashes = [one for one, _ in set_]
            # Two relations of the plan that go before all others: nobody is found, or read, from now on.
            keys = shred(self.connection, people) if is_swept(self.declarations[_TEXT_KEYS]) else 0
            if is_swept(self.declarations[_PERSON_IDENTITIES]):
                self.connection.execute(_FORGET_IDENTITIES, (people,))
            self.connection.execute(
                "update privacy.erasures set subject_hashes ="
                " (select array_agg(distinct one) from unnest(subject_hashes || %s::bytea[]) as one)"
                " where erasure_id = %s",
                (hashes, self.erasure_id),
            )
            # Before the commit: an older backup of the database may lose them, and this file does not.
            now = datetime.now(UTC)
            tombstone_file.append(
                self.place.home, [Tombstone(one, tombstones.key_id, request, now) for one, request in set_]
            )
        return Swept(
            len(identities),
            detail={"tombstones": len(hashes), "text_keys_shredded": keys, "people": len(people)},
        )

    async def sweep_stream(self, step: str) -> Swept:
        return await self._with_streams(lambda streams: streams.sweep(self.declarations[step]))

    def sweep_what_was_published(self) -> Swept:
        """A publication that was under way when Postgres was swept may have brought the people back."""
        database = Database(self.connection, self.declarations, self.subjects)
        found = sum(database.sweep(one).before for one in self.declarations if is_copied(one))
        if found:
            database.refresh_views()
        return Swept(found)

    def write_files_anew(self, step: str) -> Swept:
        if step == JETSTREAM_FILES:
            return asyncio.run(
                self._with_streams(lambda streams: streams.begin_files_anew(self.declarations))
            )
        # Nobody's words are needed any more: they go with the last lane, so that its files are without them.
        self.connection.execute(
            "delete from privacy.erasure_subjects where erasure_id = %s", (self.erasure_id,)
        )
        return Database(self.connection, self.declarations, []).write_anew(self.told)

    async def _with_streams(self, do: Callable[[Streams], Any]) -> Swept:
        nats = await nats_client(self.place.settings, name="erasure")
        try:
            swept: Swept = await do(Streams(nats.jetstream(), Words(self.subjects)))
            return swept
        finally:
            await nats.close()
