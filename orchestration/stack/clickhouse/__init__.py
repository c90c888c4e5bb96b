"""ClickHouse's HTTP interface over chDB: the ClickHouse engine inside one process of ours.

Clients (clickhouse-connect, dbt-clickhouse, curl) speak the protocol of a ClickHouse server, so replacing the
embedded store by a server or a cluster is a change of `CLICKHOUSE_URL` alone. What the front leaves out is
listed in `docs/clickhouse.md`.
"""
