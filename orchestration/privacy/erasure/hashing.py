"""Compares ids with tombstones inside ClickHouse: an id is hashed there as the doors hash it here.

HMAC is written out as its two rounds of SHA-256, which every version of ClickHouse has. What the rounds begin
with is made of the key, so it lies beside the hashes in a table that is kept in memory alone and dropped when
the count is over; no statement and no log holds it.

Each count is given one id more, which it has to find: one that compared nothing is no count of nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.tombstones import Tombstones
from orchestration.privacy.erasure.sweeping import insert_all

_TABLE = "tombstones_of_count_"
# No count takes so long: other ones may be under way.
_LEFT = """
select name from system.tables
where database = 'raw' and name like {name:String} and metadata_modification_time < now() - interval 2 hour
"""


class ComparisonError(Exception):
    """A count did not find the id that it was given to find."""


class Hashing:
    """Tombstones in ClickHouse, for as long as the block lasts."""

    def __init__(
        self, clickhouse: ClickHouseClient, tombstones: Tombstones, hashes: Collection[bytes]
    ) -> None:
        self._clickhouse = clickhouse
        self._rounds = tombstones.rounds()
        self._planted = str(uuid4())
        self._hashes = [*hashes, tombstones.hash_of("person", self._planted)]
        self._table = f"raw.{_TABLE}{uuid4().hex[:12]}"

    def __enter__(self) -> Self:
        self._drop_left()
        self._clickhouse.command(f"create table {self._table} (what String, said String) engine = Memory")
        inner, outer = self._rounds
        rows = [
            ["inner", inner.hex()],
            ["outer", outer.hex()],
            *(["hash", one.hex()] for one in self._hashes),
        ]
        insert_all(self._clickhouse, self._table, rows, ["what", "said"])
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._clickhouse.command(f"drop table if exists {self._table} sync")

    def _drop_left(self) -> None:
        """Of counts that were killed: what their tables hold stays in memory otherwise."""
        for (name,) in self._clickhouse.query(_LEFT, {"name": f"{_TABLE}%"}).result_rows:
            self._clickhouse.command(f"drop table if exists raw.`{name}` sync")

    def count(self, ids: str, settings: dict[str, Any]) -> tuple[int, set[str]]:
        """Of a query that yields `id`: how many there are, and which are those of erased people.

        Raises ComparisonError where ids were not compared.
        """
        inner, outer = (
            f"unhex((select said from {self._table} where what = '{name}'))"  # noqa: S608 - names are ours
            for name in ("inner", "outer")
        )
        hashed = f"SHA256(concat({outer}, SHA256(concat({inner}, 'person\\n', id))))"
        erased = f"(select unhex(said) from {self._table} where what = 'hash')"  # noqa: S608
        [[count, found]] = self._clickhouse.query(
            f"select count(), groupUniqArrayIf(id, {hashed} in {erased})"  # noqa: S608
            f" from ({ids} union all select {{planted:String}} as id)",
            {"planted": self._planted},
            settings=settings,
        ).result_rows
        people = set(found)
        if self._planted not in people:
            raise ComparisonError(f"{count - 1} ids were not compared with {self._table}; count again")
        return count - 1, people - {self._planted}
