"""A flagged text and what screening found in it: for reviewers, whose look is on record before."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.exceptions import OperationalError

from ingest.stores import StoreSettings, clickhouse_client
from orchestration.gate.stored import stored_text
from serving.problems import unavailable

_FINDINGS = """
select categories, severities, rules, starts, ends, confidences
from nlp.verdicts
where text_id = {text:UUID} and event_id = {event:UUID} and safety_version = {version:String}
order by screened_at desc limit 1
"""


@dataclass(frozen=True)
class FlaggedText:
    """The original, and where in it which rule found something."""

    content: str | None  # None: its event has been erased, or holds no text any more
    findings: list[dict[str, Any]]


class FlaggedTexts:
    """Asks ClickHouse beside the event loop, with a connection per question: reviewers are few."""

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings

    async def get(
        self, text_id: UUID, event_id: UUID, written_at: datetime, safety_version: str
    ) -> FlaggedText:
        try:
            return await asyncio.to_thread(self._get, text_id, event_id, written_at, safety_version)
        except OperationalError:
            raise unavailable("the warehouse") from None

    def _get(self, text_id: UUID, event_id: UUID, written_at: datetime, safety_version: str) -> FlaggedText:
        with closing(clickhouse_client(self._settings)) as client:
            version = stored_text(client, event_id, written_at)
            return FlaggedText(
                version.content if version else None, _findings(client, text_id, event_id, safety_version)
            )


def _findings(
    client: ClickHouseClient, text_id: UUID, event_id: UUID, safety_version: str
) -> list[dict[str, Any]]:
    rows = client.query(
        _FINDINGS, {"text": str(text_id), "event": str(event_id), "version": safety_version}
    ).result_rows
    names = ("category", "severity", "rule", "start", "end", "confidence")
    return [dict(zip(names, one, strict=True)) for one in zip(*rows[0], strict=True)] if rows else []
