"""The embedded stores answer on their own protocols, migrated."""

from contextlib import closing

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from ingest.migrate import migrate_clickhouse, migrate_postgres
from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection


def test_migrating_twice_changes_nothing(store_settings: StoreSettings) -> None:
    with closing(postgres_connection(store_settings)) as connection:
        assert migrate_postgres(connection) == []
        assert connection.execute("show fsync").fetchone() == ("on",)
    with closing(clickhouse_client(store_settings)) as client:
        assert migrate_clickhouse(client) == []


async def test_streams_exist(store_settings: StoreSettings) -> None:
    client = await nats_client(store_settings, name="test")
    streams = {info.config.name for info in await client.jetstream().streams_info()}
    await client.close()
    assert streams == {"INBOX", "RETRY", "EVENTS", "DEAD_LETTERS", "UPDATES"}


def test_a_clickhouse_client_leaves_nothing_behind(store_settings: StoreSettings) -> None:
    """Sessions outlive their clients by a minute, and the store has room for some hundred of them."""
    with closing(clickhouse_client(store_settings)) as client:
        client.command("create temporary table left_behind (a UInt8)")
        with pytest.raises(DatabaseError, match="left_behind"):
            client.query("select * from left_behind")
