"""Live updates of a company's figures, as server-sent events."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from ingest.updates import TOPICS
from serving.auth import require_company
from serving.credentials import Caller
from serving.dependencies import AppServices, Services
from serving.openapi import STREAM_PROBLEMS
from serving.permissions import ReportReader
from serving.problems import ROLE_FORBIDDEN, STREAMING_DISABLED, ProblemError, invalid_parameter, unavailable
from serving.stream import session
from serving.stream.hub import Hub
from serving.stream.response import Subscription, UpdateStream
from serving.stream.visibility import (
    HiddenTopicError,
    UnknownTopicError,
    View,
    view_of,
    visible_topics,
)

router = APIRouter(prefix="/v1/stream", tags=["stream"])

_EXAMPLE = """retry: 2000

id: 19ab3c5d7e0-4711
event: metric.updated
data: {"type":"metric.updated","companyId":"…","time":"…","data":{"metric":"sessions_count",…}}

"""


class CompanyStreams(BaseModel):
    company_id: UUID
    connections: int


class StreamStats(BaseModel):
    """The live streams of this process: all of them for an administrator, one's own company otherwise."""

    is_following: bool = Field(description="Whether this process reads the update log now.")
    epoch: str = Field(description="Which update log: the first half of every event id.")
    position: int = Field(description="Sequence of the latest update this process has read.")
    consumers: int = Field(description="JetStream consumers that follow the log, whatever the connections.")
    reading_log: int = Field(description="Streams of the process that are behind memory and read the log.")
    rings: int = Field(description="Rings of latest updates in memory: one per company and set of topics.")
    connections: int = Field(description="Open streams, of the companies below.")
    companies: list[CompanyStreams]


@router.get(
    "/updates",
    response_class=Response,
    responses={
        200: {
            "description": "Events until the stream's lifetime is over; then the client resumes.",
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}},
        },
        **STREAM_PROBLEMS,
    },
)
async def stream_updates(
    services: Services,
    caller: ReportReader,
    company_id: Annotated[
        UUID | None,
        Query(alias="companyId", description="Required of an administrator; otherwise one's own or none."),
    ] = None,
    last_event_id: Annotated[
        str | None, Query(alias="lastEventId", description="Like the header, for clients that cannot set it.")
    ] = None,
    topics: Annotated[
        str | None,
        Query(
            description="Comma-separated; without it, all that the role may see: " + ", ".join(TOPICS),
            examples=["metrics,journey"],
            max_length=200,
        ),
    ] = None,
    conflate: Annotated[
        bool,
        Query(
            description="A client that has missed more than is in memory gets, of each figure, only the"
            " newest value, after an event `conflated` that says so."
        ),
    ] = False,
    last_event_id_header: Annotated[
        str | None,
        Header(alias="Last-Event-ID", description="The last `id` the client has; wins over the query."),
    ] = None,
) -> Response:
    """Each change of a figure, as it is published; resumes exactly behind the last event id."""
    company = _company(caller, company_id)
    view = _view(caller, topics)
    hub = _hub(services)
    if not hub.is_following or hub.is_closing:
        raise unavailable("the update log")
    settings = services.settings
    lifetime_s = settings.stream_lifetime_s
    if caller.expires_at is not None:
        lifetime_s = min(lifetime_s, max(0.0, caller.expires_at - time.time()))
    subscription = Subscription(
        company=str(company),
        view=view,
        # A browser repeats the address it was opened with, but its header is newer.
        last_event_id=last_event_id_header or last_event_id,
        is_conflated=conflate,
        lifetime_s=lifetime_s,
        retry_ms=settings.stream_retry_ms,
    )
    return UpdateStream(hub, services.metrics, subscription, services.revocations.watching(caller))


class StreamSession(BaseModel):
    """What the session's streams will carry."""

    company_id: UUID
    topics: list[str] = Field(description="That the caller's role may see.")
    expires_at: datetime


@router.post("/session", response_model=StreamSession, responses=STREAM_PROBLEMS)
async def begin_stream_session(
    request: Request,
    response: Response,
    services: Services,
    caller: ReportReader,
    company_id: Annotated[
        UUID | None,
        Query(alias="companyId", description="Required of an administrator; otherwise one's own or none."),
    ] = None,
) -> StreamSession:
    """Sets a cookie that opens this company's live stream and nothing else, for a browser's EventSource."""
    company = _company(caller, company_id)
    _hub(services)
    value, expires_at = services.sessions.new(caller)
    response.set_cookie(
        session.COOKIE,
        value,
        max_age=max(0, int(expires_at - time.time())),
        path=session.PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    response.headers["Cache-Control"] = "no-store"
    return StreamSession(
        company_id=company,
        topics=list(visible_topics(caller.role, caller.scopes)),
        expires_at=datetime.fromtimestamp(expires_at, UTC),
    )


@router.get("/stats", response_model=StreamStats, responses=STREAM_PROBLEMS)
async def get_stream_stats(services: Services, caller: ReportReader) -> StreamStats:
    """How many streams this process serves, and how far it has read."""
    hub = _hub(services)
    visible = [
        CompanyStreams(company_id=UUID(company), connections=connections)
        for company, connections in sorted(hub.clients.items())
        if caller.company_id is None or company == str(caller.company_id)
    ]
    return StreamStats(
        is_following=hub.is_following,
        epoch=hub.epoch,
        position=hub.position,
        consumers=1 if hub.is_following else 0,
        reading_log=hub.readers,
        rings=hub.ring_count,
        connections=sum(company.connections for company in visible),
        companies=visible,
    )


def _company(caller: Caller, asked: UUID | None) -> UUID:
    company = asked or caller.company_id
    if company is None:
        raise invalid_parameter("query.companyId", "an administrator has no company and has to name one")
    return require_company(caller, company)


def _view(caller: Caller, topics: str | None) -> View:
    try:
        return view_of(caller.role, topics, caller.scopes)
    except UnknownTopicError as error:
        raise invalid_parameter("query.topics", str(error)) from None
    except HiddenTopicError as error:
        raise ProblemError(ROLE_FORBIDDEN, str(error)) from None


def _hub(services: AppServices) -> Hub:
    if services.hub is None:
        raise ProblemError(STREAMING_DISABLED, "this platform runs with STREAMING_ENABLED=false")
    return services.hub
