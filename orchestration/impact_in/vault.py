"""Partners' secrets: encrypted in Postgres, opened where a request is signed, shown to nobody.

The newest of a name counts from the next request on, in every process: nothing has to be restarted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from ingest.webhooks.sealing import Sealer, UnsealError

Connection = asyncpg.Connection | PoolConnectionProxy
LONGEST = 4096
_EARLY = timedelta(seconds=30)  # a token that ends while a request is under way is no token

_NEWEST = """
select distinct on (company_id, name) company_id, secret_id, name, sealed from impact_in.secrets
where company_id = any($1) and platform = $2 order by company_id, name, created_at desc, secret_id
"""


class SecretRefusedError(Exception):
    """The secret cannot be used, or no key is set to encrypt it with; the message does not repeat it."""


@dataclass(frozen=True)
class Known:
    """What may be told of a secret."""

    name: str
    created_at: datetime
    created_by: str


class Vault:
    """Seals and opens. Without a key it holds nothing and opens nothing."""

    def __init__(self, sealer: Sealer | None) -> None:
        self._sealer = sealer

    async def put(
        self, connection: Connection, company_id: UUID, platform: str, name: str, secret: str, *, actor: str
    ) -> None:
        """Make this the secret of that name; those before it are deleted."""
        if self._sealer is None:
            raise SecretRefusedError(
                "IMPACT_DELIVERY_SECRETS_KEY is not set: partners' secrets are encrypted with it. Set it to a"
                " long random text, the same for every process."
            )
        if not 1 <= len(secret) <= LONGEST or not secret.isprintable():
            raise SecretRefusedError(f"a secret is 1 to {LONGEST} printable characters")
        secret_id = uuid4()
        sealed = self._sealer.seal(
            secret.encode(), source=_source(company_id, platform, name), secret_id=secret_id
        )
        async with connection.transaction():
            await connection.execute(
                "delete from impact_in.secrets where company_id = $1 and platform = $2 and name = $3",
                company_id, platform, name,
            )  # fmt: skip
            await connection.execute(
                "insert into impact_in.secrets (secret_id, company_id, platform, name, sealed, created_by)"
                " values ($1, $2, $3, $4, $5, $6)",
                secret_id, company_id, platform, name, sealed, actor,
            )  # fmt: skip
            # What an access token was got with may be what was rotated.
            await connection.execute(
                "delete from impact_in.tokens where company_id = $1 and platform = $2", company_id, platform
            )

    async def known(self, connection: Connection, company_id: UUID, platform: str) -> list[Known]:
        rows = await connection.fetch(
            "select name, created_at, created_by from impact_in.secrets"
            " where company_id = $1 and platform = $2 order by name",
            company_id, platform,
        )  # fmt: skip
        return [Known(*row) for row in rows]

    async def open(
        self, connection: Connection, companies: Sequence[UUID], platform: str
    ) -> Mapping[UUID, Mapping[str, str]]:
        """By company: its secrets by name. One that another key sealed is left out."""
        found: dict[UUID, dict[str, str]] = {}
        for row in await connection.fetch(_NEWEST, companies, platform):
            source = _source(row["company_id"], platform, row["name"])
            if (secret := self._open(row["sealed"], source, row["secret_id"])) is not None:
                found.setdefault(row["company_id"], {})[row["name"]] = secret
        return found

    async def token(
        self, connection: Connection, company_id: UUID, platform: str
    ) -> tuple[str, datetime] | None:
        """The access token that is still good for a while, and when it ends."""
        row = await connection.fetchrow(
            "select token_id, sealed, expires_at from impact_in.tokens"
            " where company_id = $1 and platform = $2 and expires_at > now() + $3",
            company_id, platform, _EARLY,
        )  # fmt: skip
        if row is None:
            return None
        token = self._open(row["sealed"], _source(company_id, platform, "token"), row["token_id"])
        return None if token is None else (token, row["expires_at"])

    async def keep_token(
        self, connection: Connection, company_id: UUID, platform: str, token: str, lives_s: float
    ) -> None:
        if self._sealer is None:
            return
        token_id = uuid4()
        sealed = self._sealer.seal(
            token.encode(), source=_source(company_id, platform, "token"), secret_id=token_id
        )
        await connection.execute(
            "insert into impact_in.tokens (company_id, platform, token_id, sealed, expires_at)"
            " values ($1, $2, $3, $4, now() + $5) on conflict (company_id, platform) do update"
            " set token_id = excluded.token_id, sealed = excluded.sealed, expires_at = excluded.expires_at",
            company_id, platform, token_id, sealed, timedelta(seconds=lives_s),
        )  # fmt: skip

    def _open(self, sealed: bytes, source: str, secret_id: UUID) -> str | None:
        if self._sealer is None:
            return None
        try:
            return self._sealer.open(sealed, source=source, secret_id=secret_id).decode()
        except UnsealError:
            return None


def _source(company_id: UUID, platform: str, name: str) -> str:
    return f"impact-in/{company_id}/{platform}/{name}"
