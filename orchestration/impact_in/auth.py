"""How a request proves whom it is from: headers, signatures, tokens; and WS-Security in the envelope."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

import aiohttp
import asyncpg
import orjson

from ingest.webhooks.schemes import decoded_secret
from orchestration.impact_in.connectors import Auth
from orchestration.impact_in.payloads import SECURITY
from orchestration.impact_in.vault import Vault

_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_DIGEST = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
TOKEN_TIMEOUT_S = 15
_LARGEST_TOKEN = 16_384
_DEFAULT_TOKEN_S = 3600.0


class UnusableError(Exception):
    """A secret that the authentication needs is missing or cannot be used: asking again will not help."""


class TokenRefusedError(Exception):
    """The partner gives no token for these credentials."""


class TokenUnavailableError(Exception):
    """The partner's token endpoint does not answer as it should; trying again later may help."""


@dataclass(frozen=True)
class Signed:
    """Headers to add, and the bytes to send."""

    headers: dict[str, str]
    body: bytes


class Tokens:
    """Access tokens, got once and used by all processes until they end."""

    def __init__(self, pool: asyncpg.Pool, vault: Vault) -> None:
        self._pool, self._vault = pool, vault
        self._known: dict[tuple[UUID, str], tuple[str, float]] = {}
        self._locks: dict[tuple[UUID, str], asyncio.Lock] = {}

    async def get(
        self, session: aiohttp.ClientSession, url: str, step: Auth, secrets: Mapping[str, str],
        company_id: UUID, platform: str, before: Callable[[], Awaitable[None]],
    ) -> str:  # fmt: skip
        """The token of a company at a partner; `before` is awaited before the partner is asked for one."""
        key = (company_id, platform)
        async with self._locks.setdefault(key, asyncio.Lock()):
            token, until = self._known.get(key, ("", 0.0))
            if time.time() < until:
                return token
            async with self._pool.acquire() as connection:
                if (stored := await self._vault.token(connection, company_id, platform)) is not None:
                    self._known[key] = stored[0], stored[1].timestamp() - 30
                    return stored[0]
            await before()
            token, lives_s = await _fetch_token(session, url, step, secrets)
            async with self._pool.acquire() as connection:
                await self._vault.keep_token(connection, company_id, platform, token, lives_s)
            self._known[key] = token, time.time() + lives_s - 30
            return token

    async def forget(self, company_id: UUID, platform: str, token: str) -> None:
        """The partner refused it. One that somebody else has got meanwhile stays."""
        key = (company_id, platform)
        if self._known.get(key, ("", 0.0))[0] == token:
            del self._known[key]
        async with self._pool.acquire() as connection, connection.transaction():
            stored = await self._vault.token(connection, company_id, platform)
            if stored is not None and stored[0] == token:
                await connection.execute(
                    "delete from impact_in.tokens where company_id = $1 and platform = $2",
                    company_id,
                    platform,
                )


def sign(
    steps: Sequence[Auth], body: bytes, *, secrets: Mapping[str, str], options: Mapping[str, Any],
    message_id: str, token: str | None, now: float,
) -> Signed:  # fmt: skip
    """Everything but getting a token. Every attempt is signed anew, since signatures hold the time."""
    headers: dict[str, str] = {}
    for step in steps:
        if step.kind == "bearer":
            headers["Authorization"] = f"Bearer {_secret(secrets, step.secret)}"
        elif step.kind == "oauth2":
            headers["Authorization"] = f"Bearer {token}"
        elif step.kind == "api_key":
            headers[step.header] = _secret(secrets, step.secret)
        elif step.kind == "header":
            headers[step.header] = str(options[step.option])
        elif step.kind == "body_hmac":
            key = _secret(secrets, step.secret).encode()
            headers[step.header] = hmac.digest(key, body, "sha256").hex()
        elif step.kind == "standard_webhooks":
            headers |= _standard_webhooks(_secret(secrets, step.secret), body, message_id, int(now))
        elif step.kind == "ws_security":
            username, password = _secret(secrets, step.username), _secret(secrets, step.password)
            body = body.replace(SECURITY, _ws_security(username, password, now), 1)
    return Signed(headers, body)


def oauth_step(steps: Sequence[Auth]) -> Auth | None:
    return next((step for step in steps if step.kind == "oauth2"), None)


async def _fetch_token(
    session: aiohttp.ClientSession, url: str, step: Auth, secrets: Mapping[str, str]
) -> tuple[str, float]:
    form = {"grant_type": "client_credentials"}
    if step.scope:
        form["scope"] = step.scope
    basic = aiohttp.encode_basic_auth(_secret(secrets, step.client_id), _secret(secrets, step.client_secret))
    try:
        async with session.post(
            url, data=form, headers={"Authorization": basic}, allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=TOKEN_TIMEOUT_S),
        ) as answer:  # fmt: skip
            content = await answer.content.read(_LARGEST_TOKEN)
            status = answer.status
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise TokenUnavailableError(f"the token endpoint did not answer: {type(error).__name__}") from None
    if status in (400, 401, 403):
        raise TokenRefusedError(f"the token endpoint answered {status}")
    if status != 200:
        raise TokenUnavailableError(f"the token endpoint answered {status}")
    try:
        document = orjson.loads(content)
        return str(document["access_token"]), float(document.get("expires_in", _DEFAULT_TOKEN_S))
    except (ValueError, KeyError, TypeError):
        raise TokenUnavailableError("the token endpoint's answer holds no token") from None


def _standard_webhooks(secret: str, body: bytes, message_id: str, now: int) -> dict[str, str]:
    key = decoded_secret(secret.encode())
    if key is None:
        raise UnusableError("the signing key of Standard Webhooks is `whsec_` and base64")
    mac = hmac.digest(key, b"%b.%d.%b" % (message_id.encode(), now, body), "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def _ws_security(username: str, password: str, now: float) -> bytes:
    """A UsernameToken with a digest: the password itself does not leave, and the nonce is used once."""
    at = datetime.fromtimestamp(now, UTC)
    created, expires = (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (at, at + timedelta(minutes=5)))
    nonce = os.urandom(16)
    digest = hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest()
    return (
        f'<soapenv:Header><wsse:Security xmlns:wsse="{_WSSE}" xmlns:wsu="{_WSU}" soapenv:mustUnderstand="1">'
        f"<wsu:Timestamp><wsu:Created>{created}</wsu:Created><wsu:Expires>{expires}</wsu:Expires></wsu:Timestamp>"
        f"<wsse:UsernameToken><wsse:Username>{escape(username)}</wsse:Username>"
        f'<wsse:Password Type="{_DIGEST}">{base64.b64encode(digest).decode()}</wsse:Password>'
        f"<wsse:Nonce>{base64.b64encode(nonce).decode()}</wsse:Nonce><wsu:Created>{created}</wsu:Created>"
        "</wsse:UsernameToken></wsse:Security></soapenv:Header>"
    ).encode()


def _secret(secrets: Mapping[str, str], name: str) -> str:
    if not (secret := secrets.get(name)):
        raise UnusableError(f"the connection has no usable secret {name}")
    return secret
