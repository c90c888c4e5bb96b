"""For those who run the platform: dead letters, and the story of a delivery. Administrators only."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Path, Query, Request
from nats.js import JetStreamContext
from pydantic import BaseModel, ConfigDict, Field

from ingest import deliveries
from ingest.dead_letters import letters, settling
from ingest.dead_letters.letter import original_headers
from ingest.dead_letters.letters import LetterFilter, State
from ingest.failures import ErrorClass
from ingest.jetstream import BrokerUnavailableError
from ingest.stores import nats_client
from serving.dependencies import AppServices, ReadPool, Services
from serving.openapi import DEAD_LETTER_PROBLEMS, DELIVERY_PROBLEMS, OPS_PROBLEMS
from serving.parameters import Amount, Flag, Instant, Whole
from serving.permissions import PlatformAdmin
from serving.problems import (
    DEAD_LETTER_NOT_FOUND,
    DELIVERY_NOT_FOUND,
    ProblemError,
    invalid_parameter,
    unavailable,
)

router = APIRouter(prefix="/v1/ops", tags=["ops"])
audit = structlog.get_logger("audit")

_BROKER_S = 3.0
MOST_PER_REQUEST = 2000  # a request that settles more would outlast a proxy's patience; ask again


class Letter(BaseModel):
    """A dead letter without its bytes. `letter_id` is its place in the stream DEAD_LETTERS."""

    model_config = ConfigDict(from_attributes=True)

    letter_id: int = Field(examples=[17])
    source: str = Field(examples=["kintell"])
    kind: str = Field(examples=["session-completed"])
    message_key: str = Field(description="Names the message that died.", examples=["kintell:6f0a"])
    delivery_id: str | None = Field(description="Null for what is not a delivery.", examples=["6f0a"])
    error_class: ErrorClass
    reason: str = Field(description="The last error: fields and places, never values.")
    first_error: str
    attempts: int = Field(description="How often it was tried.", examples=[4])
    first_failed_at: datetime
    died_at: datetime
    code_version: str = Field(description="The code that gave it up.", examples=["0.1.0+1b2c3d4e"])
    replay_of: int | None = Field(description="The letter it was before it was replayed and failed again.")
    state: State
    settled_at: datetime | None
    settled_by: str | None = Field(description="Who replayed or discarded it.")


class LetterWithPayload(Letter):
    """One dead letter; the last three are given only when asked for with `payload=true`."""

    payload_text: str | None = Field(None, description="The original bytes, if they are UTF-8.")
    payload_base64: str | None = Field(None, description="The original bytes; null when they are gone.")
    original_headers: dict[str, str] | None = None


class LetterPage(BaseModel):
    items: list[Letter]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null on the last.")


class Order(BaseModel):
    """Which letters, and how fast. Only letters that wait are acted on, the oldest first."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"error_class": "transient", "limit": 500, "dry_run": True}]},
    )

    ids: list[Whole] | None = Field(None, min_length=1, max_length=MOST_PER_REQUEST)
    source: str | None = None
    kind: str | None = None
    error_class: ErrorClass | None = None
    since: Instant | None = None
    until: Instant | None = None
    limit: Whole = Field(500, ge=1, le=MOST_PER_REQUEST)
    per_second: Amount = Field(500.0, ge=100, le=5000)
    dry_run: Flag = Field(False, description="Only count.")

    def filter(self) -> LetterFilter:
        return LetterFilter(self.source, self.kind, self.error_class, self.since, self.until, self.ids)


class Done(BaseModel):
    matched_count: int = Field(description="How many waited and matched, up to `limit`.")
    settled_count: int = Field(description="How many were replayed or discarded.")
    gone_count: int = Field(description="How many had lost their bytes.")
    action_id: int | None = Field(description="The audit's row; null when nothing was done.")


class StoryStep(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    at: datetime
    what: str


class DeliveryStory(BaseModel):
    """What is known of one delivery."""

    model_config = ConfigDict(from_attributes=True)

    source: str
    delivery_id: str
    outcome: deliveries.Outcome = Field(
        description="accepted: under way; published: it brought its event; known: the event was there"
        " already; retrying; dead: see `dead_letters`; erased: it names somebody who was erased; refused: its"
        " body was refused, its id never taken."
    )
    received_at: datetime | None
    event_id: UUID | None
    event_type: str | None
    duplicate_count: int
    conflict_count: int
    failure_count: int
    last_error: str | None
    retry_at: datetime | None
    steps: list[StoryStep] = Field(description="In the order of time.")
    dead_letters: list[Letter]


LetterId = Annotated[int, Path(ge=1, description="The letter's id.")]


@router.get("/dead-letters", responses=OPS_PROBLEMS)
async def list_dead_letters(
    _: PlatformAdmin,
    pool: ReadPool,
    source: str | None = None,
    kind: str | None = None,
    error_class: ErrorClass | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
    state: Annotated[State, Query(description="The letters' state.")] = "waiting",
    limit: Annotated[int, Query(ge=1, le=500, description="Letters per page.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=64, description="`next_cursor` of the page before.")
    ] = None,
) -> LetterPage:
    """Dead letters, newest first, without their bytes."""
    wanted = LetterFilter(source, kind, error_class, since, until)
    before = _read_cursor(cursor) if cursor is not None else None
    found = await letters.find(pool, wanted, state=state, before=before, limit=limit + 1)
    page = found[:limit]
    return LetterPage(
        items=[Letter.model_validate(one) for one in page],
        next_cursor=_write_cursor(page[-1].letter_id) if len(found) > limit else None,
    )


@router.get("/dead-letters/{letter_id}", responses=DEAD_LETTER_PROBLEMS)
async def get_dead_letter(
    request: Request,
    caller: PlatformAdmin,
    services: Services,
    letter_id: LetterId,
    payload: Annotated[
        bool,
        Query(
            description="Its original bytes and headers too. They may be personal; reading them is audited."
        ),
    ] = False,
) -> LetterWithPayload:
    """One dead letter."""
    found = await letters.get(services.pool, letter_id)
    if found is None:
        raise ProblemError(DEAD_LETTER_NOT_FOUND, f"there is no dead letter {letter_id}")
    answer = LetterWithPayload.model_validate(found)
    if payload:
        audit.info(
            "dead_letter_payload_read",
            caller_id=caller.caller_id,
            letter_id=letter_id,
            request_id=request.state.request_id,
        )
        async with _broker(services) as js:
            original = await letters.original(js, letter_id)
        if original is not None:
            data = original.data or b""
            answer.payload_base64 = base64.b64encode(data).decode()
            answer.payload_text = _as_text(data)
            answer.original_headers = original_headers(original.headers or {})
    return answer


@router.post("/dead-letters/replay", responses=OPS_PROBLEMS)
async def replay_dead_letters(caller: PlatformAdmin, services: Services, order: Order) -> Done:
    """Send letters back to where they failed, to be processed anew. Asking twice has one effect."""
    return await _settle("replay", caller.caller_id, services, order)


@router.post("/dead-letters/discard", responses=OPS_PROBLEMS)
async def discard_dead_letters(caller: PlatformAdmin, services: Services, order: Order) -> Done:
    """Delete the bytes of letters for good."""
    return await _settle("discard", caller.caller_id, services, order)


@router.get("/deliveries/{source}/{delivery_id:path}", responses=DELIVERY_PROBLEMS)
async def get_delivery(
    _: PlatformAdmin,
    pool: ReadPool,
    source: Annotated[str, Path(max_length=100, examples=["kintell"])],
    delivery_id: Annotated[str, Path(max_length=200, description="As the sender named it.")],
) -> DeliveryStory:
    """When a delivery came, how often, what became of it, and its event."""
    found = await deliveries.story(pool, source, delivery_id)
    if found is None:
        raise ProblemError(DELIVERY_NOT_FOUND, f"nothing ever came from {source} under this delivery id")
    return DeliveryStory.model_validate(found)


async def _settle(action: settling.Action, actor: str, services: AppServices, order: Order) -> Done:
    async with _broker(services) as js:
        done = await settling.settle(
            services.pool,
            js,
            action,
            order.filter(),
            actor=actor,
            limit=order.limit,
            per_second=order.per_second,
            dry_run=order.dry_run,
        )
    return Done.model_validate(done, from_attributes=True)


@asynccontextmanager
async def _broker(services: AppServices) -> AsyncIterator[JetStreamContext]:
    """A connection for one request: an administrator asks rarely, and live updates may be switched off."""
    try:
        async with asyncio.timeout(_BROKER_S):
            client = await nats_client(services.settings, name="impact-api-ops")
    except OSError as error:  # also what a timeout is
        raise unavailable("the message broker") from error
    try:
        yield client.jetstream()
    except BrokerUnavailableError as error:
        raise unavailable("the message broker") from error
    finally:
        await client.close()


def _as_text(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _write_cursor(letter_id: int) -> str:
    return base64.urlsafe_b64encode(str(letter_id).encode()).decode()


def _read_cursor(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, altchars=b"-_", validate=True).decode("ascii"))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise invalid_parameter("query.cursor", "not a next_cursor of this list") from None
