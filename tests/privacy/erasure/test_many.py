"""People are found wherever they are named, few of them and many, also in what arrives meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.exceptions import DatabaseError

from ingest.events import NIL
from orchestration.privacy.declarations import declared
from orchestration.privacy.erasure.clickhouse import Warehouse
from orchestration.privacy.erasure.conditions import MOST_NEEDLES
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.verifying import verify
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


def test_what_was_written_is_merged_when_the_lane_is_over(
    postgres: psycopg.Connection, clickhouse: ClickHouseClient
) -> None:
    erased, merge = uuid4(), "optimize table raw.events final"
    add(clickhouse, [(erased, None), (uuid4(), erased)])
    with Warehouse.of(clickhouse, postgres, uuid4(), [erased]) as warehouse:
        warehouse.sweep(declared()["clickhouse:raw.events"])
        with pytest.raises(DatabaseError, match="Cancelled merging"):
            clickhouse.command(merge)
    clickhouse.command(merge)


@pytest.mark.parametrize("named_in", ["person_id", "subject", "data"])
@pytest.mark.parametrize("count", [1, MOST_NEEDLES + 1])
def test_who_is_named_in_one_place_alone_is_counted_and_swept(
    place: Place, postgres: psycopg.Connection, clickhouse: ClickHouseClient, named_in: str, count: int
) -> None:
    erased = [uuid4() for _ in range(count)]
    said = {"person_id": [str(uuid4())], "subject": ["1"], "data": ["{}"]}
    said[named_in] = [f'{{"volunteerId":"{one}"}}' if named_in == "data" else str(one) for one in erased]
    for number in range(count):  # a subject that is nothing but an id is as short as a name can be
        person, subject, data = (said[name][min(number, len(said[name]) - 1)] for name in said)
        clickhouse.command(
            "insert into raw.events (event_id, event_type, person_id, subject, data, event_time, source_time)"
            " values (generateUUIDv4(), {type:String}, {person:UUID}, {subject:String}, {data:String},"
            " now(), now())",
            {"type": _TYPE, "person": person, "subject": subject, "data": data},
        )
    hashes = [place.tombstones().hash_of("person", str(one)) for one in erased]
    relation = declared()["clickhouse:raw.events"]
    [counted] = [one for one in asyncio.run(verify(place, hashes)).counts if one.relation == relation.key]
    assert counted.people == set(erased)
    with Warehouse.of(clickhouse, postgres, uuid4(), erased) as warehouse:
        swept = warehouse.sweep(relation)
    assert (swept.before, swept.after) == (count, 0)


def test_a_condition_reads_an_events_json_once(
    postgres: psycopg.Connection, clickhouse: ClickHouseClient
) -> None:
    # In a condition that is short-circuited each mention of it is another reading of every row.
    relation = declared()["clickhouse:raw.events"]
    with Warehouse.of(clickhouse, postgres, uuid4(), [uuid4()]) as warehouse:
        table = warehouse._table(relation.name)
        assert table is not None
        assert warehouse._meant.mine(relation, table).count("JSONExtract(") == 1
