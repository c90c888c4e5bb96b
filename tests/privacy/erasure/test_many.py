"""What arrives after the rows of many people were found is read like them while the table is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.events import NIL
from orchestration.privacy.declarations import declared
from orchestration.privacy.erasure.clickhouse import Warehouse
from orchestration.privacy.erasure.conditions import MOST_NEEDLES
from tests.privacy.erasure.planted import add_events

_TYPE = "test.many"


def add(clickhouse: ClickHouseClient, rows: Sequence[tuple[UUID, UUID | None]]) -> None:
    """A session each, in a part of their own: whose it is, and who led it."""
    values = ", ".join(
        f"(generateUUIDv4(), '{_TYPE}', '{uuid4()}', '{who}',"
        f""" '{{"participantId":"{who}","volunteerId":"{leader or NIL}"}}', now(), now())"""
        for who, leader in rows
    )
    clickhouse.command(
        "insert into raw.events (event_id, event_type, subject, person_id, data, event_time, source_time)"
        f" values {values}"
    )


class Late(Warehouse):
    """Something arrives after the rows were found and before they are written."""

    late: Sequence[tuple[UUID, UUID | None]] = ()

    def _write_twin(self, *arguments: Any) -> int:
        add(self._clickhouse, self.late)
        return super()._write_twin(*arguments)


def test_rows_of_many_go_and_late_ones_are_redacted_like_them(
    postgres: psycopg.Connection, clickhouse: ClickHouseClient
) -> None:
    erased = [uuid4() for _ in range(MOST_NEEDLES + 2)]
    other, late = uuid4(), uuid4()
    add_events(clickhouse, uuid4(), uuid4())  # of others, in parts that nobody is found in
    add(clickhouse, [(one, None) for one in erased])  # go
    add(clickhouse, [(other, erased[0]), (erased[1], other), (other, None)])  # stay, without the erased
    with Late.of(clickhouse, postgres, uuid4(), erased) as warehouse:
        warehouse.late = [(late, erased[2]), (late, None)]
        swept = warehouse.sweep(declared()["clickhouse:raw.events"])
    assert (swept.before, swept.after) == (len(erased) + 2, 0)
    kept = clickhouse.query(
        "select person_id, JSONExtractString(data, 'participantId'), JSONExtractString(data, 'volunteerId')"
        " from raw.events where event_type = {type:String} order by all",
        {"type": _TYPE},
    ).result_rows
    nil, others, lates = str(NIL), str(other), str(late)
    assert sorted((str(row[0]), row[1], row[2]) for row in kept) == sorted(
        [
            (others, others, nil), (nil, nil, others), (others, others, nil),
            (lates, lates, nil), (lates, lates, nil),
        ]
    )  # fmt: skip
    tables = "select name from system.tables where name like 'people_of_erasure%'"
    assert clickhouse.query(tables).result_rows == []


def test_a_condition_reads_an_events_json_once(
    postgres: psycopg.Connection, clickhouse: ClickHouseClient
) -> None:
    # In a condition that is short-circuited each mention of it is another reading of every row.
    relation = declared()["clickhouse:raw.events"]
    with Warehouse.of(clickhouse, postgres, uuid4(), [uuid4()]) as warehouse:
        table = warehouse._table(relation.name)
        assert table is not None
        assert warehouse._meant.mine(relation, table).count("JSONExtract(") == 1
