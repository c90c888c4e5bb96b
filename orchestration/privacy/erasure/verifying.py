"""Counts what is left of erased people, in every relation that is declared to hold people.

It knows them by their tombstones alone: the ids in each table are hashed as the doors hash them and
compared, so it needs no list of who was erased, on any later day, and shares no condition with what deleted.
What cannot be looked at is unknown, and unknown is not zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from uuid import UUID

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.js.errors import NotFoundError
from psycopg import sql

from ingest.stores import clickhouse_client, nats_client
from ingest.tombstones import Kind, Tombstones
from orchestration.privacy.declarations import Declarations, Relation, declared
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.folders import contents, files_of
from orchestration.privacy.erasure.jetstream import messages
from orchestration.privacy.erasure.subjects import SHORTEST_WORD, as_bytes

_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_WORD = re.compile(rb"[^\s\"'<>(),;:\[\]{}\\|/=&?#]+")
_PROVIDERS: tuple[Kind, ...] = ("kintell", "buddy", "discord", "upskilling")
_HIDDEN_TOO = {"apply_deleted_mask": 0, "apply_patch_parts": 0, "max_execution_time": 0}
_IDS = "extractAll(toString(`{}`), '[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}')"

State = Literal["counted", "absent", "unknown"]


@dataclass(frozen=True)
class Count:
    """What is left in one relation. `looked_at`: distinct ids, rows, messages or files that were compared."""

    relation: str
    state: State
    remaining: int = 0
    looked_at: int = 0
    problem: str | None = None
    # Who came back, for whoever has them erased again. Never stored and never printed.
    people: frozenset[UUID] = field(default=frozenset(), repr=False, compare=False)
    words: frozenset[str] = field(default=frozenset(), repr=False, compare=False)  # by which they are named

    def document(self) -> dict[str, Any]:
        """As a certificate has it."""
        return {
            name: value
            for name, value in asdict(self).items()
            if name not in ("people", "words") and value is not None
        }


@dataclass(frozen=True)
class Report:
    """All counts. It is clean when everything was counted, or is not there, and nothing is left."""

    counts: tuple[Count, ...]

    @property
    def remaining(self) -> int:
        return sum(one.remaining for one in self.counts)

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(one.relation for one in self.counts if one.state == "unknown")

    @property
    def is_clean(self) -> bool:
        return not self.remaining and not self.unknown

    @property
    def unclean(self) -> tuple[str, ...]:
        """Relations to sweep again."""
        return tuple(one.relation for one in self.counts if one.remaining or one.state == "unknown")

    @property
    def people(self) -> frozenset[UUID]:
        return frozenset().union(*(one.people for one in self.counts))

    @property
    def words(self) -> frozenset[str]:
        return frozenset().union(*(one.words for one in self.counts))

    def explained(self) -> str:
        parts = [f"{one.remaining} in {one.relation}" for one in self.counts if one.remaining]
        parts += [f"{one.relation} unknown ({one.problem})" for one in self.counts if one.state == "unknown"]
        return "; ".join(parts) or "nothing is left"


async def verify(
    place: Place, hashes: Iterable[bytes] | None = None, *, declarations: Declarations | None = None
) -> Report:
    """Count what is left of the people of these hashes, or of everybody who has a tombstone."""
    declarations = declarations or declared()
    tombstones = place.tombstones()
    with (
        closing(place.postgres()) as connection,
        closing(clickhouse_client(place.settings, send_receive_timeout=3600)) as clickhouse,
    ):
        tombstones.refresh(connection)
        verifier = _Verifier(
            place, declarations, tombstones, frozenset(hashes) if hashes is not None else None, connection,
            clickhouse,
        )  # fmt: skip
        counts = []
        for relation in declarations.about_people():
            holds_rows = relation.kind == "materialized_view" and relation.store == "postgres"
            if not relation.is_erased_here and not holds_rows:
                continue  # kept on a legal ground, or a view of what is counted here
            try:
                counts.append(await verifier.count(relation))
            except Exception as error:  # whatever it is: what was not counted is unknown
                counts.append(Count(relation.key, "unknown", problem=type(error).__name__))
    return Report(tuple(counts))


class _Verifier:
    def __init__(
        self,
        place: Place,
        declarations: Declarations,
        tombstones: Tombstones,
        wanted: frozenset[bytes] | None,
        connection: psycopg.Connection,
        clickhouse: ClickHouseClient,
    ) -> None:
        self._place = place
        self._declarations = declarations
        self._tombstones = tombstones
        self._wanted = wanted
        self._connection = connection
        self._clickhouse = clickhouse
        self._known: dict[tuple[Kind, str], bool] = {}
        self._found: set[str] = set()

    async def count(self, relation: Relation) -> Count:
        match relation.store:
            case "clickhouse":
                return self._in_clickhouse(relation)
            case "postgres":
                return self._in_postgres(relation)
            case "jetstream":
                return await self._in_stream(relation)
            case _:
                return self._in_folder(relation)

    def _in_clickhouse(self, relation: Relation) -> Count:
        database, _, table = relation.name.partition(".")
        columns = {
            str(row[0])
            for row in self._clickhouse.query(
                "select name from system.columns where database = {db:String} and table = {name:String}",
                {"db": database, "name": table},
            ).result_rows
        }
        if not columns:
            return Count(relation.key, "absent")
        arrays = [f"[toString(`{name}`)]" for name in relation.subject_keys.values()]
        for name in relation.mentions:
            declared_ = relation.columns[name]
            fields = [one for one, pii in (declared_.fields or {}).items() if pii == "pseudonym"]
            if name not in columns:
                continue
            arrays.append(_json_people(name, fields) if fields else _IDS.format(name))
        if not arrays:
            return self._only_reached(relation)
        rows = self._clickhouse.query(
            f"select distinct arrayJoin(arrayConcat({', '.join(arrays)})) from {relation.name}",  # noqa: S608
            settings=_HIDDEN_TOO,
        ).result_rows
        return self._of_ids(relation, (str(row[0]) for row in rows))

    def _only_reached(self, relation: Relation) -> Count:
        # It has no id of a person: its rows are found by those of another relation, and go before them.
        return Count(relation.key, "counted")

    def _in_postgres(self, relation: Relation) -> Count:
        exists = self._connection.execute("select to_regclass(%s)", (relation.name,)).fetchone()
        if not exists or exists[0] is None:
            return Count(relation.key, "absent")
        table = sql.Identifier(*relation.name.split("."))
        ids: set[str] = set()
        for name in relation.subject_keys.values():
            column = sql.Identifier(name)
            rows = self._connection.execute(
                sql.SQL("select distinct {0}::text from {1} where {0} is not null").format(column, table)
            )
            ids.update(match.decode() for (text,) in rows for match in _ID.findall(text.encode()))
        count = self._of_ids(relation, ids)
        if not relation.mentions:
            return count
        names = sql.SQL(", ").join(map(sql.Identifier, relation.mentions))
        left = looked_at = 0
        self._found = set()
        with self._connection.transaction(), self._connection.cursor(name="verifying") as cursor:
            cursor.execute(sql.SQL("select {} from {}").format(names, table))
            for row in cursor:
                looked_at += 1
                left += self._is_named(as_bytes(cell) for cell in row if cell is not None)
        return Count(
            relation.key, "counted", count.remaining + left, count.looked_at + looked_at,
            people=count.people, words=frozenset(self._found),
        )  # fmt: skip

    async def _in_stream(self, relation: Relation) -> Count:
        nats = await nats_client(self._place.settings, name="verifying")
        try:
            js = nats.jetstream()
            try:
                info = await js.stream_info(relation.name)
            except NotFoundError:
                return Count(relation.key, "absent")
            left = looked_at = 0
            self._found = set()
            async for _, content in messages(js, info):
                looked_at += 1
                left += self._is_named(content)
            return Count(relation.key, "counted", left, looked_at, words=frozenset(self._found))
        finally:
            await nats.close()

    def _in_folder(self, relation: Relation) -> Count:
        if not (self._place.home / relation.name).exists():
            return Count(relation.key, "absent")
        left = looked_at = 0
        self._found = set()
        for path in files_of(self._place.home, relation, self._declarations):
            looked_at += 1
            left += self._is_named(contents(path))
        return Count(relation.key, "counted", left, looked_at, words=frozenset(self._found))

    def _of_ids(self, relation: Relation, texts: Iterable[str]) -> Count:
        people, looked_at = set(), 0
        for text in texts:
            for found in _ID.findall(text.lower().encode()):
                looked_at += 1
                if self._is_erased("person", found.decode()):
                    people.add(UUID(found.decode()))
        return Count(relation.key, "counted", len(people), looked_at, people=frozenset(people))

    def _is_named(self, parts: Iterable[bytes]) -> bool:
        found = {word for part in parts for kind, word in _names(part) if self._is_erased(kind, word)}
        self._found |= found
        return bool(found)

    def _is_erased(self, kind: Kind, value: str) -> bool:
        key = (kind, value)
        if key not in self._known:
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
            if self._wanted is None:
                self._known[key] = self._tombstones.has(kind, value)
            else:
                self._known[key] = self._tombstones.hash_of(kind, value) in self._wanted
        return self._known[key]


_MOST_REMEMBERED = 2_000_000


def _json_people(name: str, fields: Sequence[str]) -> str:
    """Expression: what these fields of JSON hold, quotes and lists and all."""
    wanted = ", ".join(f"'{one}'" for one in [*fields, "attendees"])
    pairs = f"arrayFilter(pair -> pair.1 in ({wanted}), JSONExtractKeysAndValuesRaw(`{name}`))"
    return f"arrayMap(pair -> pair.2, {pairs})"


def _names(content: bytes) -> Iterator[tuple[Kind, str]]:
    """What in these bytes may be a person's id or address."""
    content = content.lower()
    for found in set(_WORD.findall(content)):
        word = found.decode(errors="replace")
        if _ID.fullmatch(found):
            yield "person", word
        if b"@" in found:
            yield "email", word
        elif len(found) >= SHORTEST_WORD:
            for provider in _PROVIDERS:
                yield provider, word
