"""A flagged text and what screening found in it: for reviewers, whose look is on record before."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.exceptions import OperationalError

from ingest.sealing.keys import TextKeys
from ingest.sealing.master import MasterKeyError, MasterKeys
from ingest.stores import StoreSettings, clickhouse_client
from orchestration.gate.stored import stored_text
from orchestration.gate.texts import TextVersion, unsealed
from serving.problems import unavailable

log = structlog.get_logger(__name__)

_FINDINGS = """
select categories, severities, rules, starts, ends, confidences
from nlp.verdicts
where text_id = {text:UUID} and event_id = {event:UUID} and safety_version = {version:String}
order by screened_at desc limit 1
"""


@dataclass(frozen=True)
class FlaggedText:
    """The original, and where in it which rule found something."""

    content: str | None  # None: its event or its key has been erased, or it holds no text any more
    findings: list[dict[str, Any]]


class FlaggedTexts:
    """Asks ClickHouse beside the event loop, with a connection per question: reviewers are few."""

    def __init__(self, settings: StoreSettings, pool: asyncpg.Pool) -> None:
        self._settings = settings
        self._pool = pool

    async def get(
        self, text_id: UUID, event_id: UUID, written_at: datetime, safety_version: str
    ) -> FlaggedText:
        try:
            version, findings = await asyncio.to_thread(
                self._get, text_id, event_id, written_at, safety_version
            )
        except OperationalError:
            raise unavailable("the warehouse") from None
        if version is None:
            return FlaggedText(None, findings)
        try:
            keys = TextKeys(self._pool, MasterKeys.of(self._settings))
            [version] = await unsealed([version], keys)
        except MasterKeyError as error:
            log.error("texts_cannot_be_unsealed", reason=str(error))
            raise unavailable("the key of people's texts") from None
        return FlaggedText(version.content, findings)

    def _get(
        self, text_id: UUID, event_id: UUID, written_at: datetime, safety_version: str
    ) -> tuple[TextVersion | None, list[dict[str, Any]]]:
        with closing(clickhouse_client(self._settings)) as client:
            return (
                stored_text(client, event_id, written_at),
                _findings(client, text_id, event_id, safety_version),
            )


def _findings(
    client: ClickHouseClient, text_id: UUID, event_id: UUID, safety_version: str
) -> list[dict[str, Any]]:
    rows = client.query(
        _FINDINGS, {"text": str(text_id), "event": str(event_id), "version": safety_version}
    ).result_rows
    names = ("category", "severity", "rule", "start", "end", "confidence")
    return [dict(zip(names, one, strict=True)) for one in zip(*rows[0], strict=True)] if rows else []
