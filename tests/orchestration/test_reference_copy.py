"""The warehouse's reference tables equal Postgres' of one moment, and a change of them is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration import dbt
from orchestration.arrivals import read_arrivals
from orchestration.reference_copy import copy_reference_data, reference_version


@pytest.fixture
def postgres(store_settings: StoreSettings) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        yield connection


def test_reference_tables_are_replaced_as_a_whole(
    store_settings: StoreSettings, postgres: psycopg.Connection
) -> None:
    company, person, instance = uuid4(), uuid4(), uuid4()
    name = f'Fjord, "Shipping" & Sønner\n{company}'  # what CSV gets wrong when it gets anything wrong
    postgres.execute("insert into ingest.companies (company_id, name) values (%s, %s)", (company, name))
    postgres.execute("insert into ingest.people (person_id) values (%s)", (person,))
    postgres.execute(
        "insert into ingest.company_members (company_id, person_id, joined_on, left_on, is_primary)"
        " values (%(c)s, %(p)s, '2025-01-31', null, false), (%(c)s, %(p)s, '2024-01-31', '2024-06-30', true)",
        {"c": company, "p": person},
    )
    postgres.execute(
        "insert into ingest.program_instances"
        " (program_instance_id, company_id, program_type, program_name, program_slug, start_date)"
        " values (%(i)s, null, 'buddy', 'Buddies', %(i)s, '2025-01-01')",
        {"i": instance},
    )
    with closing(clickhouse_client(store_settings)) as clickhouse:
        for _ in range(2):  # the second copy replaces the first, it does not add to it
            counts = copy_reference_data(postgres, clickhouse)
        copied = clickhouse.query(
            "select name, industry, country, employee_size, time_zone from raw.companies"
            " where company_id = %(c)s",
            parameters={"c": company},
        ).result_rows
        members = clickhouse.query(
            "select joined_on, left_on, is_primary from raw.company_members"
            " where company_id = %(c)s order by 1",
            parameters={"c": company},
        ).result_rows
        instances = clickhouse.query(
            "select company_id, program_slug, end_date, status from raw.program_instances"
            " where program_instance_id = %(i)s",
            parameters={"i": instance},
        ).result_rows
        leftovers = clickhouse.query(
            "select count() from system.tables where database = 'raw' and name like '%__incoming'"
        ).result_rows
        total = clickhouse.query("select count() from raw.company_members").result_rows[0][0]
    assert copied == [(name, "other", "", "", "Europe/Oslo")]
    assert members == [(date(2024, 1, 31), date(2024, 6, 30), True), (date(2025, 1, 31), None, False)]
    assert instances == [(None, str(instance), None, "active")]
    assert leftovers == [(0,)]
    assert total == counts["company_members"]


def test_every_change_of_reference_data_moves_its_version(postgres: psycopg.Connection) -> None:
    company = uuid4()
    versions = [reference_version(postgres)]
    for statement in (
        "insert into ingest.companies (company_id, name) values (%(c)s, %(c)s)",
        "update ingest.companies set country = 'NO' where company_id = %(c)s",
        "delete from ingest.companies where company_id = %(c)s",
    ):
        postgres.execute(statement, {"c": company})
        versions.append(reference_version(postgres))
    assert versions == sorted(set(versions))


def test_an_insert_of_events_moves_the_arrivals_and_a_merge_does_not(
    store_settings: StoreSettings, postgres: psycopg.Connection
) -> None:
    with closing(clickhouse_client(store_settings)) as clickhouse:
        tokens = [read_arrivals(postgres, clickhouse).token]
        for _ in range(2):
            clickhouse.command(
                "insert into raw.events (event_id, event_type, event_time)"
                " values (%(id)s, 'arrivals.test', now64(3))",
                parameters={"id": uuid4()},
            )
            tokens.append(read_arrivals(postgres, clickhouse).token)
        clickhouse.command("optimize table raw.events final")
        merged = read_arrivals(postgres, clickhouse).token
        clickhouse.command(
            "delete from raw.events where event_type = 'arrivals.test'", settings={"mutations_sync": 2}
        )
    assert len(set(tokens)) == 3
    assert merged == tokens[-1]


def test_new_sql_is_an_arrival(
    store_settings: StoreSettings,
    postgres: psycopg.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After an upgrade the views are built anew at once, not with the next event."""
    monkeypatch.setattr(dbt, "PROJECT_DIR", tmp_path)
    model = tmp_path / "mv_vis.sql"
    with closing(clickhouse_client(store_settings)) as clickhouse:
        model.write_text("select 1")
        before = read_arrivals(postgres, clickhouse).token
        assert read_arrivals(postgres, clickhouse).token == before
        model.write_text("select 2")
        assert read_arrivals(postgres, clickhouse).token != before
