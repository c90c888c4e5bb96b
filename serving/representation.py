"""How a read answers: JSON with a validator, so that a client that has the figures already gets 304."""

from __future__ import annotations

import hashlib

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

# `private`: a shared cache must not hand one company's figures to another. `no-cache`: ask again, with the
# validator.
_CACHE_CONTROL = "private, no-cache"
_VARY = "Authorization, X-API-Key"


def answer(request: Request, model: BaseModel, data_version: int | None) -> Response:
    """The model as JSON, or 304 if the client's copy is the same.

    The tag begins with the data version, for people; the hash keeps it exact where a row vanishes.
    """
    body = model.model_dump_json().encode()
    etag = f'"{data_version or 0}-{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": _CACHE_CONTROL, "Vary": _VARY}
    if _matches(request.headers.get("If-None-Match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _matches(if_none_match: str, etag: str) -> bool:
    candidates = [candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")]
    return etag in candidates or "*" in candidates
