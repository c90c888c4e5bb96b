"""What administrators of the platform looked at: a company sees who reached into it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from serving.auth import CallersPool, own_or_asked
from serving.credentials import Caller
from serving.openapi import AUDIT_PROBLEMS
from serving.permissions import allowed
from serving.queries import admin_reads
from serving.queries.evidence import NO_PLACE
from serving.routers.evidence import read_cursor, write_cursor

router = APIRouter(prefix="/v1/audit", tags=["audit"])

Auditor = Annotated[Caller, allowed("audit_log:view")]


class AdminRead(BaseModel):
    """A request of an administrator of the platform."""

    request_id: UUID = Field(description="As in `X-Request-ID` and in the log.")
    asked_at: datetime
    caller_id: str = Field(examples=["user:u-17"])
    method: str = Field(examples=["GET"])
    route: str = Field(examples=["/v1/companies/{company_id}/metrics"])
    company_id: UUID | None = Field(description="That the address named; null if it named none.")


class AdminReadPage(BaseModel):
    items: list[AdminRead]
    next_cursor: str | None


class AuditQuery(BaseModel):
    company_id: UUID | None = Field(
        None, alias="companyId", description="For administrators of the platform; without it, every request."
    )
    limit: int = Field(100, ge=1, le=500, description="Items per page.")
    cursor: str | None = Field(None, max_length=64, description="`next_cursor` of the page before.")


@router.get("/admin-reads", responses=AUDIT_PROBLEMS)
async def list_admin_reads(
    response: Response, caller: Auditor, pool: CallersPool, query: Annotated[AuditQuery, Query()]
) -> AdminReadPage:
    """Requests by which administrators of the platform reached into the company, newest first."""
    found = await admin_reads.find(
        pool,
        own_or_asked(caller, query.company_id),
        read_cursor(query.cursor) if query.cursor else NO_PLACE,
        query.limit + 1,
    )
    page = found[: query.limit]
    response.headers["Cache-Control"] = "no-store"
    return AdminReadPage(
        items=[AdminRead(**dict(row)) for row in page],
        next_cursor=write_cursor(page[-1]["asked_at"], page[-1]["request_id"])
        if len(found) > query.limit
        else None,
    )
