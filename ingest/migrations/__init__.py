"""Schema of Postgres and ClickHouse as numbered SQL files, applied in order and never edited once landed."""
