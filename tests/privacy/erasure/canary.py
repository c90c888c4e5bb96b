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
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from psycopg import sql
from psycopg.rows import dict_row

from ingest.stores import clickhouse_client, nats_client
from orchestration.privacy.declarations import Column, Declarations, Relation, declared
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.plan import is_swept

_MARKER = re.compile(rb"canary[0-9a-f]{24}")
_COLUMNS = """
select attname, format_type(atttypid, null) as type, attidentity, attgenerated
from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped
"""
_CHECKS = """
select conrelid::regclass::text, conname from pg_constraint
where contype = 'c' and connamespace::regnamespace::text <> 'information_schema' and conrelid <> 0
"""
_CASCADES = """
select conrelid::regclass::text from pg_constraint
where contype = 'f' and confdeltype = 'c' and confrelid::regclass::text = any(%s)
"""


class Canary:
    """One person, and another one in the same relations who stays."""

    def __init__(self, place: Place, declarations: Declarations | None = None) -> None:
        self.place = place
        self.declarations = declarations or declared()
        self.relations = [one for one in self.declarations if is_swept(one)]
        self.person, self.other = uuid4(), uuid4()
        self._seed = secrets.token_hex(8)
        # One connection to each store: there are hundreds of questions.
        self._stores = ExitStack()
        self._in_postgres = _Postgres(self, self._stores.enter_context(closing(place.postgres())))
        self._in_clickhouse = _ClickHouse(
            self, self._stores.enter_context(closing(clickhouse_client(place.settings)))
        )
        self.email = f"{self.marker('postgres:ingest.person_identities')}@canary.example"

    def marker(self, key: str) -> str:
        return "canary" + hashlib.sha256(f"{self._seed}{key}".encode()).hexdigest()[:24]

    async def plant(self) -> None:
        """Put the person, and the other, into every relation."""
        for relation in self.relations:
            match relation.store:
                case "postgres":
                    self._in_postgres.plant(relation)
                case "clickhouse":
                    self._in_clickhouse.plant(relation)
                case "folder":
                    self._plant_file(relation)
        await self._plant_messages()

    def close(self) -> None:
        """Leave the stores."""
        self._stores.close()

    def markers_on_disk(self) -> set[str]:
        """Every word of the person that is in any file of any store."""
        found: set[bytes] = set()
        for path in self.place.home.rglob("*"):
            if path.is_file() and not path.is_symlink():
                found.update(_MARKER.findall(_bytes(path)))
        ours = {self.marker(key).encode(): key for key in [*self._keys(), _SETTLED]}
        return {ours[one] for one in found if one in ours}

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
        store = self._in_postgres if relation.store == "postgres" else self._in_clickhouse
        return store.rows(relation, person)

    def cascading(self) -> set[str]:
        """Tables whose rows go with those of another one, declared or not."""
        with closing(self.place.postgres()) as postgres:
            names = [one.name for one in self.relations if one.store == "postgres"]
            return {f"postgres:{row[0]}" for row in postgres.execute(_CASCADES, (names,))}

    def _keys(self) -> Iterable[str]:
        return (relation.key for relation in self.relations)

    def _plant_file(self, relation: Relation) -> None:
        folder = self.place.home / relation.name
        folder.mkdir(parents=True, exist_ok=True)
        marker = self.marker(relation.key)
        name = self._seed
        if relation.name.endswith("exports"):
            with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
                archive.writestr("person.json", json.dumps({"id": str(self.person), "said": marker}))
        elif relation.name.endswith("quarantine"):
            (folder / f"{name}.json").write_text(json.dumps({"email": self.email.upper(), "said": marker}))
        else:
            (folder / f"{name}.csv").write_text(
                f'email,said\n{self.email},"{marker},\nand more"\n{self.other}@x.example,hello\n'
            )

    async def _plant_messages(self) -> None:
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
            for relation in self.relations:
                if relation.store == "jetstream":
                    said = {"email": self.email, "said": self.marker(relation.key)}
                    await js.publish(subjects[relation.name], json.dumps(said).encode())
                    await js.publish(subjects[relation.name], json.dumps({"who": str(self.other)}).encode())
        finally:
            await nats.close()


_SETTLED = "settled"


class _ClickHouse:
    def __init__(self, canary: Canary, client: ClickHouseClient) -> None:
        self._canary = canary
        self._client = client

    def plant(self, relation: Relation) -> None:
        types = self._types(relation)
        marker = self._canary.marker(relation.key)
        alone = dict.fromkeys(relation.subject_keys, self._canary.person)
        people = [alone, dict.fromkeys(relation.subject_keys, self._canary.other)]
        if len(relation.subject_keys) > 1:
            first, *others = relation.subject_keys
            people.append({first: self._canary.person, **dict.fromkeys(others, self._canary.other)})
        for who in people:
            is_mine = self._canary.person in who.values()
            row = {
                name: self._value(relation, name, type_, who, marker if is_mine else "hello")
                for name, type_ in types.items()
            }
            self._client.raw_insert(
                relation.name, None, json.dumps(row).encode(), fmt="JSONEachRow",
                settings={"date_time_input_format": "best_effort"},
            )  # fmt: skip

    def rows(self, relation: Relation, person: UUID) -> int:
        answer = self._client.query(
            f"select count() from {relation.name} where toString(tuple(*)) like {{like:String}}",
            {"like": f"%{person}%"}, settings={"apply_deleted_mask": 0, "apply_patch_parts": 0},
        )  # fmt: skip
        return int(answer.result_rows[0][0])

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

    def _value(self, relation: Relation, name: str, type_: str, who: Mapping[str, UUID], marker: str) -> Any:
        for role, column in relation.subject_keys.items():
            if column == name:
                return str(who[role])
        column = relation.columns.get(name, Column())
        if column.fields:
            named = [field for field, pii in column.fields.items() if pii == "pseudonym"]
            words = [field for field, pii in column.fields.items() if pii not in ("pseudonym", "none")]
            first = next(iter(who.values()))
            return json.dumps(
                {named[0]: str(first), named[1]: str(self._canary.other), words[0]: marker, "kept": "yes"}
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
    def __init__(self, canary: Canary, connection: psycopg.Connection) -> None:
        self._canary = canary
        self._connection = connection
        self._may_hold_anything = False  # rows are made up: no check of theirs would let them in

    def plant(self, relation: Relation) -> None:
        if not self._may_hold_anything:
            self._drop_checks()
        with self._connection.cursor(row_factory=dict_row) as cursor:
            columns = cursor.execute(_COLUMNS, (relation.name,)).fetchall()
        columns = [one for one in columns if not one["attidentity"] and not one["attgenerated"]]
        for person in (self._canary.person, self._canary.other):
            values = {one["attname"]: self._value(relation, one, person) for one in columns}
            with self._connection.transaction():
                # No foreign keys and no triggers: a row of each table, whatever it hangs on.
                self._connection.execute("set local session_replication_role = replica")
                self._connection.execute(
                    sql.SQL("insert into {} ({}) values ({})").format(
                        sql.Identifier(*relation.name.split(".")),
                        sql.SQL(", ").join(map(sql.Identifier, values)),
                        sql.SQL(", ").join(sql.Placeholder() * len(values)),
                    ),
                    list(values.values()),
                )

    def _drop_checks(self) -> None:
        for table, name in self._connection.execute(_CHECKS).fetchall():
            self._connection.execute(
                sql.SQL("alter table {} drop constraint {}").format(
                    sql.Identifier(*table.split(".")), sql.Identifier(name)
                )
            )
        self._may_hold_anything = True

    def rows(self, relation: Relation, person: UUID) -> int:
        words = (
            [str(person), self._canary.marker(relation.key)]
            if person == self._canary.person
            else [str(person)]
        )
        table = sql.Identifier(*relation.name.split("."))
        found = 0
        for (text,) in self._connection.execute(
            sql.SQL("select row_to_json(t)::text from {} as t").format(table)
        ):
            # A body is bytes: as hexadecimal digits in JSON.
            found += any(word in text or word.encode().hex() in text for word in words)
        return found

    def _value(self, relation: Relation, column: Mapping[str, Any], person: UUID) -> Any:
        name, type_ = column["attname"], column["type"]
        said = relation.columns.get(name, Column())
        is_mine = person == self._canary.person
        marker = self._canary.marker(relation.key) if is_mine else secrets.token_hex(8)
        if name == "provider":
            return "email"
        if name == "external_id":
            return self._canary.email if is_mine else f"{person}@x.example"
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


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, PermissionError):
        return b""
