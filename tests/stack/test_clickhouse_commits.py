"""An INSERT that the engine could not commit is an error, though the engine itself calls it done."""

import uuid
from collections.abc import Iterator

import httpx
import pytest


@pytest.fixture
def table(http: httpx.Client) -> Iterator[str]:
    name = f"c_{uuid.uuid4().hex}"
    asked(http, f"CREATE TABLE {name} (d Date, a UInt32) ENGINE = MergeTree PARTITION BY d ORDER BY a")
    yield name
    asked(http, f"DROP TABLE {name}")


def asked(http: httpx.Client, sql: str, **arguments: str) -> str:
    response = http.post("/", content=sql, params=arguments)
    assert response.status_code == 200, response.text
    return response.text


def inserted(http: httpx.Client, table: str, rows: str, **settings: str) -> httpx.Response:
    return http.post("/", params={"query": f"INSERT INTO {table} FORMAT TSV", **settings}, content=rows)


def test_rows_that_could_not_be_committed_are_told(http: httpx.Client, table: str) -> None:
    two_days = "2026-01-01\t1\n2026-01-02\t2\n"
    refused = inserted(http, table, two_days, max_partitions_per_insert_block="1")
    assert refused.status_code == 500
    assert refused.headers["X-ClickHouse-Exception-Code"] == "1002"
    assert "not stored" in refused.text
    assert "max_partitions_per_insert_block" in refused.text
    assert asked(http, f"SELECT count() FROM {table}") == "0\n"
    assert inserted(http, table, two_days).status_code == 200
    assert asked(http, f"SELECT count() FROM {table}") == "2\n"


def test_a_view_that_refuses_a_row_is_told(http: httpx.Client, table: str) -> None:
    asked(http, f"CREATE TABLE {table}_to (a UInt32) ENGINE = MergeTree ORDER BY a")
    asked(
        http,
        f"CREATE MATERIALIZED VIEW {table}_view TO {table}_to AS"
        f" SELECT a FROM {table} WHERE NOT throwIf(a = 7, 'seven')",
    )
    try:
        assert inserted(http, table, "2026-01-01\t6\n").status_code == 200
        refused = inserted(http, table, "2026-01-01\t7\n")
        assert refused.status_code == 500
        assert "seven" in refused.text
    finally:
        asked(http, f"DROP TABLE {table}_view")
        asked(http, f"DROP TABLE {table}_to")


def test_what_a_client_has_set_does_not_reach_the_count(http: httpx.Client, table: str) -> None:
    assert (
        inserted(http, table, "2026-01-01\t1\n", max_result_rows="1", limit="1", offset="5").status_code
        == 200
    )
    assert asked(http, f"SELECT count() FROM {table}") == "1\n"


def test_no_insert_answers_for_a_failure_of_before(http: httpx.Client, table: str) -> None:
    """Whoever told its client: we, the engine as it ran, or as it read the data."""
    assert inserted(http, table, "2026-01-01\t1\n").status_code == 200
    told_by_us = inserted(http, table, "2026-01-01\t1\n2026-01-02\t2\n", max_partitions_per_insert_block="1")
    assert told_by_us.status_code == 500
    assert inserted(http, table, "2026-01-01\t2\n").status_code == 200
    select = f"INSERT INTO {table} SELECT '2026-01-01', throwIf(number = 3) FROM numbers(9)"
    assert http.post("/", content=select).status_code == 500
    assert inserted(http, table, "2026-01-01\t3\n").status_code == 200
    assert inserted(http, table, "no date\n").status_code == 400
    assert inserted(http, table, "2026-01-01\t4\n").status_code == 200
    assert asked(http, f"SELECT groupArray(a) FROM (SELECT a FROM {table} ORDER BY a)") == "[1,2,3,4]\n"
