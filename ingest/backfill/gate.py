"""What stands between a landed batch and the marts.

A batch's events land in `raw.landed_events`. A gate looks at them as a whole and says whether they may be
published into `raw.events`; a batch that fails stays where it is, as `withheld`, until somebody releases or
discards it. Without a gate a batch is published at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient


@dataclass(frozen=True)
class LandedBatch:
    """A batch whose rows are all judged, and whose events are in `raw.landed_events` under its id."""

    batch_id: UUID
    file_name: str
    file_format: str
    total_rows: int
    success_rows: int  # rows that became events
    error_rows: int
    skipped_rows: int  # repetitions within the file
    event_count: int
    errors: Mapping[str, int]  # rejected rows by code
    warnings: Mapping[str, int]  # taken rows by code
    clickhouse: ClickHouseClient
    postgres: psycopg.Connection  # in autocommit; the gate may read and must not write


@dataclass(frozen=True)
class Verdict:
    """What a gate says of a batch. Kept with the batch, so `report` is plain JSON."""

    passed: bool
    critical: tuple[str, ...] = ()  # names of the critical expectations that failed
    warnings: tuple[str, ...] = ()  # names of the others that failed
    report: dict[str, Any] = field(default_factory=dict)


class Gate(Protocol):
    """Judges a landed batch. It may be asked again, when an import is resumed."""

    def prepare(self) -> None:
        """Told that a batch is on its way: what judging needs may be loaded meanwhile. Returns at once."""

    def judge(self, batch: LandedBatch) -> Verdict: ...
