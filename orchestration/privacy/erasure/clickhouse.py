"""Takes people out of ClickHouse tables so that no file holds them any more.

A DELETE hides rows, and a mutation leaves the old parts lying about for a while; both were measured to leave
a person's bytes in dozens of files. So the survivors are written into a twin, the twin takes the table's
place in one step, and the old table is dropped for good. Partitions that hold nobody of them are not written
again: their files are linked into the twin. Materialized views that read the table, or write into it, go on
with the twin.

A table of millions of events is read three times: to find the rows, to write the others, and to look once
more at what was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest import leases
from orchestration.privacy.declarations import Declarations, Relation
from orchestration.privacy.erasure.conditions import Conditions, Table
from orchestration.privacy.erasure.plan import is_swept
from orchestration.privacy.erasure.sweeping import SweepError, Swept, UnsweepableError, insert_all

TWIN = "__erasing"
# Rows that are hidden, and old values beneath patches, are still in the files.
_WITH_HIDDEN = {"apply_deleted_mask": 0, "apply_patch_parts": 0}
# A row's JSON is read only where its text names somebody.
_READING = {"short_circuit_function_evaluation": "force_enable", "max_execution_time": 0}
_NO_LIMIT = 1 << 60
_REWRITE = {
    **_READING,
    "max_partitions_per_insert_block": 0,
    "deduplicate_insert": "disable",  # nor does one thread at a time write what is deduplicated
    "optimize_on_insert": 0,  # copies that have not collapsed yet are counted as they are
}
_UNSWEEPABLE = """
select concat(database, '.', name) as relation, engine from system.tables
where concat(database, '.', name) in {names:Array(String)}
    and (not endsWith(engine, 'MergeTree') or match(engine, '^(Replicated|Shared)'))
order by relation
"""


@dataclass(frozen=True)
class _Rows:
    """The people's rows in one partition, hidden ones too; how many of those that are seen do not stay."""

    partition: str
    theirs: int
    going: int


class Warehouse:
    """Sweeps tables for one set of people. The lease is taken through `postgres`, in autocommit."""

    def __init__(
        self, clickhouse: ClickHouseClient, postgres: psycopg.Connection, people: str, *, count: int
    ) -> None:
        self._clickhouse = clickhouse
        self._postgres = postgres
        self._meant = Conditions(people, count, self._table)
        self._unmerged: list[str] = []
        # Nobody makes or drops a table that is swept while it is.
        self._there = {
            str(row[0]) for row in clickhouse.query(
                "select concat(database, '.', name) from system.tables where database != 'system'"
            ).result_rows
        }  # fmt: skip

    @classmethod
    @contextmanager
    def of(
        cls, clickhouse: ClickHouseClient, postgres: psycopg.Connection, erasure: UUID, people: Sequence[UUID]
    ) -> Iterator[Warehouse]:
        """With the people in a table that keeps them in memory alone, for as long as the block lasts.

        What an attempt that was killed has left of it goes when the same erasure is taken up again.
        """
        name = f"raw.people_of_erasure_{erasure.hex}"
        clickhouse.command(f"create or replace table {name} (id UUID, text String) engine = Memory")
        try:
            insert_all(clickhouse, name, [[one, str(one)] for one in people], ["id", "text"])
            warehouse = cls(clickhouse, postgres, name, count=len(people))
            try:
                yield warehouse
            finally:
                warehouse.merge_again()
        finally:
            clickhouse.command(f"drop table if exists {name} sync")

    def sweep(self, relation: Relation) -> Swept:
        """Delete or redact the people's rows, and leave nothing of them in the table's files."""
        if f"{relation.name}{TWIN}" in self._there:
            self._drop_twin(relation.name)
        table = self._table(relation.name)
        if table is None:
            return Swept(0, detail={"absent": True})
        mine = self._meant.mine(relation, table)
        goes = self._meant.goes(relation, table, mine)
        is_written = False
        try:
            # Copies that collapse meanwhile would make what was counted differ from what is written.
            self._merges("stop", table.name)
            found = self._found(relation, table, mine)
            before = sum(one.theirs for one in found)
            if before == 0:
                return Swept(0, detail={"parts": self._parts(table)})
            query_id = str(uuid4())
            with leases.alone(self._postgres):
                rows = self._write_twin(relation, table, mine, goes, found, query_id)
                self._clickhouse.command(f"exchange tables {table.name} and {table.name}{TWIN}")
            is_written = True
            self._unmerged.append(table.name)
        finally:
            # Of whichever of the two has the name now: also the one that an attempt which died left stopped.
            if not is_written:
                self._merges("start", table.name)
        self._drop_twin(table.name)
        after = self._number(
            f"select count() from {table.name} where _partition_id in ({_listed(found)}) and {mine}",  # noqa: S608
            settings={**_READING, **_WITH_HIDDEN},
        )
        return Swept(before, after, {"parts": self._parts(table), "query_id": query_id, "rows": rows})

    def values(self, relation: Relation, column: str) -> list[str]:
        """What a column says in the people's rows, for rows of another store that are found by it."""
        table = self._table(relation.name)
        if table is None:
            return []
        mine = self._meant.mine(relation, table)
        rows = self._clickhouse.query(
            f"select distinct toString(`{column}`) from {table.name} where {mine}",  # noqa: S608 - names are the catalogue's
            settings=_WITH_HIDDEN,
        ).result_rows
        return [str(row[0]) for row in rows]

    def _found(self, relation: Relation, table: Table, mine: str) -> list[_Rows]:
        """The people's rows by partition, and how many of them go.

        Rows are counted behind a limit that none reaches. Without it the engine reads the JSON of every row,
        for both conditions at once, and of few people only those rows are to be read whose text names them.
        """
        stays = self._meant.stays(relation, table)

        def counted(what: str, where: str = "true") -> str:
            limit = f" limit {_NO_LIMIT}" if self._meant.are_few else ""
            rows = f"(select _partition_id as lies_in, * from {table.name} where {where} and {mine}{limit})"  # noqa: S608 - names are the catalogue's
            return f"select lies_in, {what} from {rows} group by lies_in"  # noqa: S608

        going = f"countIf(not {stays})"
        if table.is_plain:
            rows = self._clickhouse.query(counted(f"count(), {going}"), settings=_READING).result_rows
            return [_Rows(*row) for row in rows]
        theirs = self._clickhouse.query(counted("count()"), settings={**_READING, **_WITH_HIDDEN}).result_rows
        if not theirs:
            return []
        touched = f"_partition_id in ({', '.join(repr(row[0]) for row in theirs)})"
        rows = self._clickhouse.query(counted(going, touched), settings=_READING).result_rows
        seen = {row[0]: row[1] for row in rows}
        return [_Rows(partition, count, seen.get(partition, 0)) for partition, count in theirs]

    def _write_twin(
        self, relation: Relation, table: Table, mine: str, goes: str, found: Sequence[_Rows], query_id: str
    ) -> int:
        """The survivors, counted against what the table says; the caller keeps writers and merges out."""
        twin = f"{table.name}{TWIN}"
        self._clickhouse.command(f"create table {twin} as {table.name}")
        self._merges("stop", twin)
        kept = self._untouched(table, [one.partition for one in found])
        for partition in kept:
            self._clickhouse.command(
                f"alter table {twin} attach partition id '{partition}' from {table.name}"
            )
        columns = ", ".join(f"`{name}`" for name in table.types)
        values = ", ".join(self._meant.value(relation, table, name, mine) for name in table.types)
        where = f"not ({goes})" + (
            f" and _partition_id not in ({', '.join(map(repr, kept))})" if kept else ""
        )
        self._clickhouse.command(
            f"insert into {twin} ({columns}) select {values} from {table.name} where {where}",  # noqa: S608
            settings={**_REWRITE, "query_id": query_id},
        )
        [[there, written]] = self._clickhouse.query(
            f"select (select count() from {table.name}), (select count() from {twin})"  # noqa: S608
        ).result_rows
        expected = there - sum(one.going for one in found)
        if expected != written:
            raise SweepError(
                f"{table.name} has {expected} rows that stay and its twin {written}: somebody writes without"
                " the lease of ingest.leases. Nothing was exchanged; run the step again"
            )
        return int(written)

    # The store

    def _table(self, name: str) -> Table | None:
        if name not in self._there:
            return None
        database, _, table = name.partition(".")
        # One question for all: a sweep has dozens of tables, most of them small.
        [[engine, uuid, columns, hidden]] = self._clickhouse.query(
            "select any(engine), any(uuid),"
            " (select groupArray((name, type)) from (select name, type from system.columns"
            " where database = {db:String} and table = {name:String}"
            " and default_kind not in ('MATERIALIZED', 'ALIAS', 'EPHEMERAL') order by position)),"
            " (select countIf(has_lightweight_delete or name like 'patch%') from system.parts"
            " where database = {db:String} and table = {name:String} and active)"
            " from system.tables where database = {db:String} and name = {name:String}",
            {"db": database, "name": table},
        ).result_rows
        if "MergeTree" not in engine or engine.startswith(("Replicated", "Shared")):
            raise UnsweepableError(
                f"{name} is a {engine} table: an erasure rewrites the MergeTree tables of one node"
            )
        types = {str(column): str(type_) for column, type_ in columns}
        return Table(name, types, uuid, is_plain=not hidden)

    def _merges(self, do: str, name: str) -> None:
        self._clickhouse.command(f"system {do} merges {name}")

    def merge_again(self, relations: Iterable[Relation] = ()) -> None:
        """Let what was written be merged, or all of these: of some an attempt that died said so no more.

        Not table by table: merging one takes the cores that writing the next one needs.
        """
        for one in relations:
            if one.name in self._there:
                self._merges("start", one.name)
        while self._unmerged:
            self._merges("start", self._unmerged.pop())

    def _drop_twin(self, name: str) -> None:
        # Of an attempt that died: before the exchange a copy, after it the old table itself.
        self._clickhouse.command(f"drop table if exists {name}{TWIN} sync")

    def _untouched(self, table: Table, touched: Sequence[str]) -> list[str]:
        """Partitions whose files can be linked: none where patches lie over them."""
        if list(touched) == ["all"]:
            return []  # it has no other
        database, _, name = table.name.partition(".")
        parts = self._clickhouse.query(
            "select distinct partition_id, name like 'patch%' from system.parts"
            " where database = {db:String} and table = {name:String} and active",
            {"db": database, "name": name},
        ).result_rows
        if any(is_patch for _, is_patch in parts):
            return []
        return sorted({str(partition) for partition, _ in parts} - set(touched))

    def _parts(self, table: Table) -> dict[str, Any]:
        database, _, name = table.name.partition(".")
        active, inactive, size = self._clickhouse.query(
            "select countIf(active), countIf(not active), sumIf(bytes_on_disk, active) from system.parts"
            " where database = {db:String} and table = {name:String}",
            {"db": database, "name": name},
        ).result_rows[0]
        return {"active": active, "inactive": inactive, "bytes": size}

    def _number(self, query: str, **options: Any) -> int:
        return int(self._clickhouse.query(query, **options).result_rows[0][0])


def refuse_what_cannot_be_swept(clickhouse: ClickHouseClient, declarations: Declarations) -> None:
    """Raise UnsweepableError where a table to be rewritten is no MergeTree table of this node alone."""
    names = [one.name for one in declarations.of_store("clickhouse") if is_swept(one)]
    found = clickhouse.query(_UNSWEEPABLE, {"names": names}).result_rows
    if found:
        (name, engine), more = found[0], f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise UnsweepableError(
            f"{name}{more} of ClickHouse cannot be rewritten on this node (engine {engine}). Nothing was"
            " begun: nobody is erased. docs/privacy-erasure.md says what to do on a cluster"
        )


def _listed(found: Sequence[_Rows]) -> str:
    return ", ".join(repr(one.partition) for one in found)
