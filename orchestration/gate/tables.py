"""The two tables of the warehouse that the gate alone writes: cleared texts and verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from clickhouse_connect.driver.client import Client as ClickHouseClient

from nlp.safety.verdicts import Finding
from orchestration.gate.judging import Judged
from orchestration.gate.texts import TextVersion, place

_IDS_PER_QUERY = 100  # query parameters travel in the address line, which servers limit to some kilobytes
_SETTINGS = {
    "date_time_input_format": "best_effort",
    "max_partitions_per_insert_block": 0,  # a file's history reaches over more than 100 months
}
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_ENCODER = msgspec.json.Encoder()


class Known(NamedTuple):
    """A version of a text that has a verdict."""

    text_id: UUID
    event_id: UUID
    company_id: UUID
    source_time: datetime
    safety_version: str

    @property
    def place(self) -> tuple[datetime, bytes]:
        return place(self.source_time, self.event_id)


class Cleared(NamedTuple):
    """A row of cleared texts that readers see."""

    text_id: UUID
    company_id: UUID
    event_id: UUID
    written_at: datetime
    cleared_at: datetime


@dataclass(frozen=True)
class Clearing:
    """What is to be readable, and which rows no longer are."""

    cleared: Sequence[tuple[Judged, bool]]  # with whether a reviewer released it
    withdrawn: Sequence[Cleared]
    after: datetime | None  # the newest row among those that are there


class Tables:
    """Reads and writes through one client, so from one thread at a time."""

    def __init__(self, clickhouse: ClickHouseClient) -> None:
        self._clickhouse = clickhouse

    def known(self, text_ids: Iterable[UUID]) -> list[Known]:
        """Every version of these texts that has a verdict, under every version of the rules."""
        rows = self._rows(
            "select distinct text_id, event_id, company_id, source_time, safety_version from nlp.verdicts"
            " where text_id in {ids:Array(UUID)}",
            sorted({str(one) for one in text_ids}),
        )
        return [Known(row[0], row[1], row[2], _aware(row[3]), row[4]) for row in rows]

    def cleared(self, places: Iterable[tuple[UUID, UUID]]) -> list[Cleared]:
        """What readers see under these pairs of company and text."""
        pairs = sorted({(str(company), str(text)) for company, text in places})
        rows = self._rows(
            "select text_id, company_id, event_id, written_at, cleared_at from nlp.cleared_texts final"
            " where (company_id, text_id) in arrayZip({companies:Array(UUID)}, {ids:Array(UUID)})",
            [text for _, text in pairs],
            companies=[company for company, _ in pairs],
        )
        return [Cleared(row[0], row[1], row[2], _aware(row[3]), _aware(row[4])) for row in rows]

    def clear(self, clearing: Clearing) -> None:
        """Write what may be read and hide what may not; doing it again changes nothing for readers."""
        # Newer than every row it replaces, also when the clock was set back. Where a text moves to another
        # month, its withdrawal and its new row have one key, and the new row has to win.
        at = max(datetime.now(UTC), (clearing.after or _BEGINNING) + _TICK)
        rows = [_withdrawal(one, at) for one in clearing.withdrawn]
        rows += [_clearing(judged, is_released, at + _TICK) for judged, is_released in clearing.cleared]
        self._insert("nlp.cleared_texts", rows)

    def write_verdicts(self, judged: Sequence[Judged]) -> None:
        now = datetime.now(UTC)
        self._insert("nlp.verdicts", [_verdict(one, now) for one in judged])

    def _rows(self, query: str, ids: Sequence[str], **others: Sequence[str]) -> list[Sequence[Any]]:
        found: list[Sequence[Any]] = []
        for start in range(0, len(ids), _IDS_PER_QUERY):
            some = slice(start, start + _IDS_PER_QUERY)
            parameters = {"ids": list(ids[some]), **{name: list(all_[some]) for name, all_ in others.items()}}
            found += self._clickhouse.query(query, parameters).result_rows
        return found

    def _insert(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            # A row is an object: columns that a withdrawal leaves out keep their defaults.
            self._clickhouse.raw_insert(
                table, None, _ENCODER.encode_lines(rows), fmt="JSONEachRow", settings=_SETTINGS
            )


def _withdrawal(one: Cleared, at: datetime) -> dict[str, Any]:
    return {
        "text_id": one.text_id, "company_id": one.company_id, "event_id": one.event_id,
        "written_at": one.written_at, "is_withdrawn": 1, "cleared_at": at,
    }  # fmt: skip


def _clearing(judged: Judged, is_released: bool, at: datetime) -> dict[str, Any]:
    if judged.redaction is None:
        raise ValueError(f"text {judged.version.text_id} has no redacted words to write")
    return {
        **_common(judged.version),
        "program_instance_id": judged.version.program_instance_id,
        "language": judged.language,
        "content": judged.redaction.content,
        "text_sha256": judged.text_sha256,
        "character_count": len(judged.redaction.content),
        "redaction_version": judged.redaction.version,
        "safety_version": judged.safety_version,
        "verdict_id": judged.verdict_id,
        "released": is_released,
        "cleared_at": at,
    }


def _verdict(judged: Judged, at: datetime) -> dict[str, Any]:
    findings: Sequence[Finding] = judged.verdict.findings if judged.verdict else ()
    return {
        **_common(judged.version),
        "verdict_id": judged.verdict_id,
        "text_sha256": judged.text_sha256,
        "source_time": judged.version.source_time,
        "language": judged.language,
        "action": judged.action,
        "categories": [one.category for one in findings],
        "severities": [one.severity for one in findings],
        "rules": [one.rule for one in findings],
        "starts": [one.start for one in findings],
        "ends": [one.end for one in findings],
        "confidences": [one.confidence for one in findings],
        "confidence": judged.verdict.confidence if judged.verdict else 1.0,
        "safety_version": judged.safety_version,
        "screened_at": at,
    }


def _common(version: TextVersion) -> dict[str, Any]:
    return {
        "text_id": version.text_id, "text_type": version.text_type, "event_id": version.event_id,
        "company_id": version.company_id, "person_id": version.person_id, "subject": version.subject,
        "written_at": version.written_at,
    }  # fmt: skip


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
