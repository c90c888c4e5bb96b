"""ClickHouse's HTTP interface over chDB, the ClickHouse engine in our own process."""
