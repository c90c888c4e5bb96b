"""The stores, and a gate that has judged what is to end."""

from tests.gate.conftest import companies, gate, judge, readers, tables
from tests.ingest.conftest import clickhouse, nats, pool, postgres

__all__ = ["clickhouse", "companies", "gate", "judge", "nats", "pool", "postgres", "readers", "tables"]
