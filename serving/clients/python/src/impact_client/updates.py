"""What a live stream hands out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from impact_client.errors import UnexpectedAnswer


@dataclass(frozen=True)
class Update:
    """Something has changed: `name` says what kind of thing, `data` which and how."""

    id: str
    name: str  # metric.updated, journey.flag.updated, …; more may come, ignore those you do not know
    company_id: UUID
    time: datetime | None
    data: dict[str, Any]


@dataclass(frozen=True)
class Reset:
    """The history cannot be continued: fetch the figures again. Updates go on from here."""

    id: str
    reason: str  # expired, unknown, recreated, foreign or malformed


@dataclass(frozen=True)
class Gap:
    """Updates with these ids may have been for you and are gone: fetch again. Updates go on behind them."""

    id: str
    first: str
    last: str


@dataclass(frozen=True)
class Conflated:
    """You asked for `conflate`: in this range, of each figure only the newest value follows."""

    id: str
    first: str
    last: str


StreamEvent: TypeAlias = Update | Reset | Gap | Conflated


def event_of(event_id: str, name: str, data: str) -> StreamEvent:
    """One server-sent event as what it means."""
    try:
        body = json.loads(data)
        if name == "reset":
            return Reset(event_id, body["reason"])
        if name in ("gap", "conflated"):
            return (Gap if name == "gap" else Conflated)(event_id, body["from"], body["to"])
        time = body.get("time")
        return Update(
            event_id, name, UUID(body["companyId"]), datetime.fromisoformat(time) if time else None, body["data"]
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnexpectedAnswer(f"the stream's event {event_id} ({name}) is not of the API's form") from error
