"""Live updates of a company's figures, as server-sent events."""

from __future__ import annotations

import time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from serving.auth import AnalyticsReader, require_company
from serving.credentials import Caller
from serving.dependencies import AppServices, Services
from serving.openapi import STREAM_PROBLEMS
from serving.problems import STREAMING_DISABLED, ProblemError, invalid_parameter, unavailable
from serving.stream.hub import Hub
from serving.stream.response import StreamLimits, UpdateStream

router = APIRouter(prefix="/v1/stream", tags=["stream"])

_EXAMPLE = """retry: 2000

id: 4711
event: metric.updated
data: {"type":"metric.updated","companyId":"…","time":"…","data":{"metric":"sessions_count",…}}

"""


class CompanyStreams(BaseModel):
    company_id: UUID
    connections: int


class StreamStats(BaseModel):
    """The live streams of this process: all of them for an administrator, one's own company otherwise."""

    is_following: bool = Field(description="Whether this process reads the update log now.")
    position: int = Field(description="Sequence of the latest update this process has read.")
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
    request: Request,
    services: Services,
    caller: AnalyticsReader,
    company_id: Annotated[
        UUID | None,
        Query(alias="companyId", description="Required of an administrator; otherwise one's own or none."),
    ] = None,
    last_event_id: Annotated[
        str | None, Query(alias="lastEventId", description="Like the header, for clients that cannot set it.")
    ] = None,
    last_event_id_header: Annotated[
        str | None,
        Header(alias="Last-Event-ID", description="The last `id` the client has; wins over the query."),
    ] = None,
) -> Response:
    """Each change of a figure, as it is published; resumes exactly behind the last event id."""
    company = _company(request, caller, company_id)
    hub = _hub(services)
    if not hub.is_following or hub.is_closing:
        raise unavailable("the update log")
    settings = services.settings
    lifetime_s = settings.stream_lifetime_s
    if caller.expires_at is not None:
        lifetime_s = min(lifetime_s, max(0.0, caller.expires_at - time.time()))
    return UpdateStream(
        hub,
        services.metrics,
        str(company),
        # A browser repeats the address it was opened with, but its header is newer.
        last_event_id_header or last_event_id,
        StreamLimits(lifetime_s, settings.stream_retry_ms),
    )


@router.get("/stats", response_model=StreamStats, responses=STREAM_PROBLEMS)
async def get_stream_stats(services: Services, caller: AnalyticsReader) -> StreamStats:
    """How many streams this process serves, and how far it has read."""
    hub = _hub(services)
    visible = [
        CompanyStreams(company_id=UUID(company), connections=connections)
        for company, connections in sorted(hub.clients.items())
        if caller.role == "system_admin" or company == str(caller.company_id)
    ]
    return StreamStats(
        is_following=hub.is_following,
        position=hub.position,
        connections=sum(company.connections for company in visible),
        companies=visible,
    )


def _company(request: Request, caller: Caller, asked: UUID | None) -> UUID:
    company = asked or caller.company_id
    if company is None:
        raise invalid_parameter("query.companyId", "an administrator has no company and has to name one")
    return require_company(request, caller, company)


def _hub(services: AppServices) -> Hub:
    if services.hub is None:
        raise ProblemError(STREAMING_DISABLED, "this platform runs with STREAMING_ENABLED=false")
    return services.hub
