"""API keys: made, listed and revoked here; looked up by the API.

A key is shown once, when it is made. The database keeps its SHA-256, which is enough: the key is 32 random
bytes, so there is nothing to guess that a slow hash would have to protect. The 12-character prefix lets
people recognise a key.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import psycopg
from psycopg.rows import class_row

Role = Literal["system_admin", "company_admin", "company_user", "api_client"]
ROLES: tuple[str, ...] = get_args(Role)

LIVE_PREFIX = "teei_live_"
PREFIX_LENGTH = 12


class ApiKeyError(Exception):
    """The key cannot be made or revoked as asked; the message says what to change."""


@dataclass(frozen=True)
class ApiKey:
    """What may be shown of a key."""

    key_id: UUID
    company_id: UUID | None
    name: str
    prefix: str
    role: Role
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
    expires_at: datetime | None = None,
    rate_limit_per_minute: int = 1000,
) -> str:
    """Make a key and return its plaintext, which is stored nowhere. The caller commits."""
    plaintext = LIVE_PREFIX + secrets.token_urlsafe(32)
    register_key(
        connection,
        plaintext,
        company_id,
        name,
        role,
        expires_at=expires_at,
        rate_limit_per_minute=rate_limit_per_minute,
    )
    return plaintext


def register_key(
    connection: psycopg.Connection,
    plaintext: str,
    company_id: UUID | None,
    name: str,
    role: Role,
    *,
    expires_at: datetime | None = None,
    rate_limit_per_minute: int = 1000,
) -> None:
    """Make a key known whose plaintext exists already, such as the platform's admin key.

    Registering twice changes nothing. A revoked key stays revoked.
    """
    if role not in ROLES:
        raise ApiKeyError(f"unknown role {role!r}; one of {', '.join(ROLES)}")
    if company_id is None and role != "system_admin":
        raise ApiKeyError(
            f"a key with the role {role} needs a company; only system_admin reads every company"
        )
    try:
        connection.execute(
            "insert into ingest.api_keys"
            " (company_id, name, prefix, key_sha256, role, expires_at, rate_limit_per_minute)"
            " values (%s, %s, %s, %s, %s, %s, %s) on conflict (key_sha256) do nothing",
            (
                company_id,
                name,
                plaintext[:PREFIX_LENGTH],
                key_sha256(plaintext),
                role,
                expires_at,
                rate_limit_per_minute,
            ),
        )
    except psycopg.errors.ForeignKeyViolation as error:
        raise ApiKeyError(
            f"there is no company {company_id}; `impact companies import` adds companies"
        ) from error


def list_keys(connection: psycopg.Connection, company_id: UUID | None = None) -> list[ApiKey]:
    """Every key, or those of one company, oldest first; revoked ones too."""
    with connection.cursor(row_factory=class_row(ApiKey)) as cursor:
        return cursor.execute(
            "select key_id, company_id, name, prefix, role, created_at, expires_at, revoked_at, last_used_at"
            " from ingest.api_keys where %(company)s::uuid is null or company_id = %(company)s"
            " order by created_at, key_id",
            {"company": company_id},
        ).fetchall()


def revoke_key(connection: psycopg.Connection, key_id: UUID) -> None:
    """End a key. API processes notice within five seconds. Revoking twice keeps the first time."""
    found = connection.execute(
        "update ingest.api_keys set revoked_at = coalesce(revoked_at, now()) where key_id = %s", (key_id,)
    ).rowcount
    if not found:
        raise ApiKeyError(f"there is no key {key_id}; `impact keys list` shows the ids")
