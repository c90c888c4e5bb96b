"""What a company's participants wrote, as far as it may be shown, and what was made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from serving.openapi import FEED_PROBLEMS
from serving.problems import COMPANY_NOT_FOUND, ProblemError
from serving.queries.evidence import NO_PLACE
from serving.reads import DataRead, ReadRoute
from serving.representation import answer
from serving.routers.evidence import read_cursor, write_cursor
from serving.routers.value import Dimension

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["evidence"], route_class=ReadRoute)

_KEEP_S = 600
_IS_COMPANY = "select exists (select from ingest.companies where company_id = $1)"


class ScoredSnippet(BaseModel):
    """One text's score on one dimension, and the words it rests on."""

    model_config = ConfigDict(extra="forbid")

    event_id: UUID = Field(description="The `q2q.scored` event; `raw.events` has it.")
    text_id: UUID
    dimension: Dimension
    score: float = Field(description="0 is worst, 1 is best.", examples=[0.8])
    confidence: float = Field(examples=[0.92])
    label: str = Field(description="What the words were taken for.", examples=["confidence_increase"])
    snippet: str | None = Field(
        description="Redacted: placeholders stand for what names a person. Null from `expires_at` on.",
        examples=["I dare to speak at work now"],
    )
    source: str = Field(description="`kintell_feedback`, `buddy_feedback` or `checkin_note`.")
    language: str = Field(examples=["en"])
    model_version: str = Field(examples=["q2q-local-v4"])
    text_sha256: str = Field(description="Keyed hash of the text: what is left of it after `expires_at`.")
    written_at: datetime
    expires_at: datetime = Field(description="90 days after it was written.")


class Q2qFeed(BaseModel):
    """Newest first. Quarters in which fewer than five people wrote are left out."""

    company_id: UUID
    items: list[ScoredSnippet]
    next_cursor: str | None


class FeedQuery(BaseModel):
    dimension: Dimension | None = Field(None, description="One dimension; without it, all.")
    limit: int = Field(20, ge=1, le=100, description="Items per page.")
    cursor: str | None = Field(None, max_length=64, description="`next_cursor` of the page before.")


@router.get("/q2q-feed", response_model=Q2qFeed, responses=FEED_PROBLEMS)
async def list_scored_snippets(read: DataRead, query: Annotated[FeedQuery, Query()]) -> Response:
    """Redacted words of what was written, each with the score that rests on it."""
    place = read_cursor(query.cursor) if query.cursor else NO_PLACE
    if not await read.pool.fetchval(_IS_COMPANY, read.company_id):
        raise ProblemError(COMPANY_NOT_FOUND, f"there is no company {read.company_id}")
    found = await read.services.evidence.feed(read.company_id, query.dimension, place, query.limit + 1)
    page = found[: query.limit]
    last = page[-1] if len(found) > query.limit else None
    members = {
        "company_id": read.company_id,
        "items": page,
        "next_cursor": write_cursor(last["written_at"], last["event_id"]) if last else None,
    }
    return answer(read.request, members, None, keep_s=_KEEP_S)
