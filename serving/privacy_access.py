"""Who may ask what about whose data, and links by which a finished export may be fetched.

A company's administrators ask about people the company has to do with; the platform's ask about anybody; a
participant or volunteer asks about themselves, when the token's `userId` is their person id. Whom somebody
may not ask about does not exist for them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeVar
from uuid import UUID

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.exceptions import OperationalError
from fastapi import Depends
from starlette.concurrency import run_in_threadpool

from ingest.permissions import Permission
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.privacy.requests.audit import SUBJECT
from orchestration.privacy.requests.subjects import Subject, find_subject
from serving.credentials import Caller
from serving.permissions import allowed
from serving.problems import (
    COMPANY_FORBIDDEN,
    ROLE_FORBIDDEN,
    SUBJECT_NOT_FOUND,
    SUBJECT_SHARED,
    ProblemError,
    invalid_parameter,
    unavailable,
)
from serving.routers.privacy_schemas import SubjectReference

ASKERS: tuple[Permission, ...] = ("privacy:manage", "privacy:own")
T = TypeVar("T")


@dataclass(frozen=True)
class Asker:
    """Somebody who may ask, and about whom."""

    actor: str  # for records: caller id, or `subject`
    company_id: UUID | None  # an officer's company; None: the platform, or a person
    own_id: UUID | None  # the person, where one asks for themselves

    @property
    def is_officer(self) -> bool:
        return self.own_id is None


async def asker(caller: Annotated[Caller, allowed(*ASKERS)]) -> Asker:
    if caller.may("privacy:manage"):
        return Asker(caller.caller_id, caller.company_id, None)
    if own_id := _own_id(caller):
        return Asker(SUBJECT, None, own_id)
    raise ProblemError(
        ROLE_FORBIDDEN,
        "a participant or volunteer asks with a token whose userId is their person id; this one names no"
        " person id",
    )


async def officer(
    who: Annotated[Asker, Depends(asker)], _: Annotated[Caller, allowed("privacy:manage")]
) -> Asker:
    return who


AnAsker = Annotated[Asker, Depends(asker)]
AnOfficer = Annotated[Asker, Depends(officer)]


def _own_id(caller: Caller) -> UUID | None:
    try:
        return UUID(caller.caller_id.removeprefix("user:"))
    except ValueError:
        return None


def company_of(who: Asker, asked: UUID | None) -> UUID | None:
    """The company the request is of: the officer's own, or the one an administrator names."""
    if who.company_id is None:
        return asked if who.is_officer else None
    if asked is not None and asked != who.company_id:
        raise ProblemError(COMPANY_FORBIDDEN, f"this credential does not belong to company {asked}")
    return who.company_id


def subject_for(
    connection: psycopg.Connection,
    clickhouse: ClickHouseClient,
    who: Asker,
    reference: SubjectReference | None,
    company_id: UUID | None,
) -> Subject:
    """The person meant, if this asker may ask about them; the same problem for all others."""
    if reference is None:
        if who.own_id is None:
            raise invalid_parameter("body.subject", "name the person: person_id, or provider and external_id")
        reference = SubjectReference(person_id=who.own_id)
    found = find_subject(
        connection, clickhouse, person_id=reference.person_id, provider=reference.provider,
        external_id=reference.external_id,
    )  # fmt: skip
    is_theirs = found is not None and (
        found.person_id == who.own_id
        if who.own_id is not None
        else company_id is None or found.is_of(company_id)
    )
    if found is None or not is_theirs:
        raise ProblemError(SUBJECT_NOT_FOUND, "nobody this caller may ask about is known by this id")
    return found


def refuse_shared(subject: Subject, company_id: UUID | None) -> None:
    """What changes a person's own records is not one company's to ask where another knows the person too."""
    if company_id is not None and subject.is_shared(company_id):
        raise ProblemError(
            SUBJECT_SHARED,
            f"person {subject.person_id} is known to another company, whose records this would change",
        )


async def in_stores(settings: StoreSettings, work: Callable[[psycopg.Connection, ClickHouseClient], T]) -> T:
    """Do blocking work with a connection to each store, beside the event loop. Few ask, and seldom."""

    def run() -> T:
        with closing(postgres_connection(settings, autocommit=True)) as connection:
            try:
                with closing(
                    clickhouse_client(settings, connect_timeout=3, send_receive_timeout=10)
                ) as client:
                    return work(connection, client)
            except OperationalError:
                raise unavailable("the warehouse") from None

    return await run_in_threadpool(run)


async def in_postgres(settings: StoreSettings, work: Callable[[psycopg.Connection], T]) -> T:
    """The same for work that needs no warehouse."""

    def run() -> T:
        with closing(postgres_connection(settings, autocommit=True)) as connection:
            return work(connection)

    return await run_in_threadpool(run)


class DownloadLinks:
    """Links that prove by themselves that their file may be fetched, until they end."""

    def __init__(self, secret: str) -> None:
        # A key of its own: a link must never pass for an access token, nor the other way round.
        self._key = hashlib.sha256(b"privacy downloads\n" + secret.encode()).digest()

    def link(self, request_id: UUID, expires_at: datetime) -> str:
        expires = int(expires_at.timestamp())
        return (
            f"/v1/privacy/requests/{request_id}/download"
            f"?expires={expires}&signature={self._signature(request_id, expires)}"
        )

    def is_good(self, request_id: UUID, expires: int, signature: str) -> bool:
        """Whether we made this link and its time is not over."""
        is_ours = hmac.compare_digest(self._signature(request_id, expires).encode(), signature.encode())
        return is_ours and expires > datetime.now(UTC).timestamp()

    def _signature(self, request_id: UUID, expires: int) -> str:
        digest = hmac.new(self._key, f"{request_id}\n{expires}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
