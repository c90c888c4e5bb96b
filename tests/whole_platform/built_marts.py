"""The marts of a built warehouse, every row of them, and a copy of its inputs to build others from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from clickhouse_connect.driver.client import Client as ClickHouseClient

from tests.warehouse.conftest import REFERENCE, raw_tables
from tests.warehouse.fact_rows import Row
from tests.whole_platform.recorded import named_rows


def marts_of(client: ClickHouseClient, prefix: str = "") -> dict[str, list[Row]]:
    """By name. Asked of the store itself, so that a mart nobody declared here is there too."""
    tables = client.query(
        "select name from system.tables where database = {d:String} order by name", {"d": f"{prefix}marts"}
    ).result_rows
    return {name: named_rows(client, f"select * from {prefix}marts.{name}") for (name,) in tables}


@contextmanager
def copied_inputs(client: ClickHouseClient, prefix: str) -> Iterator[None]:
    """What the warehouse reads, once more behind a prefix; all behind the prefix goes in the end."""
    with raw_tables(client, prefix):
        for table in (*(f"raw.{name}" for name in ("events", *REFERENCE)), "nlp.cleared_texts",
                      "nlp.text_scores"):  # fmt: skip
            client.command(f"truncate table {prefix}{table}")
            client.command(f"insert into {prefix}{table} select * from {table}")
        yield
