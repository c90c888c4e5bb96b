"""Every store holds what is declared and nothing else, and no column says more of a person than its declaration."""
from __future__ import annotations
import shutil
from contextlib import closing
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.privacy.declarations import declared
from orchestration.privacy.declarations.catalogue import gaps, in_clickhouse, in_folder, in_jetstream, in_postgres
from tests.warehouse.conftest import Warehouse


async def test_everything_held_is_declared(filled_warehouse: Warehouse, store_settings, embedded_stores):
    for t in ("clickhouse", "postgres"):
        shutil.copytree(filled_warehouse.target_path(t), f"/tmp/declare_dbt/{t}", dirs_exist_ok=True)
    p = filled_warehouse.prefix
    with closing(clickhouse_client(store_settings)) as client, closing(postgres_connection(store_settings)) as c:
        held = [*in_clickhouse(client), *in_clickhouse(client, prefix=p), *in_postgres(c), *in_postgres(c, prefix=p)]
    held += in_folder(embedded_stores.home)
    print("\n".join(map(str, gaps(declared(), [h for h in held if not h.key.partition(":")[2].startswith(p)]))))
    assert False
