"""Who a credential belongs to: API keys by their hash, access tokens by their signature."""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.api_keys import key_sha256
from ingest.permissions import GRANTED, ROLES, Permission, Role
from serving.key_sets import KeySet, UnknownKeyError
from serving.queries import api_keys

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
    scopes: frozenset[str] | None = None  # a key's; None: all that the role may do
    api_version: str | None = None  # a key's, such as 2026-11-27; None: the newest

    def may(self, *permissions: Permission) -> bool:
        """Whether the caller has one of the permissions."""
        granted = GRANTED[self.role]
        return any(one in granted and (self.scopes is None or one in self.scopes) for one in permissions)


class Claims(BaseModel):
    """What an access token says. `companyId` may be missing for an administrator only."""

    model_config = ConfigDict(frozen=True)

    user_id: str = Field(alias="userId", min_length=1, max_length=200)
    role: str
    company_id: UUID | None = Field(None, alias="companyId")
    exp: float


class TokenVerifier:
    """Access tokens (JWT), by the issuer's key set or, without one, by a secret shared with it (HS256).

    Which it is, is a matter of settings and never of the token's header. `exp` is required; with a key set so
    are `iss` and `aud`.
    """

    def __init__(
        self,
        secret: str,
        requests_per_minute: int,
        *,
        keys: KeySet | None = None,
        issuer: str | None = None,
        audience: str | None = None,
    ) -> None:
        self._secret, self._keys = secret, keys
        self._issuer, self._audience = issuer, audience
        self._requests_per_minute = requests_per_minute
        self._verified: dict[bytes, Caller] = {}  # by the token's SHA-256: a signature is checked once
        self._generation = 0  # of the keys by which they were

    async def verify(self, token: str) -> Caller:
        """Whose token it is. Raises InvalidCredentialError, KeySetAwayError if nobody can say."""
        if self._keys is not None:
            self._keys.look_soon()
            if self._keys.generation != self._generation:  # a key that was taken back has vouched for some
                self._verified.clear()
                self._generation = self._keys.generation
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None and known.expires_at is not None and known.expires_at > time.time():
            return known
        caller = self._caller_of(await self._payload(token))
        if len(self._verified) >= CACHE_SIZE:
            self._verified.clear()
        self._verified[digest] = caller
        return caller

    async def _payload(self, token: str) -> dict[str, Any]:
        required = ["exp"]
        if self._issuer is not None:
            required.append("iss")
        if self._audience is not None:
            required.append("aud")
        try:
            key: str | jwt.PyJWK = self._secret
            algorithm = JWT_ALGORITHM
            if self._keys is not None:
                key = await self._keys.find(jwt.get_unverified_header(token).get("kid"))
                algorithm = key.algorithm_name
            payload: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                issuer=self._issuer,
                audience=self._audience,
                options={"require": required},
            )
        except jwt.ExpiredSignatureError as error:
            raise InvalidCredentialError("the access token has expired; ask for a new one") from error
        except (jwt.InvalidIssuerError, jwt.InvalidAudienceError) as error:
            raise InvalidCredentialError("the access token was made by or for somebody else") from error
        except (jwt.InvalidTokenError, UnknownKeyError) as error:
            raise InvalidCredentialError("the access token is not valid") from error
        return payload

    def _caller_of(self, payload: dict[str, Any]) -> Caller:
        try:
            claims = Claims.model_validate(payload)
        except ValidationError as error:
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
    return next((role for role in ROLES if role == canonical), None)


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
        None if record["scopes"] is None else frozenset(record["scopes"]),
        record["api_version"],
    )
