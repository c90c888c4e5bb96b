"""Webhook secrets in Postgres: made, given an end, listed. A receiver follows them by a `SecretBook`."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import class_row

from ingest.webhooks.sealing import Sealer

SECRET_BYTES = 32
SHORTEST_SECRET = 16  # characters; a guessable secret is no secret


class SecretRefusedError(Exception):
    """The secret cannot be used; the message says why, and does not repeat it."""


@dataclass(frozen=True)
class SecretRow:
    """What may be shown of a stored secret."""

    secret_id: UUID
    source: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None

    def state(self, now: datetime) -> Literal["active", "ending", "expired"]:
        if self.expires_at is None:
            return "active"
        return "ending" if self.expires_at > now else "expired"


def new_secret() -> str:
    """32 random bytes as Standard Webhooks writes them: its senders can use the secret as it is."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def rotate(
    connection: psycopg.Connection, source: str, secret: str, *, overlap: timedelta, sealer: Sealer
) -> UUID:
    """Store `secret` as the newest of `source` and end the others after `overlap`; returns its id."""
    if len(secret) < SHORTEST_SECRET or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise SecretRefusedError(
            f"a secret is at least {SHORTEST_SECRET} printable ASCII characters without spaces"
        )
    secret_id = uuid4()
    with connection.transaction():
        connection.execute(
            "update ingest.webhook_secrets set expires_at = now() + %(overlap)s"
            " where source = %(source)s and coalesce(expires_at, 'infinity') > now() + %(overlap)s",
            {"source": source, "overlap": overlap},
        )
        connection.execute(
            "insert into ingest.webhook_secrets (secret_id, source, sealed) values (%s, %s, %s)",
            (secret_id, source, sealer.seal(secret.encode(), source=source, secret_id=secret_id)),
        )
    return secret_id


def stored_secrets(connection: psycopg.Connection) -> list[SecretRow]:
    """Every secret there is or was, the newest of each source first."""
    with connection.cursor(row_factory=class_row(SecretRow)) as cursor:
        return cursor.execute(
            "select secret_id, source, created_at, expires_at, last_used_at"
            " from ingest.webhook_secrets order by source, created_at desc"
        ).fetchall()
