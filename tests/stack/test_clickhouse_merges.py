"""A small table that takes a few rows at a time is not rewritten for each of them."""

import time
import uuid

import httpx

ROWS, NEWCOMERS = 8_000, 60


def asked(http: httpx.Client, sql: str) -> str:
    response = http.post("/", content=sql)
    assert response.status_code == 200, response.text
    return response.text


def test_newcomers_to_a_small_table_are_merged_a_few_at_once(http: httpx.Client) -> None:
    table = f"m_{uuid.uuid4().hex}"
    asked(http, f"CREATE TABLE {table} (a UInt64, b String) ENGINE = MergeTree ORDER BY a")
    fill = f"INSERT INTO {table} SELECT rand64(), toString(rand64()) FROM numbers"
    asked(http, f"{fill}({ROWS})")
    for _ in range(NEWCOMERS):
        asked(http, f"{fill}(8)")
        time.sleep(0.05)  # for the merge that the engine finds due
    [level] = asked(http, f"SELECT max(level) FROM system.parts WHERE active AND table = '{table}'").split()
    asked(http, f"DROP TABLE {table}")
    # How often the oldest rows were written again: once for each newcomer, as the engine comes.
    assert 0 < int(level) < NEWCOMERS / 2
