"""How a read answers: JSON with a validator, so that a client that has the figures already gets 304."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import Request
from starlette.responses import Response

HOUR_S = 3600
DAY_S = 24 * HOUR_S
JSON = "application/json"

_VARY = "Authorization, X-API-Key, X-API-Version"


def answer(
    request: Request, members: Mapping[str, Any], data_version: int | None, *, keep_s: int = HOUR_S
) -> Response:
    """The members as JSON, or 304 if the client's copy is the same."""
    return answer_bytes(request, orjson.dumps(members), data_version, JSON, keep_s=keep_s)


def answer_bytes(
    request: Request,
    body: bytes,
    data_version: int | None,
    media_type: str,
    *,
    keep_s: int,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A body under its validator. `keep_s`: how long a copy may stand in for an API that does not answer.

    The tag begins with the data version, for people; the hash keeps it exact where the version is not all
    that counts.
    """
    etag = f'"{data_version or 0}-{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    validated = {
        "ETag": etag,
        # `private`: a shared cache must not hand one company's figures to another. `no-cache`: ask again,
        # with the validator; live updates say that figures have changed, and a copy that was not asked for
        # again would not.
        "Cache-Control": f"private, no-cache, stale-if-error={keep_s}",
        "Vary": _VARY,
    }
    if _matches(request.headers.get("If-None-Match", ""), etag):
        return Response(status_code=304, headers=validated)
    return Response(body, media_type=media_type, headers={**validated, **(headers or {})})


def _matches(if_none_match: str, etag: str) -> bool:
    if not if_none_match:
        return False
    candidates = [candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")]
    return etag in candidates or "*" in candidates
