"""Requests in Postgres: opened once, advanced step by step, each step recorded and told.

Every function is one transaction: the row, its line in `request_events`, the audit chain, and what live
streams and consumers of events hear of it. Connections are psycopg's, in autocommit or inside a transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from orchestration.privacy.requests import audit, telling
from orchestration.privacy.requests.model import (
    AS_IT_CAME,
    AT_ONCE,
    CANCELLABLE,
    FINISHED,
    FOLLOWS,
    KeyReusedError,
    Order,
    PrivacyRequest,
    State,
    StateError,
    UnknownRequestError,
)
from orchestration.privacy.requests.months import AFTER_GRACE, GRACE, due_at, extended_due_at
from orchestration.privacy.requests.regions import Region, region_of

_COLUMNS = """
request_id, right_asked, company_id, subject_id, state, step, progress, error, is_immediate, reason, changes,
requested_by, order_sha256, attempt, run_id, received_at, run_after, due_at, finished_at, priority,
extended_at, extension_reason, region
"""
_BY_KEY = f"""
select {_COLUMNS} from privacy.requests
where company_id is not distinct from %(company)s and requested_by = %(by)s and idempotency_key = %(key)s
"""  # noqa: S608 - the columns above
_OPEN = f"""
select {_COLUMNS} from privacy.requests
where subject_id = %(subject)s and right_asked = %(right)s and company_id is not distinct from %(company)s
    and state in ('received', 'confirmed', 'held', 'running')
order by received_at limit 1
"""  # noqa: S608
_INSERT = f"""
insert into privacy.requests (
    right_asked, company_id, subject_id, state, is_immediate, reason, changes, requested_by, idempotency_key,
    order_sha256, received_at, run_after, due_at, priority, region
) values (
    %(right)s, %(company)s, %(subject)s, 'received', %(immediate)s, %(reason)s, %(changes)s, %(by)s, %(key)s,
    %(sha256)s, %(now)s, %(run_after)s, %(due_at)s, %(priority)s, %(region)s
)
on conflict do nothing returning {_COLUMNS}
"""  # noqa: S608
_GET = f"select {_COLUMNS} from privacy.requests where request_id = %(request_id)s"  # noqa: S608
_DUE = f"""
select {_COLUMNS} from privacy.requests
where state in ('confirmed', 'held') and run_after <= %(now)s
    and (%(region)s::text is null or region is null or region = %(region)s)
order by priority, run_after, request_id
"""  # noqa: S608
_ADVANCE = f"""
update privacy.requests
set state = %(state)s, step = coalesce(%(step)s, step), progress = %(progress)s, error = %(error)s,
    finished_at = %(finished_at)s, attempt = attempt + %(attempts)s, run_id = coalesce(%(run_id)s, run_id),
    reason = coalesce(%(reason)s, reason)
where request_id = %(request_id)s returning {_COLUMNS}
"""  # noqa: S608
_HASTEN = f"""
update privacy.requests
set is_immediate = true, reason = %(reason)s, run_after = %(now)s, due_at = least(due_at, %(due_at)s),
    priority = least(priority, %(priority)s)
where request_id = %(request_id)s returning {_COLUMNS}
"""  # noqa: S608
_EXTEND = f"""
update privacy.requests set extended_at = %(now)s, extension_reason = %(reason)s, due_at = %(due_at)s
where request_id = %(request_id)s returning {_COLUMNS}
"""  # noqa: S608
_RECORD = """
insert into privacy.request_events (request_id, state, step, progress, detail, actor)
values (%s, %s, %s, %s, %s, %s)
"""
PLATFORM = "platform"
CHANNEL = "privacy_requests"  # notified when a request may be due


def open_request(
    connection: psycopg.Connection, order: Order, *, now: datetime | None = None
) -> tuple[PrivacyRequest, bool]:
    """The request and whether it is new. Asked again, by key or while it is open, it is the one there is.

    An erasure is held for its grace unless it is immediate; all else may begin now. One that is asked for at
    once while another is held ends the grace of that one. Raises KeyReusedError.
    """
    now = now or datetime.now(UTC)
    is_held = order.right == "erasure" and not order.is_immediate
    values = {
        "right": order.right, "company": order.company_id, "subject": order.subject_id,
        "immediate": order.is_immediate, "reason": order.reason, "by": order.requested_by,
        "changes": Jsonb(dict(order.changes)) if order.changes else None, "key": order.idempotency_key,
        "sha256": _order_sha256(order), "now": now, "run_after": now + GRACE if is_held else now,
        "due_at": max(due_at(now), now + GRACE + AFTER_GRACE) if is_held else due_at(now),
        "region": region_of(connection, order.company_id),
        "priority": order.priority or (AT_ONCE if order.is_immediate else AS_IT_CAME),
    }  # fmt: skip
    with connection.transaction():
        if order.idempotency_key and (known := _one(connection, _BY_KEY, values)):
            return _same(known, values["sha256"]), False
        made = _one(connection, _INSERT, values)
        if made is None:  # somebody else was quicker, with the key or with the request
            known = _one(connection, _BY_KEY, values) if order.idempotency_key else None
            if known is not None:
                return _same(known, values["sha256"]), False
            there = _one(connection, _OPEN, values)
            if there is None:  # it ended in this very moment; the caller may ask again
                raise StateError("the same request has just ended; ask again")
            return _hastened(connection, there, order, values), False
        _record(connection, made, order.requested_by, {})
        telling.created(connection, made)
        audit.append(
            connection, "request.received", order.requested_by, request_id=made.request_id,
            company_id=made.company_id, detail={"right": made.right, "immediate": made.is_immediate},
        )  # fmt: skip
        made = advance(
            connection, made.request_id, "confirmed", actor=order.requested_by, step="identity_confirmed"
        )
        if is_held:
            made = advance(connection, made.request_id, "held", actor=PLATFORM, step="grace_begun")
        return made, True


def get(connection: psycopg.Connection, request_id: UUID) -> PrivacyRequest:
    """The request; raises UnknownRequestError."""
    return _found(_one(connection, _GET, {"request_id": request_id}), request_id)


def due(
    connection: psycopg.Connection, now: datetime, *, region: Region | None = None
) -> list[PrivacyRequest]:
    """What may begin by then: confirmed requests, and erasures whose grace is over; the most urgent first.

    With a region, what is carried out there or anywhere.
    """
    with connection.cursor(row_factory=class_row(PrivacyRequest)) as cursor:
        return cursor.execute(_DUE.encode(), {"now": now, "region": region}).fetchall()


def listen(connection: psycopg.Connection) -> None:
    """From now on the connection hears of requests that are confirmed; see `wait_for_news`."""
    connection.execute(f"listen {CHANNEL}")


def wait_for_news(connection: psycopg.Connection, patience_s: float) -> bool:
    """Wait until a request is confirmed, or was since `listen`; False after so many seconds without one."""
    return any(connection.notifies(timeout=patience_s, stop_after=1))


def begin(connection: psycopg.Connection, request_id: UUID, run_id: str) -> PrivacyRequest:
    """Note that a run has taken the request up, for the first time or again; raises StateError."""
    return advance(
        connection, request_id, "running", actor=f"run:{run_id}", step="begun", progress=0, run_id=run_id
    )


def advance(
    connection: psycopg.Connection,
    request_id: UUID,
    state: State,
    *,
    step: str | None = None,
    progress: int | None = None,
    detail: Mapping[str, Any] | None = None,
    actor: str = PLATFORM,
    error: str | None = None,
    run_id: str | None = None,
    reason: str | None = None,
) -> PrivacyRequest:
    """Bring a request to a state, or record a step within one, with all that follows from it.

    `detail` and `error` hold ids of things and counts, never people or words. Within `running`, progress only
    grows. Raises UnknownRequestError, and StateError where the state does not follow.
    """
    with connection.transaction():
        before = _locked(connection, request_id)
        if state not in FOLLOWS[before.state]:
            raise StateError(f"request {request_id} is {before.state}; {state} does not follow")
        is_taken_up = step == "begun"
        reached = before.progress if progress is None or state in ("failed", "cancelled") else progress
        if state == before.state == "running" and not is_taken_up:
            reached = max(reached, before.progress)
        values = {
            "request_id": request_id, "state": state, "step": step, "error": error, "run_id": run_id,
            "progress": 100 if state == "completed" else reached, "reason": reason,
            "attempts": int(is_taken_up), "finished_at": datetime.now(UTC) if state in FINISHED else None,
        }  # fmt: skip
        after = _found(_one(connection, _ADVANCE, values), request_id)
        _record(connection, after, actor, detail or {})
        telling.advanced(connection, before, after)
        if state == "confirmed":
            connection.execute("select pg_notify(%s, '')", (CHANNEL,))
        if state != before.state:
            audit.append(
                connection, f"request.{state}", actor, request_id=request_id, company_id=after.company_id,
                detail={"right": after.right, "attempt": after.attempt, **(detail or {})},
            )  # fmt: skip
        return after


def cancel(
    connection: psycopg.Connection, request_id: UUID, *, actor: str, reason: str | None
) -> PrivacyRequest:
    """End a request before its work has begun, also an erasure in its grace; raises StateError after that."""
    with connection.transaction():
        before = _locked(connection, request_id)
        if before.state == "cancelled":
            return before
        if before.state not in CANCELLABLE:
            raise StateError(f"request {request_id} is {before.state}; it can no longer be cancelled")
        return advance(connection, request_id, "cancelled", actor=actor, step="cancelled", reason=reason)


def try_again(connection: psycopg.Connection, request_id: UUID, *, actor: str) -> PrivacyRequest:
    """Have a failed or partial request taken up once more; raises StateError for any other."""
    return advance(connection, request_id, "confirmed", actor=actor, step="tried_again")


def extend(
    connection: psycopg.Connection, request_id: UUID, *, actor: str, reason: str, now: datetime | None = None
) -> PrivacyRequest:
    """Have two months more to answer, once, for a reason that the person is told. Raises StateError.

    The person has to know within the first month, so that is how long it can be done (Art. 12(3) GDPR).
    """
    now = now or datetime.now(UTC)
    with connection.transaction():
        before = _locked(connection, request_id)
        if before.state in ("completed", "cancelled"):
            raise StateError(f"request {request_id} is {before.state}; there is nothing left to extend")
        if before.extended_at is not None:
            raise StateError(
                f"request {request_id} was extended on {before.extended_at:%Y-%m-%d}; once is all"
            )
        if now > due_at(before.received_at):
            raise StateError(
                f"request {request_id} was due to be extended by {due_at(before.received_at):%Y-%m-%d},"
                " within a month of its arrival"
            )
        values = {
            "request_id": request_id, "now": now, "reason": reason,
            "due_at": max(before.due_at, extended_due_at(before.received_at)),
        }  # fmt: skip
        after = _found(_one(connection, _EXTEND, values), request_id)
        detail = {"due_at": after.due_at.isoformat()}
        _record(connection, after, actor, detail, step="extended")
        telling.extended(connection, after)
        audit.append(
            connection, "request.extended", actor, request_id=request_id, company_id=after.company_id,
            detail={"right": after.right, **detail},
        )  # fmt: skip
        return after


def _hastened(
    connection: psycopg.Connection, there: PrivacyRequest, order: Order, values: Mapping[str, Any]
) -> PrivacyRequest:
    """The request there is, its grace ended if the order says so."""
    if not order.is_immediate:
        return there
    there = _locked(connection, there.request_id)
    if there.state != "held":
        return there
    _one(connection, _HASTEN, {**values, "request_id": there.request_id})
    return advance(
        connection, there.request_id, "confirmed", actor=order.requested_by, step="hastened",
        detail={"immediate": True},
    )  # fmt: skip


def _locked(connection: psycopg.Connection, request_id: UUID) -> PrivacyRequest:
    return _found(_one(connection, f"{_GET} for update", {"request_id": request_id}), request_id)


def _found(request: PrivacyRequest | None, request_id: UUID) -> PrivacyRequest:
    if request is None:
        raise UnknownRequestError(f"there is no privacy request {request_id}")
    return request


def _one(connection: psycopg.Connection, statement: str, values: Mapping[str, Any]) -> PrivacyRequest | None:
    with connection.cursor(row_factory=class_row(PrivacyRequest)) as cursor:
        return cursor.execute(statement.encode(), values).fetchone()


def _record(
    connection: psycopg.Connection, request: PrivacyRequest, actor: str, detail: Mapping[str, Any],
    *, step: str | None = None,
) -> None:  # fmt: skip
    connection.execute(
        _RECORD,
        (request.request_id, request.state, step or request.step, request.progress, Jsonb(dict(detail)),
         audit.nameless(actor)),
    )  # fmt: skip


def _same(known: PrivacyRequest, order_sha256: object) -> PrivacyRequest:
    if known.order_sha256 != order_sha256:
        raise KeyReusedError(
            f"this Idempotency-Key stands for request {known.request_id}, which asked for something else"
        )
    return known


def _order_sha256(order: Order) -> bytes:
    said: list[object] = [
        order.right,
        order.subject_id,
        order.company_id,
        order.is_immediate,
        order.reason,
        order.changes,
    ]
    if order.priority is not None:
        said.append(order.priority)
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).digest()
