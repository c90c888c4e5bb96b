"""People's rights over their data: asked for here, carried out by Dagster's runs or at once.

Every request is answered with where it stands; asking for the same thing again, by `Idempotency-Key` or while
it is open, answers with the request there is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import orjson
import psycopg
import structlog
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import FileResponse

from ingest.contracts.privacy import Right
from orchestration.privacy.requests import acts, audit, store
from orchestration.privacy.requests import model as requests
from orchestration.privacy.requests.acts import NotRectifiedError
from orchestration.privacy.requests.files import folder_of
from orchestration.privacy.requests.model import KeyReusedError, Order, StateError
from serving.auth import BearerScheme, KeyScheme, identify
from serving.dependencies import AppServices, Services
from serving.openapi import (
    PRIVACY_ACT_PROBLEMS,
    PRIVACY_ASK_PROBLEMS,
    PRIVACY_FILE_PROBLEMS,
    PRIVACY_LIST_PROBLEMS,
    PRIVACY_READ_PROBLEMS,
)
from serving.permissions import needs, permit
from serving.privacy_access import (
    ASKERS,
    AnAsker,
    Asker,
    DownloadLinks,
    asker,
    company_of,
    in_postgres,
    in_stores,
    refuse_shared,
    subject_for,
)
from serving.problems import (
    EXPORT_GONE,
    KEY_REUSED,
    PRIVACY_REQUEST_CLOSED,
    PRIVACY_REQUEST_NOT_FOUND,
    ROLE_FORBIDDEN,
    ProblemError,
    invalid_parameter,
)
from serving.queries import privacy
from serving.routers.privacy_schemas import (
    CancelOrder,
    DeleteOrder,
    Download,
    ExportOrder,
    ExtendOrder,
    PrivacyRequest,
    PrivacyRequestList,
    PrivacyRequestWithSteps,
    RectifyOrder,
    RequestQuery,
    RestrictOrder,
    Step,
    SubjectOrder,
)

router = APIRouter(prefix="/v1/privacy", tags=["privacy"])
log = structlog.get_logger("audit")

_OPEN = [state for state in requests.STATES if state not in ("completed", "cancelled")]
_AGAIN_S = 2
Open = Callable[[psycopg.Connection, Order], tuple[requests.PrivacyRequest, bool]]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=200,
        description="A request repeated with its key is the same request.",
    ),
]  # fmt: skip


@router.post("/export", status_code=202, responses=PRIVACY_ASK_PROBLEMS)
async def ask_for_export(
    response: Response, who: AnAsker, services: Services, order: ExportOrder, key: IdempotencyKey = None
) -> PrivacyRequest:
    """Have all that is held about a person made into one file. It is there within seconds."""
    _may_choose(who, order.priority)
    return await _ask(
        response, who, services, order, order.right, store.open_request, key=key, priority=order.priority
    )


@router.post("/delete", status_code=202, responses=PRIVACY_ASK_PROBLEMS)
async def ask_for_erasure(
    response: Response, who: AnAsker, services: Services, order: DeleteOrder, key: IdempotencyKey = None
) -> PrivacyRequest:
    """Have a person erased after 30 days, until which it can be cancelled; at once for a stated reason."""
    if order.immediate and not who.is_officer:
        raise ProblemError(ROLE_FORBIDDEN, "an erasure without grace is for company_admin and system_admin")
    _may_choose(who, order.priority)
    if order.immediate and order.reason is None:
        raise invalid_parameter("body.reason", "say why the erasure cannot wait for its grace")
    return await _ask(
        response, who, services, order, "erasure", store.open_request, key=key, reaches_others=True,
        is_immediate=order.immediate, reason=order.reason, priority=order.priority,
    )  # fmt: skip


@router.post("/rectify", status_code=202, responses=PRIVACY_ASK_PROBLEMS)
async def rectify(
    response: Response, who: AnAsker, services: Services, order: RectifyOrder, key: IdempotencyKey = None
) -> PrivacyRequest:
    """Put right a person's name or address. It is done when this answers."""
    changes = order.model_dump(include={"first_name", "last_name", "email", "old_email"}, exclude_none=True)
    return await _ask(
        response, who, services, order, "rectification", acts.rectify, key=key, reaches_others=True,
        changes=changes,
    )  # fmt: skip


@router.post("/restrict", status_code=202, responses=PRIVACY_ASK_PROBLEMS)
async def restrict(
    response: Response, who: AnAsker, services: Services, order: RestrictOrder, key: IdempotencyKey = None
) -> PrivacyRequest:
    """Have a person's data kept and not used: their texts are withdrawn from every reader within seconds."""

    def open_(connection: psycopg.Connection, made: Order) -> tuple[requests.PrivacyRequest, bool]:
        return acts.restrict(connection, made, order.ground)

    right: Right = "object" if order.ground == "objection" else "restrict"
    return await _ask(response, who, services, order, right, open_, key=key)


@router.get("/requests", responses=PRIVACY_LIST_PROBLEMS)
async def list_requests(
    response: Response, who: AnAsker, services: Services, query: Annotated[RequestQuery, Query()]
) -> PrivacyRequestList:
    """Requests by the time they are due: those of the company, or one's own."""
    company_id = company_of(who, query.company_id)
    rows = await privacy.find(
        services.seen_by(company_id), query.state or _OPEN, company_id, who.own_id, query.right, query.limit
    )
    response.headers["Cache-Control"] = "no-store"
    return PrivacyRequestList(items=[PrivacyRequest(**_fields(services, row)) for row in rows])


@router.get("/requests/{request_id}", responses=PRIVACY_READ_PROBLEMS)
async def get_request(
    response: Response, who: AnAsker, services: Services, request_id: UUID
) -> PrivacyRequestWithSteps:
    """One request with all that has happened, and the link to its file when there is one."""
    row = await _request(services, who, request_id)
    steps = await privacy.steps(services.seen_by(who.company_id), request_id)
    response.headers["Cache-Control"] = "no-store"
    if row["finished_at"] is None:
        response.headers["Retry-After"] = str(_AGAIN_S)
    return PrivacyRequestWithSteps(
        **_fields(services, row),
        steps=[Step(**{**dict(one), "detail": orjson.loads(one["detail"])}) for one in steps],
    )


@router.post("/requests/{request_id}/cancel", responses=PRIVACY_ACT_PROBLEMS)
async def cancel_request(
    response: Response, who: AnAsker, services: Services, request_id: UUID, order: CancelOrder | None = None
) -> PrivacyRequest:
    """End a request whose work has not begun, such as an erasure in its grace. Twice is the same as once."""
    reason = order.reason if order else None
    return await _act(
        response, who, services, request_id,
        lambda connection: store.cancel(connection, request_id, actor=who.actor, reason=reason),
    )  # fmt: skip


@router.post("/requests/{request_id}/retry", responses=PRIVACY_ACT_PROBLEMS)
async def retry_request(
    response: Response, who: AnAsker, services: Services, request_id: UUID
) -> PrivacyRequest:
    """Have a request that failed, or was done in part, taken up once more."""
    return await _act(
        response, who, services, request_id,
        lambda connection: store.try_again(connection, request_id, actor=who.actor),
    )  # fmt: skip


@router.post("/requests/{request_id}/extend", responses=PRIVACY_ACT_PROBLEMS)
async def extend_request(
    response: Response, who: AnAsker, services: Services, request_id: UUID, order: ExtendOrder
) -> PrivacyRequest:
    """Have two months more to answer, once and within the first, for a reason that the person is told."""
    if not who.is_officer:
        raise ProblemError(ROLE_FORBIDDEN, "more time is taken by company_admin and system_admin")
    return await _act(
        response, who, services, request_id,
        lambda connection: store.extend(connection, request_id, actor=who.actor, reason=order.reason),
    )  # fmt: skip


async def _link_or_credential(bearer: BearerScheme, key: KeyScheme) -> None:
    """Describes the route, which looks at the credential itself if it is asked without a link."""


needs(_link_or_credential, *ASKERS)


@router.get("/requests/{request_id}/download", responses=PRIVACY_FILE_PROBLEMS, response_class=FileResponse)
async def download(
    request: Request, services: Services, request_id: UUID, _: Annotated[None, Depends(_link_or_credential)],
    expires: Annotated[int | None, Query(ge=0, description="Of the link.")] = None,
    signature: Annotated[str | None, Query(max_length=64, description="Of the link.")] = None,
) -> FileResponse:  # fmt: skip
    """The file of a finished export: with the link, which needs nothing else, or with a credential."""
    links = DownloadLinks(services.settings.impact_jwt_secret.get_secret_value())
    if signature is not None and expires is not None:
        if not links.is_good(request_id, expires, signature):
            raise ProblemError(EXPORT_GONE, "the link has ended, or is not one of ours")
        actor, row = "link", await privacy.by_link(services.pool, request_id)
    else:
        who = await asker(await permit(request, await identify(request, services), *ASKERS))
        actor, row = who.actor, await _request(services, who, request_id)
    if row is None:
        raise _unknown(request_id)
    if row["file_name"] is None:
        raise ProblemError(PRIVACY_REQUEST_CLOSED, f"request {request_id} is {row['state']} and has no file")
    path = folder_of(services.settings.impact_home) / row["file_name"]
    if row["removed_at"] is not None or row["expires_at"] <= datetime.now(UTC) or not path.is_file():
        raise ProblemError(EXPORT_GONE, f"the file of request {request_id} has been deleted")
    await in_postgres(services.settings, lambda connection: _fetched(connection, row, actor))
    log.info("export_downloaded", caller_id=actor, privacy_request_id=str(request_id))
    return FileResponse(
        path, media_type="application/zip", filename=f"export-{request_id}.zip",
        headers={"Cache-Control": "no-store"},
    )  # fmt: skip


def _may_choose(who: Asker, priority: int | None) -> None:
    if priority is not None and not who.is_officer:
        raise ProblemError(ROLE_FORBIDDEN, "a priority is chosen by company_admin and system_admin")


async def _ask(
    response: Response, who: Asker, services: AppServices, order: SubjectOrder, right: Right, open_: Open,
    *, key: str | None, reaches_others: bool = False, **options: Any,
) -> PrivacyRequest:  # fmt: skip
    company_id = company_of(who, order.company_id)

    def work(connection: psycopg.Connection, clickhouse: Any) -> requests.PrivacyRequest:
        subject = subject_for(connection, clickhouse, who, order.subject, company_id)
        if reaches_others:
            refuse_shared(subject, company_id)
        made = Order(right, subject.person_id, company_id, who.actor, idempotency_key=key, **options)
        return open_(connection, made)[0]

    try:
        opened = await in_stores(services.settings, work)
    except KeyReusedError as error:
        raise ProblemError(KEY_REUSED, str(error)) from None
    except NotRectifiedError as error:
        raise invalid_parameter("body.email", str(error)) from None
    except StateError as error:
        raise ProblemError(PRIVACY_REQUEST_CLOSED, str(error)) from None
    log.info("privacy_asked", caller_id=who.actor, privacy_request_id=str(opened.request_id), right=right)
    return await _answer(response, who, services, opened.request_id)


async def _act(
    response: Response, who: Asker, services: AppServices, request_id: UUID,
    work: Callable[[psycopg.Connection], requests.PrivacyRequest],
) -> PrivacyRequest:  # fmt: skip
    await _request(services, who, request_id)
    try:
        await in_postgres(services.settings, work)
    except StateError as error:
        raise ProblemError(PRIVACY_REQUEST_CLOSED, str(error)) from None
    return await _answer(response, who, services, request_id)


async def _answer(response: Response, who: Asker, services: AppServices, request_id: UUID) -> PrivacyRequest:
    row = await _request(services, who, request_id)
    response.headers["Location"] = f"{router.prefix}/requests/{request_id}"
    response.headers["Cache-Control"] = "no-store"
    if row["finished_at"] is None:
        response.headers["Retry-After"] = str(_AGAIN_S)
    return PrivacyRequest(**_fields(services, row))


async def _request(services: Services, who: Asker, request_id: UUID) -> asyncpg.Record:
    row = await privacy.get(services.seen_by(who.company_id), request_id, who.company_id, who.own_id)
    if row is None:
        raise _unknown(request_id)
    return row


def _unknown(request_id: UUID) -> ProblemError:
    return ProblemError(PRIVACY_REQUEST_NOT_FOUND, f"there is no privacy request {request_id}")


def _fields(services: AppServices, row: asyncpg.Record) -> dict[str, Any]:
    is_there = (
        row["file_name"] is not None and row["removed_at"] is None and row["expires_at"] > datetime.now(UTC)
    )
    links = DownloadLinks(services.settings.impact_jwt_secret.get_secret_value())
    return {
        **dict(row),
        "status_url": f"{router.prefix}/requests/{row['request_id']}",
        "download": Download(
            url=links.link(row["request_id"], row["expires_at"]), expires_at=row["expires_at"],
            bytes=row["file_bytes"], sha256=row["file_sha256"].hex(),
        )
        if is_there
        else None,
    }  # fmt: skip


def _fetched(connection: psycopg.Connection, row: asyncpg.Record, actor: str) -> None:
    """Note the download before the file leaves, so that none goes unrecorded."""
    with connection.transaction():
        connection.execute(
            "update privacy.downloads set download_count = download_count + 1, last_at = now()"
            " where request_id = %s",
            (row["request_id"],),
        )
        audit.append(
            connection, "export.downloaded", actor, request_id=row["request_id"], company_id=row["company_id"]
        )
