"""API keys: made, listed and revoked here; looked up by the API.

A key is shown once, when it is made. The database keeps its SHA-256, which is enough: the key is 32 random
bytes, so there is nothing to guess that a slow hash would have to protect. The 12-character prefix lets
people recognise a key.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from ingest.permissions import GRANTED, unknown_scopes

Role = Literal["system_admin", "company_admin", "company_user", "api_client"]
ROLES: tuple[str, ...] = get_args(Role)

LIVE_PREFIX = "teei_live_"
PREFIX_LENGTH = 12
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}")
_COLUMNS = (
    "key_id, company_id, name, prefix, role, scopes, api_version, rate_limit_per_minute, created_at,"
    " expires_at, revoked_at, last_used_at"
)


class ApiKeyError(Exception):
    """The key cannot be made or revoked as asked; the message says what to change."""


class UnknownKeyError(ApiKeyError):
    """There is no such key, or it is not of the company that asks."""


@dataclass(frozen=True)
class ApiKey:
    """What may be shown of a key."""

    key_id: UUID
    company_id: UUID | None
    name: str
    prefix: str
    role: Role
    scopes: list[str] | None  # None: all that the role may do
    api_version: str | None  # None: the newest
    rate_limit_per_minute: int
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def state(self, now: datetime) -> Literal["active", "expired", "revoked"]:
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


def key_sha256(plaintext: str) -> bytes:
    return hashlib.sha256(plaintext.encode()).digest()


def create_key(
    connection: psycopg.Connection,
    company_id: UUID | None,
    name: str,
    role: Role = "api_client",
    *,
    scopes: Sequence[str] | None = None,
    api_version: str | None = None,
    expires_at: datetime | None = None,
    rate_limit_per_minute: int = 1000,
    created_by: str | None = None,
) -> str:
    """Make a key and return its plaintext, which is stored nowhere. The caller commits.

    `scopes` narrows the key to some permissions of its role; `api_version` holds it to that version.
    """
    plaintext = LIVE_PREFIX + secrets.token_urlsafe(32)
    register_key(
        connection,
        plaintext,
        company_id,
        name,
        role,
        scopes=scopes,
        api_version=api_version,
        expires_at=expires_at,
        rate_limit_per_minute=rate_limit_per_minute,
        created_by=created_by,
    )
    return plaintext


def register_key(
    connection: psycopg.Connection,
    plaintext: str,
    company_id: UUID | None,
    name: str,
    role: Role,
    *,
    scopes: Sequence[str] | None = None,
    api_version: str | None = None,
    expires_at: datetime | None = None,
    rate_limit_per_minute: int = 1000,
    created_by: str | None = None,
) -> None:
    """Make a key known whose plaintext exists already, such as the platform's admin key.

    Registering twice changes nothing. A revoked key stays revoked.
    """
    _check(company_id, role, scopes, api_version)
    try:
        connection.execute(
            "insert into ingest.api_keys"
            " (company_id, name, prefix, key_sha256, role, scopes, api_version, expires_at,"
            "  rate_limit_per_minute, created_by)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (key_sha256) do nothing",
            (
                company_id,
                name,
                plaintext[:PREFIX_LENGTH],
                key_sha256(plaintext),
                role,
                sorted(set(scopes)) if scopes is not None else None,
                api_version,
                expires_at,
                rate_limit_per_minute,
                created_by,
            ),
        )
    except psycopg.errors.ForeignKeyViolation as error:
        raise ApiKeyError(
            f"there is no company {company_id}; `impact companies import` adds companies"
        ) from error


def _check(
    company_id: UUID | None, role: Role, scopes: Sequence[str] | None, api_version: str | None
) -> None:
    if role not in ROLES:
        raise ApiKeyError(f"unknown role {role!r}; one of {', '.join(ROLES)}")
    if company_id is None and role != "system_admin":
        raise ApiKeyError(
            f"a key with the role {role} needs a company; only system_admin reads every company"
        )
    if company_id is not None and role == "system_admin":
        raise ApiKeyError("a key with the role system_admin reads every company and belongs to none")
    if scopes is not None and not scopes:
        raise ApiKeyError("a key without any scope could do nothing; leave scopes out for all of the role")
    if unknown := unknown_scopes(role, scopes or ()):
        raise ApiKeyError(
            f"the role {role} does not have {', '.join(unknown)}; it has {', '.join(sorted(GRANTED[role]))}"
        )
    if api_version is not None and not _VERSION.fullmatch(api_version):
        raise ApiKeyError(f"{api_version!r} is no version of the API: those are dates such as 2026-11-27")


def list_keys(connection: psycopg.Connection, company_id: UUID | None = None) -> list[ApiKey]:
    """Every key, or those of one company, oldest first; revoked ones too."""
    with connection.cursor(row_factory=class_row(ApiKey)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS}"  # noqa: S608 - a constant
            " from ingest.api_keys where %(company)s::uuid is null or company_id = %(company)s"
            " order by created_at, key_id",
            {"company": company_id},
        ).fetchall()


def get_key(connection: psycopg.Connection, key_id: UUID, company_id: UUID | None = None) -> ApiKey:
    """One key; with a company, only if it is that company's. Raises UnknownKeyError."""
    with connection.cursor(row_factory=class_row(ApiKey)) as cursor:
        found = cursor.execute(
            f"select {_COLUMNS} from ingest.api_keys where key_id = %(key)s"  # noqa: S608 - a constant
            " and (%(company)s::uuid is null or company_id = %(company)s)",
            {"key": key_id, "company": company_id},
        ).fetchone()
    if found is None:
        raise UnknownKeyError(f"there is no key {key_id}; `impact keys list` shows the ids")
    return found


def revoke_key(connection: psycopg.Connection, key_id: UUID, *, revoked_by: str | None = None) -> None:
    """End a key. API processes notice within five seconds. Revoking twice keeps the first time."""
    found = connection.execute(
        "update ingest.api_keys set revoked_by = case when revoked_at is null then %s else revoked_by end,"
        " revoked_at = coalesce(revoked_at, now()) where key_id = %s",
        (revoked_by, key_id),
    ).rowcount
    if not found:
        raise UnknownKeyError(f"there is no key {key_id}; `impact keys list` shows the ids")


def regenerate_key(
    connection: psycopg.Connection, key: ApiKey, *, overlap: timedelta, created_by: str | None = None
) -> str:
    """A new key that may do what `key` may, in its place; the old one works for `overlap` longer.

    The caller commits. Raises ApiKeyError for a key that is over: nothing would end with it.
    """
    ended = connection.execute(
        "update ingest.api_keys set"
        " expires_at = least(coalesce(expires_at, 'infinity'), now() + %(overlap)s),"
        " revoked_at = case when %(overlap)s = interval '0' then now() end,"
        " revoked_by = case when %(overlap)s = interval '0' then %(by)s end"
        " where key_id = %(key)s and revoked_at is null and (expires_at is null or expires_at > now())",
        {"overlap": overlap, "by": created_by, "key": key.key_id},
    ).rowcount
    if not ended:
        raise ApiKeyError(f"key {key.key_id} is expired or revoked; make a new one")
    return create_key(
        connection,
        key.company_id,
        key.name,
        key.role,
        scopes=key.scopes,
        api_version=key.api_version,
        expires_at=key.expires_at,
        rate_limit_per_minute=key.rate_limit_per_minute,
        created_by=created_by,
    )
