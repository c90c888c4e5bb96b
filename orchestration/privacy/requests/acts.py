"""Requests that are done when they are asked for: restriction of processing, objection, rectification."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import psycopg

from ingest.people import normalise_email
from orchestration.privacy.requests import audit, store
from orchestration.privacy.requests.model import Order, PrivacyRequest, RequestError

Ground = Literal["accuracy", "unlawful", "legal_claim", "objection"]
CHANNEL = "safety_decisions"  # the gate of texts listens there
_RESTRICT = """
insert into privacy.restrictions (person_id, company_id, ground, request_id, restricted_at)
values (%s, %s, %s, %s, %s) on conflict do nothing returning restriction_id
"""
_LIFT = """
update privacy.restrictions set lifted_at = now(), lifted_by = %s
where restriction_id = %s and (%s::uuid is null or company_id = %s) and lifted_at is null
returning request_id, company_id
"""
_NAMES = """
update ingest.people
set first_name = coalesce(%(first_name)s, first_name), last_name = coalesce(%(last_name)s, last_name)
where person_id = %(person)s
"""
_HAS_EMAIL = """
select person_id from ingest.person_identities where provider = 'email' and external_id = %s
"""
_EMAIL = """
update ingest.person_identities set external_id = %(new)s
where provider = 'email' and external_id = %(old)s and person_id = %(person)s
"""
_ADD_EMAIL = """
insert into ingest.person_identities (provider, external_id, person_id) values ('email', %s, %s)
"""


class NotRectifiedError(RequestError):
    """What was to be put right is not the person's, or belongs to somebody else."""


def restrict(
    connection: psycopg.Connection, order: Order, ground: Ground, *, now: datetime | None = None
) -> tuple[PrivacyRequest, bool]:
    """Restrict the use of a person's data from now on; the request and whether it is new.

    The gate of texts withdraws the person's words from every reader within seconds.
    """
    with connection.transaction():
        request, is_new = store.open_request(connection, order, now=now)
        if not is_new:
            return request, False
        row = connection.execute(
            _RESTRICT,
            (order.subject_id, order.company_id, ground, request.request_id, now or datetime.now(UTC)),
        ).fetchone()
        connection.execute("select pg_notify(%s, '')", (CHANNEL,))
        detail = {"ground": ground, "restriction": str(row[0]) if row else "in force before"}
        return _done(connection, request, "restricted", detail), True


def lift(
    connection: psycopg.Connection, restriction_id: UUID, *, company_id: UUID | None, actor: str
) -> bool:
    """Let a person's data be used again; False if no such restriction of the company is in force."""
    with connection.transaction():
        row = connection.execute(_LIFT, (actor, restriction_id, company_id, company_id)).fetchone()
        if row is None:
            return False
        connection.execute("select pg_notify(%s, '')", (CHANNEL,))
        audit.append(
            connection, "restriction.lifted", actor, request_id=row[0], company_id=row[1],
            detail={"restriction": str(restriction_id)},
        )  # fmt: skip
        return True


def rectify(
    connection: psycopg.Connection, order: Order, *, now: datetime | None = None
) -> tuple[PrivacyRequest, bool]:
    """Put right a name or an address; the request and whether it is new. Raises NotRectifiedError.

    What a source has said in events is put right at the source: a corrected event takes the old one's place.
    """
    changes: Mapping[str, str | None] = order.changes or {}
    with connection.transaction():
        request, is_new = store.open_request(connection, order, now=now)
        if not is_new:
            return request, False
        changed = [name for name in ("first_name", "last_name") if changes.get(name)]
        if changed:
            values = {name: changes.get(name) for name in ("first_name", "last_name")}
            connection.execute(_NAMES, {**values, "person": order.subject_id})
        if email := changes.get("email"):
            _change_email(connection, order.subject_id, changes.get("old_email"), normalise_email(email))
            changed.append("email")
        # Words that were put right are personal data like those before them: the request needs them no more.
        connection.execute(
            "update privacy.requests set changes = null where request_id = %s", (request.request_id,)
        )
        return _done(connection, request, "rectified", {"fields": changed}), True


def _change_email(connection: psycopg.Connection, person_id: UUID, old: str | None, new: str) -> None:
    row = connection.execute(_HAS_EMAIL, (new,)).fetchone()
    if row is not None and row[0] != person_id:
        raise NotRectifiedError(
            "the new address is known as somebody else's; two people are not made one here"
        )
    if row is not None:
        return
    if old is None:
        connection.execute(_ADD_EMAIL, (new, person_id))
        return
    values = {"new": new, "old": normalise_email(old), "person": person_id}
    if connection.execute(_EMAIL, values).rowcount == 0:
        raise NotRectifiedError("the old address is not this person's; leave old_email out to add one")


def _done(
    connection: psycopg.Connection, request: PrivacyRequest, step: str, detail: Mapping[str, object]
) -> PrivacyRequest:
    return store.advance(connection, request.request_id, "completed", step=step, progress=100, detail=detail)
