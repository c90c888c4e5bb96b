"""From a number to the events behind it: ids, types and times, and the redacted words a score rests on."""

from __future__ import annotations

import base64
import binascii
import struct
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from serving.openapi import EVIDENCE_PROBLEMS
from serving.problems import METRIC_NOT_FOUND, ProblemError, invalid_parameter
from serving.queries.evidence import NO_PLACE, EvidenceQuestion
from serving.reads import OwnDataRead, ReadRoute
from serving.representation import answer

router = APIRouter(prefix="/v1/metrics", tags=["evidence"], route_class=ReadRoute)

SCORED = "q2q.scored"
_KEEP_S = 600
_CURSOR = struct.Struct(">q16s")  # milliseconds since 1970, event id
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(2261, 12, 31)


class EvidenceEvent(BaseModel):
    """One event that a number was computed from."""

    model_config = ConfigDict(extra="forbid")

    event_id: UUID = Field(description="`raw.events` has the event under this id.")
    event_type: str = Field(examples=["kintell.session.completed"])
    occurred_at: datetime
    person_id: UUID | None = Field(description="Whom it is about, as a pseudonym; null if nobody is known.")
    snippet: str | None = Field(
        description="Of a score: the redacted words it rests on, for 90 days and where at least five people"
        " wrote in the quarter. Null otherwise, and for every other event."
    )


class Evidence(BaseModel):
    """Newest first. Events arrive at any time, so the list may be ahead of the published number."""

    company_id: UUID
    metric: str = Field(examples=["sessions_count"])
    items: list[EvidenceEvent]
    next_cursor: str | None


class EvidenceQuery(BaseModel):
    first: date = Field(_FIRST_DAY, alias="from", description="First day, included.", examples=["2026-07-01"])
    last: date = Field(_LAST_DAY, alias="to", description="Last day, included.", examples=["2026-09-30"])
    limit: int = Field(20, ge=1, le=500, description="Events per page.")
    cursor: str | None = Field(None, max_length=64, description="`next_cursor` of the page before.")


@router.get("/{metric_id}/evidence", response_model=Evidence, responses=EVIDENCE_PROBLEMS)
async def list_evidence(
    read: OwnDataRead,
    metric_id: Annotated[
        str,
        Path(
            description="A figure of `/metrics`, a dimension as `outcome.confidence`, or one of a tile as"
            " `mentorship.attendance`.",
            pattern=r"^[a-z0-9_.]{1,64}$",
        ),
    ],
    query: Annotated[EvidenceQuery, Query()],
) -> Response:
    """The events that a company's number was computed from."""
    first, last = max(query.first, _FIRST_DAY), min(query.last, _LAST_DAY)
    if first > last:
        raise invalid_parameter("query.from", f"{first} is after {last}, so there is nothing between")
    place = read_cursor(query.cursor) if query.cursor else NO_PLACE
    events = await read.services.evidence.events(
        EvidenceQuestion(
            read.company_id,
            metric_id,
            first=datetime.combine(first, time(), UTC),
            end=datetime.combine(last + timedelta(days=1), time(), UTC),
            before=place,
            limit=query.limit + 1,
        )
    )
    if not events and not query.cursor and not await read.services.evidence.is_known(metric_id):
        raise ProblemError(METRIC_NOT_FOUND, f"there is no evidence of a metric {metric_id}")
    page = events[: query.limit]
    scores = [event["event_id"] for event in page if event["event_type"] == SCORED]
    snippets = await read.services.evidence.snippets(read.company_id, scores)
    page = [{**event, "snippet": snippets.get(event["event_id"])} for event in page]
    members = {
        "company_id": read.company_id,
        "metric": metric_id,
        "items": page,
        "next_cursor": write_cursor(page[-1]["occurred_at"], page[-1]["event_id"])
        if len(events) > query.limit
        else None,
    }
    return answer(read.request, members, None, keep_s=_KEEP_S)


def write_cursor(moment: datetime, event_id: UUID) -> str:
    """The place behind an event, in a list that is newest first."""
    milliseconds = round(moment.timestamp() * 1000)
    return base64.urlsafe_b64encode(_CURSOR.pack(milliseconds, event_id.bytes)).decode()


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """The place a cursor names; a ProblemError if it names none."""
    try:
        milliseconds, event_id = _CURSOR.unpack(base64.b64decode(cursor, altchars=b"-_", validate=True))
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds), UUID(bytes=event_id)
    except (binascii.Error, struct.error, ValueError, OverflowError):
        raise invalid_parameter("query.cursor", "not a next_cursor of this list") from None
