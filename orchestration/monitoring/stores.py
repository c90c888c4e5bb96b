"""Postgres, JetStream and ClickHouse, each asked over its own protocol, embedded or not."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.js import JetStreamContext
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from ingest.jetstream import BrokerUnavailableError
from orchestration.monitoring.looks import gauge, gauges

_POSTGRES = """
select
    (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections_count,
    current_setting('max_connections')::int as most_connections,
    (select count(*) from pg_stat_activity where wait_event_type = 'Lock') as waiting_count,
    coalesce((
        select extract(epoch from now() - min(xact_start)) from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()
    ), 0)::float8 as oldest_s,
    pg_database_size(current_database()) as size_bytes,
    xact_commit as commits, xact_rollback as rollbacks, deadlocks, temp_bytes
from pg_stat_database where datname = current_database()
"""
_BY_DATABASE = """
select database, sum(rows), sum(bytes_on_disk) from system.parts
where active and database not in ('system', 'default', 'information_schema') group by database
"""
_CLICKHOUSE = """
select
    (select max(parts) from (
        select count() as parts from system.parts where active group by database, table, partition_id
    )) as most_parts,
    (select count() from system.processes) as queries,
    (select max(elapsed) from system.processes) as longest_s,
    (select count() from system.mutations where not is_done) as mutations
"""


async def look_at_postgres(pool: asyncpg.Pool) -> Sequence[Metric]:
    [row] = await pool.fetch(_POSTGRES)
    transactions = CounterMetricFamily(
        "postgres_transactions", "Transactions that ended.", labels=["outcome"]
    )
    transactions.add_metric(["committed"], row["commits"])
    transactions.add_metric(["rolled_back"], row["rollbacks"])
    return [
        gauge("postgres_connections", "Clients that are connected.", row["connections_count"]),
        gauge("postgres_connections_allowed", "Clients that may be.", row["most_connections"]),
        gauge("postgres_waiting_for_locks", "Sessions that wait for a lock.", row["waiting_count"]),
        gauge("postgres_oldest_transaction_seconds", "Age of the oldest open one.", row["oldest_s"]),
        gauge("postgres_size_bytes", "Size of the database on disk.", row["size_bytes"]),
        CounterMetricFamily("postgres_deadlocks", "Transactions ended by one.", value=row["deadlocks"]),
        CounterMetricFamily("postgres_temporary_bytes", "Written for queries.", value=row["temp_bytes"]),
        transactions,
    ]


async def look_at_jetstream(js: JetStreamContext) -> Sequence[Metric]:
    """Streams, and of their consumers those with a name: declared ones, so few."""
    messages = GaugeMetricFamily("jetstream_stream_messages", "Messages held.", labels=["stream"])
    size = GaugeMetricFamily("jetstream_stream_bytes", "Bytes on disk.", labels=["stream"])
    last = GaugeMetricFamily("jetstream_stream_last_sequence", "Of the newest message.", labels=["stream"])
    names = ["stream", "consumer"]
    pending = GaugeMetricFamily("jetstream_consumer_pending", "Messages not delivered yet.", labels=names)
    unsettled = GaugeMetricFamily(
        "jetstream_consumer_unsettled", "Delivered and not acknowledged yet.", labels=names
    )
    again = GaugeMetricFamily(
        "jetstream_consumer_redelivered", "Of those, delivered more than once.", labels=names
    )
    try:
        for stream in await js.streams_info():
            name = str(stream.config.name)
            messages.add_metric([name], stream.state.messages)
            size.add_metric([name], stream.state.bytes)
            last.add_metric([name], stream.state.last_seq)
            for consumer in await js.consumers_info(name):
                if consumer.config is None or not (durable := consumer.config.durable_name):
                    continue
                pending.add_metric([name, durable], consumer.num_pending or 0)
                unsettled.add_metric([name, durable], consumer.num_ack_pending or 0)
                again.add_metric([name, durable], consumer.num_redelivered or 0)
    except OSError as error:  # a timeout
        raise BrokerUnavailableError(f"not answered: {type(error).__name__}") from error
    return [messages, size, last, pending, unsettled, again]


def look_at_clickhouse(clickhouse: ClickHouseClient) -> Sequence[Metric]:
    by_database = clickhouse.query(_BY_DATABASE).result_rows
    [(most_parts, queries, longest_s, mutations)] = clickhouse.query(_CLICKHOUSE).result_rows
    return [
        gauges("clickhouse_rows", "Rows.", "database", {name: rows for name, rows, _ in by_database}),
        gauges("clickhouse_bytes", "On disk.", "database", {name: size for name, _, size in by_database}),
        gauge(
            "clickhouse_most_parts", "Parts of the partition with the most; merges lag behind at some 300.",
            most_parts,
        ),
        gauge("clickhouse_queries", "Statements that run now, this look among them.", queries),
        gauge("clickhouse_longest_query_seconds", "For how long the longest runs.", longest_s),
        gauge("clickhouse_mutations_waiting", "Changes of rows that are not done.", mutations),
    ]  # fmt: skip
