"""What works in the background yields inside ClickHouse too."""

from __future__ import annotations

import os

from ingest.stores import StoreSettings
from orchestration.resources import Stores
from orchestration.stack.priority import BEHIND_ANSWERS
from tests.warehouse.conftest import Warehouse

_ASKED = "select concat('niceness ', toString(getSetting('os_threads_nice_value_query'))) as said"


def test_dbt_and_assets_yield_to_questions(warehouse: Warehouse, store_settings: StoreSettings) -> None:
    stores = Stores(
        postgres_url=store_settings.postgres_url.get_secret_value(),
        clickhouse_url=store_settings.clickhouse_url.get_secret_value(),
        nats_url=store_settings.nats_url.get_secret_value(),
    )
    as_the_process = f"niceness {os.nice(0) + BEHIND_ANSWERS}"
    with stores.clickhouse() as client:
        assert client.query(_ASKED).result_rows == [("niceness 15",)]
    with stores.clickhouse(yields=False) as client:
        assert client.query(_ASKED).result_rows == [(as_the_process,)]
    assert warehouse.client.query(_ASKED).result_rows == [(as_the_process,)]
    warehouse.dbt("show", "--inline", _ASKED)
    assert "niceness 15" in (warehouse.work / "output").read_text()
