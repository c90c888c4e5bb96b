"""Judges each landed batch before it may reach the marts: Great Expectations over what ClickHouse counts."""

from ingest.quality.gate import ExpectationsGate
from ingest.quality.suites import CLAIMS, SUITES, Severity

__all__ = ["CLAIMS", "SUITES", "ExpectationsGate", "Severity"]
