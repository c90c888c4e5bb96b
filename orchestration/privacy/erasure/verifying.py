"""Counts what is left of erased people, in every relation that is declared to hold people.

It knows them by their tombstones alone: the ids in each table are hashed as the doors hash them and
compared, so it needs no list of who was erased, on any later day, and shares no condition with what deleted.
What cannot be looked at is unknown, and unknown is not zero.

ClickHouse hashes where the ids are: millions of them never leave it. Words of messages, files and texts of
Postgres are hashed here, each once however often it is said.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from uuid import UUID

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.js.errors import NotFoundError
from psycopg import sql

from ingest.events import NIL
from ingest.stores import clickhouse_client, nats_client
from ingest.tombstones import Kind, Tombstones
from orchestration.privacy.declarations import Declarations, Relation, declared
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.folders import contents, files_of, is_left_draft
from orchestration.privacy.erasure.hashing import Hashing
from orchestration.privacy.erasure.jetstream import messages
from orchestration.privacy.erasure.subjects import SHORTEST_WORD, as_bytes

_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_WORD = re.compile(rb"[^\s\"'<>(),;:\[\]{}\\|/=&?#]+")
_PROVIDERS: tuple[Kind, ...] = ("kintell", "buddy", "discord", "upskilling")
_ESCAPED = re.compile(rb"\\u([0-9a-f]{4})")
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_UUID_LENGTH = 36
_HIDDEN_TOO = {
    "apply_deleted_mask": 0,
    "apply_patch_parts": 0,
    "max_execution_time": 0,
    "short_circuit_function_evaluation": "force_enable",
}

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

    def documents(self) -> list[dict[str, Any]]:
        return [one.document() for one in self.counts]

    @classmethod
    def of(cls, documents: Iterable[dict[str, Any]]) -> Report:
        """A report as it was written down."""
        return cls(tuple(Count(**one) for one in documents))

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
    with ExitStack() as stack:
        connection = stack.enter_context(closing(place.postgres()))
        clickhouse = stack.enter_context(
            closing(clickhouse_client(place.settings, send_receive_timeout=3600))
        )
        tombstones.refresh(connection)
        wanted = tombstones.hashes if hashes is None else frozenset(hashes)
        stack.enter_context(hashing := Hashing(clickhouse, tombstones, wanted))
        verifier = _Verifier(place, declarations, tombstones, wanted, connection, clickhouse, hashing)
        counts: dict[str, Count] = {}

        async def each(relations: Iterable[Relation]) -> None:
            for relation in relations:
                try:
                    counts[relation.key] = await verifier.count(relation)
                except Exception as error:  # whatever it is: what was not counted is unknown
                    counts[relation.key] = Count(relation.key, "unknown", problem=type(error).__name__)

        relations = [one for one in declarations.about_people() if _is_counted(one)]
        # ClickHouse counts by itself; the rest is counted by this process meanwhile.
        elsewhere = (one for one in relations if one.store != "clickhouse")
        await asyncio.gather(each(one for one in relations if one.store == "clickhouse"), each(elsewhere))
    return Report(tuple(counts[one.key] for one in relations))


def _is_counted(relation: Relation) -> bool:
    """All but what is kept on a legal ground, or is a view of what is counted here."""
    return relation.is_erased_here or (relation.kind == "materialized_view" and relation.store == "postgres")


class _Verifier:
    def __init__(
        self,
        place: Place,
        declarations: Declarations,
        tombstones: Tombstones,
        wanted: frozenset[bytes],
        connection: psycopg.Connection,
        clickhouse: ClickHouseClient,
        hashing: Hashing,
    ) -> None:
        self._place = place
        self._declarations = declarations
        self._tombstones = tombstones
        self._wanted = wanted
        self._connection = connection
        self._hashing = hashing
        rows = clickhouse.query(
            "select concat(database, '.', table), groupArray((name, type)) from system.columns"
            " where database not in ('system', 'INFORMATION_SCHEMA', 'information_schema') group by 1"
        ).result_rows
        self._tables: dict[str, dict[str, str]] = {str(table): dict(columns) for table, columns in rows}
        # ClickHouse leaves tables out of its columns that it cannot lock: they are there all the same.
        there = clickhouse.query("select concat(database, '.', name) from system.tables").result_rows
        self._there = {str(row[0]) for row in there}
        self._nobodys: set[bytes] = set()  # words that are no one's of them
        self._found: set[str] = set()

    async def count(self, relation: Relation) -> Count:
        match relation.store:
            case "clickhouse":
                return await asyncio.to_thread(self._in_clickhouse, relation)
            case "postgres":
                return self._in_postgres(relation)
            case "jetstream":
                return await self._in_stream(relation)
            case _:
                return self._in_folder(relation)

    def _in_clickhouse(self, relation: Relation) -> Count:
        if relation.name not in self._there:
            return Count(relation.key, "absent")
        columns = self._tables[relation.name]  # a table that is there and shows none was not looked at
        ids, said, texts = list[str](), list[str](), list[str]()
        for name in relation.subject_keys.values():
            is_id = columns.get(name, "").removeprefix("Nullable(").startswith("UUID")
            (ids if is_id else said).append(name)
        keys = [f"[ifNull(toString(`{name}`), '')]" for name in said]
        for name in relation.mentions:
            declared_ = relation.columns[name]
            fields = [one for one, pii in (declared_.fields or {}).items() if pii == "pseudonym"]
            if name not in columns:
                continue
            if fields:
                keys.append(_json_people(name, fields))
            else:
                texts.append(name)
        if not ids and not keys and not texts:
            return self._only_reached(relation)
        looked_at, people = 0, set[str]()
        for query in (_people_of(ids, keys, relation.name), _named_of(texts, relation.name)):
            if query:
                count, found = self._hashing.count(query, _HIDDEN_TOO)
                looked_at += count
                people |= found
        erased = frozenset(UUID(one) for one in people)
        return Count(relation.key, "counted", len(erased), looked_at, people=erased)

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
            left += self._is_named(contents(path)) or is_left_draft(path)
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
        words = set[bytes]()
        for part in parts:
            words.update(_WORD.findall(_plain(part)))
        words -= self._nobodys
        found = {word for word in words if any(self._is_erased(kind, text) for kind, text in _names(word))}
        if len(self._nobodys) > _MOST_REMEMBERED:
            self._nobodys.clear()
        self._nobodys |= words - found
        self._found |= {word.decode(errors="replace") for word in found}
        return bool(found)

    def _is_erased(self, kind: Kind, value: str) -> bool:
        return self._tombstones.hash_of(kind, value) in self._wanted


_MOST_REMEMBERED = 1_000_000  # some 100 MB


def _people_of(ids: Sequence[str], keys: Sequence[str], table: str) -> str:
    """Query: every id that stands where a person's does, once; columns of ids are compared as stored."""
    queries = []
    if ids:
        stored = ", ".join(f"ifNull(`{name}`, toUUID('{NIL}'))" for name in ids)
        queries.append(
            f"select toString(said) as id from (select distinct arrayJoin([{stored}]) as said from {table})"  # noqa: S608
        )
    if keys:
        said = f"select distinct arrayJoin(arrayConcat({', '.join(keys)})) as said from {table}"  # noqa: S608
        queries.append(f"select arrayJoin(extractAll(lower(said), '{_UUID}')) as id from ({said})")  # noqa: S608
    return f"select distinct id from ({' union all '.join(queries)})" if queries else ""  # noqa: S608


def _named_of(texts: Sequence[str], table: str) -> str:
    """Query: every id inside a text, as often as it is said: most are said once, and none is remembered."""
    if not texts:
        return ""
    said = [f"ifNull(toString(`{name}`), '')" for name in texts]
    # Nothing shorter than an id names one, and its length is known without reading it.
    named = (f"if(length({one}) < {_UUID_LENGTH}, [], extractAll(lower({one}), '{_UUID}'))" for one in said)
    return f"select arrayJoin(arrayConcat({', '.join(named)})) as id from {table}"  # noqa: S608


def _json_people(name: str, fields: Sequence[str]) -> str:
    """Expression: what these fields of JSON hold; of a list or an object, its JSON."""
    wanted = dict.fromkeys([*fields, "attendees"])
    types = ", ".join(f"{one} String" for one in wanted)
    said = ", ".join(f"said.{place}" for place in range(1, len(wanted) + 1))
    each = f"arrayFlatten(arrayMap(said -> [{said}], [JSONExtract(`{name}`, 'Tuple({types})')]))"
    return f"arrayFilter(one -> one != '', {each})"


def _plain(content: bytes) -> bytes:
    """In lower case, and without JSON's escapes."""
    content = content.lower()
    if b"\\u" in content:
        content = _ESCAPED.sub(lambda one: chr(int(one[1], 16)).encode(errors="ignore"), content)
    return content


def _names(word: bytes) -> Iterator[tuple[Kind, str]]:
    """As what a word may name somebody."""
    text = word.decode(errors="replace")
    if _ID.fullmatch(word):
        yield "person", text
    if b"@" in word:
        yield "email", text
    elif len(word) >= SHORTEST_WORD:
        for provider in _PROVIDERS:
            yield provider, text
