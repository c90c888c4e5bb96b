"""A person planted in every declared relation, with words in each that stand nowhere else.

Tables that dbt makes are made here from their declarations; rows are made from whatever columns a table has,
so that a new table is planted without a line here. Words are stored without compression: what is in a file
can be searched.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from psycopg import sql
from psycopg.rows import dict_row

from ingest.stores import clickhouse_client, nats_client
from orchestration.privacy.declarations import Column, Relation, declared
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.plan import is_swept

_MARKER = re.compile(rb"canary[0-9a-f]{24}")
_COLUMNS = """
select attname, format_type(atttypid, null) as type, attidentity, attgenerated
from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped
"""
# Checks: rows are made up, and no check of theirs would let them in. Cascades: a row that goes with another
# one says nothing of its own declaration.
_CONSTRAINTS = """
select conrelid::regclass::text, conname from pg_constraint
where connamespace::regnamespace::text <> 'information_schema' and conrelid <> 0
    and (contype = 'c' or contype = 'f' and confdeltype = 'c' and conrelid::regclass::text = any(%s))
"""


class Canary:
    """One person, and another one in the same relations who stays."""

    def __init__(self, place: Place, beside: Canary | None = None) -> None:
        self.place = place
        self.relations = [one for one in declared() if is_swept(one)]
        self.person, self.other = uuid4(), uuid4()
        self.seed = secrets.token_hex(8)
        # One connection to each store: there are hundreds of questions. Whoever is beside another has theirs.
        self._stores = ExitStack()
        if beside is None:
            self.in_postgres = _Postgres(self._stores.enter_context(closing(place.postgres())))
            self.in_clickhouse = _ClickHouse(
                self._stores.enter_context(closing(clickhouse_client(place.settings)))
            )
        else:
            self.in_postgres, self.in_clickhouse = beside.in_postgres, beside.in_clickhouse
        self.email = f"{self.marker('postgres:ingest.person_identities')}@canary.example"

    def marker(self, key: str) -> str:
        return "canary" + hashlib.sha256(f"{self.seed}{key}".encode()).hexdigest()[:24]

    async def plant(self, *beside: Canary) -> None:
        """Put the person, and the other, into every relation; those beside them as well."""
        canaries = [self, *beside]
        for relation in self.relations:
            match relation.store:
                case "postgres":
                    self.in_postgres.plant(relation, canaries)
                case "clickhouse":
                    self.in_clickhouse.plant(relation, canaries)
                case "folder":
                    for one in canaries:
                        one.plant_file(relation)
        await self._plant_messages(canaries)

    def close(self) -> None:
        """Leave the stores."""
        self._stores.close()

    def markers_on_disk(self) -> set[str]:
        """Every word of the person that is in any file of any store."""
        return self.those_of_mine(words_on_disk(self.place.home))

    def those_of_mine(self, words: Collection[bytes]) -> set[str]:
        """Relations of which the person's word is among these."""
        ours = {self.marker(key).encode(): key for key in [*self._keys(), _SETTLED]}
        return {ours[one] for one in words if one in ours}

    def ids_on_disk(self) -> list[str]:
        """Files that hold the person's id, as text or as either store writes it in binary."""
        high, low = self.person.bytes[:8], self.person.bytes[8:]
        forms = (str(self.person).encode(), self.person.bytes, high[::-1] + low[::-1])
        return [
            str(path.relative_to(self.place.home))
            for path in self.place.home.rglob("*")
            if path.is_file() and not path.is_symlink() and any(form in _bytes(path) for form in forms)
        ]

    def rows(self, relation: Relation, person: UUID) -> int:
        """Rows of a table that say anything of a person, hidden ones too."""
        words = [str(person)]
        if relation.store == "postgres" and person == self.person:
            words.append(self.marker(relation.key))
        return sum(is_in(text, words) for text in self.texts(relation))

    def texts(self, relation: Relation) -> list[str]:
        """Every row of a table as text, hidden ones too."""
        store = self.in_postgres if relation.store == "postgres" else self.in_clickhouse
        return store.texts(relation)

    def _keys(self) -> Iterable[str]:
        return (relation.key for relation in self.relations)

    def plant_file(self, relation: Relation) -> None:
        folder = self.place.home / relation.name
        folder.mkdir(parents=True, exist_ok=True)
        marker = self.marker(relation.key)
        name = self.seed
        if relation.name.endswith("exports"):
            with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
                archive.writestr("person.json", json.dumps({"id": str(self.person), "said": marker}))
        elif relation.name.endswith("quarantine"):
            (folder / f"{name}.json").write_text(json.dumps({"email": self.email.upper(), "said": marker}))
        else:
            (folder / f"{name}.csv").write_text(
                f'email,said\n{self.email},"{marker},\nand more"\n{self.other}@x.example,hello\n'
            )

    async def _plant_messages(self, canaries: Sequence[Canary]) -> None:
        nats = await nats_client(self.place.settings, name="canary")
        js = nats.jetstream()
        try:
            # Settled before anybody asks: a work queue lets go of it and leaves its bytes.
            await js.publish("inbox.canary.settled", json.dumps({"said": self.marker(_SETTLED)}).encode())
            for consumer in await js.consumers_info("INBOX"):
                await js.delete_consumer("INBOX", consumer.name)
            subscription = await js.pull_subscribe("inbox.>", durable="canary", stream="INBOX")
            for message in await subscription.fetch(10, timeout=5):
                await message.ack_sync()
            await js.delete_consumer("INBOX", "canary")
            subjects = {
                "INBOX": "inbox.canary.x", "RETRY": "retry.due.canary.x", "EVENTS": "events._.canary",
                "DEAD_LETTERS": "dead.canary.x", "UPDATES": "updates.canary.x",
            }  # fmt: skip
            for canary, relation in product(canaries, self.relations):
                if relation.store == "jetstream":
                    said = {"email": canary.email, "said": canary.marker(relation.key)}
                    await js.publish(subjects[relation.name], json.dumps(said).encode())
                    if relation.name not in _WORK_QUEUES:  # one that nobody empties is not begun anew
                        other = json.dumps({"who": str(canary.other)}).encode()
                        await js.publish(subjects[relation.name], other)
        finally:
            await nats.close()


_SETTLED = "settled"
_WORK_QUEUES = ("INBOX", "RETRY")


# Made up as they are, rows may be alike in the key of a table that collapses, or each in its own partition.
_AS_MADE_UP = {
    "date_time_input_format": "best_effort", "optimize_on_insert": 0, "max_partitions_per_insert_block": 0,
}  # fmt: skip


class _ClickHouse:
    def __init__(self, client: ClickHouseClient) -> None:
        self._client = client

    def plant(self, relation: Relation, canaries: Sequence[Canary]) -> None:
        types = self._types(relation)
        rows = [
            json.dumps(
                {name: self._value(canary, relation, name, type_, who) for name, type_ in types.items()}
            )
            for canary in canaries
            for who in _together(canary, relation)
        ]
        self._client.raw_insert(
            relation.name, None, "\n".join(rows).encode(), fmt="JSONEachRow",
            settings=_AS_MADE_UP,
        )  # fmt: skip

    def texts(self, relation: Relation) -> list[str]:
        rows = self._client.query(
            f"select toString(tuple(*)) from {relation.name}",
            settings={"apply_deleted_mask": 0, "apply_patch_parts": 0},
        ).result_rows
        return [str(row[0]) for row in rows]

    def _types(self, relation: Relation) -> dict[str, str]:
        database, _, table = relation.name.partition(".")
        found = self._found(database, table)
        if not found:  # dbt makes it
            columns = ", ".join(
                f"`{name}` {'UUID' if name in relation.subject_keys.values() else 'String codec(NONE)'}"
                for name in relation.columns
            )
            self._client.command(f"create database if not exists {database}")
            self._client.command(
                f"create table {relation.name} ({columns}) engine = MergeTree order by tuple()"
            )
            found = self._found(database, table)
        for name, type_, codec in found:
            if codec and codec != "CODEC(NONE)" and type_ == "String":
                self._client.command(f"alter table {relation.name} modify column `{name}` codec(NONE)")
        return {name: type_ for name, type_, _ in found}

    def _found(self, database: str, table: str) -> list[tuple[str, str, str]]:
        rows = self._client.query(
            "select name, type, compression_codec from system.columns where database = {db:String}"
            " and table = {name:String} and default_kind not in ('MATERIALIZED', 'ALIAS', 'EPHEMERAL')",
            {"db": database, "name": table},
        ).result_rows
        return [(str(name), str(type_), str(codec)) for name, type_, codec in rows]

    def _value(
        self, canary: Canary, relation: Relation, name: str, type_: str, who: Mapping[str, UUID]
    ) -> Any:
        marker = canary.marker(relation.key) if canary.person in who.values() else "hello"
        for role, column in relation.subject_keys.items():
            if column == name:
                return str(who[role])
        column = relation.columns.get(name, Column())
        if column.fields:
            named = [field for field, pii in column.fields.items() if pii == "pseudonym"]
            words = [field for field, pii in column.fields.items() if pii not in ("pseudonym", "none")]
            first = next(iter(who.values()))
            return json.dumps(
                {named[0]: str(first), named[1]: str(canary.other), words[0]: marker, "kept": "yes"}
            )
        if type_ == "String":
            if column.mentions:
                return f"thing/{next(iter(who.values()))}"
            return marker if column.is_personal else "x"
        if type_ == "UUID":
            return str(uuid5(NAMESPACE_OID, f"{name}{who}"))
        if type_.startswith(("Date", "Nullable", "Array", "Map", "Tuple", "LowCardinality", "SimpleAgg")):
            return _OF_TYPE.get(type_.partition("(")[0])
        return 0


# Of yesterday: what is older may be past its time, and gone by itself.
_ON = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
_AT = f"{_ON}T10:00:00Z"
_OF_TYPE: dict[str, Any] = {
    "Date": _ON, "Date32": _ON, "DateTime64": _AT,
    "DateTime": _AT, "Array": [], "Map": {}, "LowCardinality": "x", "Nullable": None,
    "SimpleAggregateFunction": None, "Tuple": None,
}  # fmt: skip


class _Postgres:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._may_hold_anything = False

    def plant(self, relation: Relation, canaries: Sequence[Canary]) -> None:
        if not self._may_hold_anything:
            self._drop_constraints(canaries[0].relations)
        with self._connection.cursor(row_factory=dict_row) as cursor:
            columns = cursor.execute(_COLUMNS, (relation.name,)).fetchall()
        columns = [one for one in columns if not one["attidentity"] and not one["attgenerated"]]
        with self._connection.transaction(), self._connection.cursor() as cursor:
            # No foreign keys and no triggers: a row of each table, whatever it hangs on.
            self._connection.execute("set local session_replication_role = replica")
            cursor.executemany(
                sql.SQL("insert into {} ({}) values ({})").format(
                    sql.Identifier(*relation.name.split(".")),
                    sql.SQL(", ").join(sql.Identifier(one["attname"]) for one in columns),
                    sql.SQL(", ").join(sql.Placeholder() * len(columns)),
                ),
                [
                    [self._value(canary, relation, one, person) for one in columns]
                    for canary in canaries
                    for person in (canary.person, canary.other)
                ],
            )

    def _drop_constraints(self, relations: Iterable[Relation]) -> None:
        declared_ = [one.name for one in relations if one.store == "postgres"]
        for table, name in self._connection.execute(_CONSTRAINTS, (declared_,)).fetchall():
            self._connection.execute(
                sql.SQL("alter table {} drop constraint {}").format(
                    sql.Identifier(*table.split(".")), sql.Identifier(name)
                )
            )
        self._may_hold_anything = True

    def texts(self, relation: Relation) -> list[str]:
        table = sql.Identifier(*relation.name.split("."))
        rows = self._connection.execute(sql.SQL("select row_to_json(t)::text from {} as t").format(table))
        return [str(row[0]) for row in rows]

    def _value(self, canary: Canary, relation: Relation, column: Mapping[str, Any], person: UUID) -> Any:
        name, type_ = column["attname"], column["type"]
        said = relation.columns.get(name, Column())
        is_mine = person == canary.person
        marker = canary.marker(relation.key) if is_mine else secrets.token_hex(8)
        if name == "provider":
            return "email"
        if name == "external_id":
            return canary.email if is_mine else f"{person}@x.example"
        if name in relation.subject_keys.values():
            return person
        words = f"{marker} {person}" if said.mentions else marker
        match type_:
            case "uuid":
                return uuid5(NAMESPACE_OID, f"{name}{dict.fromkeys(_ROLES, person)}")
            case "uuid[]" | "text[]":
                return []
            case "jsonb" | "json":
                return json.dumps({"said": words} if said.is_personal else {})
            case "bytea":
                return words.encode() if said.is_personal else secrets.token_bytes(8)
            case "bigint" | "integer" | "smallint" | "double precision":
                return secrets.randbelow(1 << 14)
            case "boolean":
                return False
            case _ if type_.startswith("timestamp"):
                return _AT
            case "date":
                return _ON
            case _:
                return words if said.is_personal else secrets.token_hex(4)


_ROLES = ("person",)


def of_the_other(canary: Canary, relation: Relation) -> int:
    """Rows of the one who stays. Where rows are deleted, one that names both goes."""
    rows = canary.rows(relation, canary.other)
    return rows if relation.erase == "redact" else min(rows, 1)


def is_in(text: str, words: Iterable[str]) -> bool:
    """Whether a row says one of these. A body is bytes: as hexadecimal digits in JSON."""
    return any(word in text or word.encode().hex() in text for word in words)


def words_on_disk(home: Path) -> set[bytes]:
    """Every planted word that is in any file."""
    found: set[bytes] = set()
    for path in home.rglob("*"):
        if path.is_file() and not path.is_symlink():
            found.update(_MARKER.findall(_bytes(path)))
    return found


def _together(canary: Canary, relation: Relation) -> Iterator[Mapping[str, UUID]]:
    """Who is in a row, by role: the person, the other, and, where there are two, both."""
    yield dict.fromkeys(relation.subject_keys, canary.person)
    yield dict.fromkeys(relation.subject_keys, canary.other)
    if len(relation.subject_keys) > 1:
        first, *others = relation.subject_keys
        yield {first: canary.person, **dict.fromkeys(others, canary.other)}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, PermissionError):
        return b""
