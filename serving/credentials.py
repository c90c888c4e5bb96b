"""Who a credential belongs to: API keys by their hash, access tokens by their signature."""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

import asyncpg
import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.api_keys import key_sha256
from serving.queries import api_keys

Role = Literal["system_admin", "company_admin", "company_user", "participant", "volunteer", "api_client"]
ROLES: tuple[str, ...] = get_args(Role)

KEY_PREFIXES = ("teei_live_", "teei_test_")
JWT_ALGORITHM = "HS256"

# A revoked key works this much longer at most; a key in use costs one lookup in about this time.
KEY_CACHE_S = 5.0
# From this age on, a key in use is looked up again beside the request that finds it so, which does not wait.
KEY_REFRESH_S = 3.0
# Unknown keys are remembered too, so the caches are bounded against somebody who tries many.
CACHE_SIZE = 10_000


class InvalidCredentialError(Exception):
    """The credential proves nothing. The message is for the caller and says nothing about stored keys."""


@dataclass(frozen=True)
class Caller:
    """Who is asking."""

    caller_id: str  # `key:<key id>` or `user:<user id>`: for limits and the audit log
    role: Role
    company_id: UUID | None  # None: an administrator of the platform
    requests_per_minute: int
    expires_at: float | None = None  # Unix time after which the credential proves nothing
    api_version: str | None = None  # the version a key is pinned to; None: the newest


class Claims(BaseModel):
    """What an access token says. `companyId` may be missing for an administrator only."""

    model_config = ConfigDict(frozen=True)

    user_id: str = Field(alias="userId", min_length=1, max_length=200)
    role: str
    company_id: UUID | None = Field(None, alias="companyId")
    exp: float


class TokenVerifier:
    """Access tokens (JWT): HS256 and nothing else, whatever the token's header says; `exp` is required."""

    def __init__(self, secret: str, requests_per_minute: int) -> None:
        self._secret = secret
        self._requests_per_minute = requests_per_minute
        self._verified: dict[bytes, Caller] = {}  # by the token's SHA-256: a signature is checked once

    def verify(self, token: str) -> Caller:
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None and known.expires_at is not None and known.expires_at > time.time():
            return known
        caller = self._verify(token)
        if len(self._verified) >= CACHE_SIZE:
            self._verified.clear()
        self._verified[digest] = caller
        return caller

    def _verify(self, token: str) -> Caller:
        try:
            payload = jwt.decode(
                token, self._secret, algorithms=[JWT_ALGORITHM], options={"require": ["exp"]}
            )
            claims = Claims.model_validate(payload)
        except jwt.ExpiredSignatureError as error:
            raise InvalidCredentialError("the access token has expired; ask for a new one") from error
        except (jwt.InvalidTokenError, ValidationError) as error:
            raise InvalidCredentialError("the access token is not valid") from error
        role: Role | None = _role(claims.role)
        if role is None:
            raise InvalidCredentialError("the access token names an unknown role")
        if role != "system_admin" and claims.company_id is None:
            raise InvalidCredentialError("the access token names no company")
        return Caller(
            f"user:{claims.user_id}",
            role,
            None if role == "system_admin" else claims.company_id,
            self._requests_per_minute,
            claims.exp,
        )


def _role(name: str) -> Role | None:
    # Older tokens call the platform's administrator plainly "admin".
    canonical = "system_admin" if name == "admin" else name
    return next((role for role in get_args(Role) if role == canonical), None)


class KeyDirectory:
    """API keys, looked up by SHA-256 and remembered for a few seconds.

    The comparison is an index lookup of a hash: its timing depends on the hash of what was sent and says
    nothing about how near a guess was.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._known: dict[bytes, tuple[float, Caller | None]] = {}  # with the time of the lookup
        self._lookups: dict[
            bytes, asyncio.Task[Caller | None]
        ] = {}  # under way: one per key, however many ask

    async def find(self, plaintext: str) -> Caller:
        digest = key_sha256(plaintext)
        looked_up_at, caller = self._known.get(digest, (-KEY_CACHE_S, None))
        age = time.monotonic() - looked_up_at
        if age >= KEY_CACHE_S:
            caller = await asyncio.shield(self._lookup(digest))
        elif age >= KEY_REFRESH_S:
            self._lookup(digest)
        if caller is None or (caller.expires_at is not None and caller.expires_at <= time.time()):
            raise InvalidCredentialError("the API key is unknown, expired or revoked")
        return caller

    def _lookup(self, digest: bytes) -> asyncio.Task[Caller | None]:
        task = self._lookups.get(digest)
        if task is None:
            task = self._lookups[digest] = asyncio.create_task(self._look_up(digest))
            task.add_done_callback(lambda done: self._settle(digest, done))
        return task

    async def _look_up(self, digest: bytes) -> Caller | None:
        asked_at = time.monotonic()  # not when the answer came: a key may be revoked in between
        record = await api_keys.find(self._pool, digest)
        caller = _caller_of(record) if record else None
        if len(self._known) >= CACHE_SIZE:
            self._known.clear()
        self._known[digest] = (asked_at, caller)
        return caller

    def _settle(self, digest: bytes, done: asyncio.Task[Caller | None]) -> None:
        del self._lookups[digest]
        if not done.cancelled():
            # Whoever waits for it is told; an early lookup is repeated when the key is too old.
            done.exception()


def _caller_of(record: asyncpg.Record) -> Caller:
    company_id = record["company_id"]
    return Caller(
        f"key:{record['key_id']}",
        record["role"],
        UUID(bytes=company_id.bytes) if company_id else None,  # asyncpg's is a class of its own
        record["rate_limit_per_minute"],
        record["expires_at"].timestamp() if record["expires_at"] else None,
    )
