"""A cookie that opens a live stream, because a browser's EventSource cannot send a header.

It is made for a caller who has shown a credential, is sent by the browser to the stream's address and nowhere
else, and is good for nothing but that stream: a signed note of who the caller is, with an audience of its
own, so that it is no access token. The key behind it is looked up at each connection and while it lasts.
"""

from __future__ import annotations

import time
from uuid import UUID

import jwt
from pydantic import BaseModel, ValidationError

from ingest.permissions import Role
from serving.credentials import JWT_ALGORITHM, Caller, InvalidCredentialError

COOKIE = "impact_stream"
PATH = "/v1/stream/updates"
LASTS_S = 12 * 3600
_AUDIENCE = "impact:live-stream"


class _Claims(BaseModel):
    caller_id: str
    role: Role
    company_id: UUID | None = None
    requests_per_minute: int
    exp: float
    scopes: list[str] | None = None
    api_version: str | None = None


class StreamSessions:
    def __init__(self, secret: str) -> None:
        self._secret = secret

    def new(self, caller: Caller) -> tuple[str, float]:
        """The cookie's value, and until when it is good: some hours, and never longer than the credential."""
        expires_at = time.time() + LASTS_S
        if caller.expires_at is not None:
            expires_at = min(expires_at, caller.expires_at)
        claims = _Claims(
            caller_id=caller.caller_id,
            role=caller.role,
            company_id=caller.company_id,
            requests_per_minute=caller.requests_per_minute,
            exp=expires_at,
            scopes=None if caller.scopes is None else sorted(caller.scopes),
            api_version=caller.api_version,
        )
        payload = {**claims.model_dump(mode="json"), "exp": int(expires_at), "aud": _AUDIENCE}
        return jwt.encode(payload, self._secret, JWT_ALGORITHM), expires_at

    def caller(self, value: str) -> Caller:
        """Who the cookie was made for; raises InvalidCredentialError."""
        try:
            payload = jwt.decode(
                value,
                self._secret,
                algorithms=[JWT_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["exp", "aud"]},
            )
            claims = _Claims.model_validate(payload)
        except (jwt.InvalidTokenError, ValidationError) as error:
            raise InvalidCredentialError("the stream's session is over; begin another one") from error
        return Caller(
            claims.caller_id,
            claims.role,
            claims.company_id,
            claims.requests_per_minute,
            claims.exp,
            None if claims.scopes is None else frozenset(claims.scopes),
            claims.api_version,
        )
