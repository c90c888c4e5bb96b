"""The embedded stores answer on their own protocols, migrated."""

from contextlib import closing

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
