"""Lists in pages, none of which mixes two publications.

A cursor says where the next page begins, in which data version, and of which list. When the company's
figures have been published anew in between, the page is refused and the list has to be begun again: joined
to the pages before, it would be a list that never was.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from serving.problems import COMPANY_NOT_FOUND, FIGURES_CHANGED, ProblemError, invalid_parameter
from serving.queries.figures import Figures, ask
from serving.reads import Read
from serving.representation import HOUR_S, JSON, answer_bytes

_CURSOR = struct.Struct(">QI8s")  # data version, offset, which list


class PageQuery(BaseModel):
    """The parameters of every list."""

    limit: int = Field(100, ge=1, le=500, description="Items per page.")
    cursor: str | None = Field(None, max_length=64, description="`next_cursor` of the page before.")


async def answer_list(
    read: Read,
    statement: str,
    query: PageQuery,
    *values: object,
    head: Mapping[str, Any] | None = None,
    keep_s: int = HOUR_S,
    is_published: bool = True,
) -> Response:
    """The page of a `listing` that the query asks for; `head` goes before the items.

    `is_published`: the list says what was published and nothing else, so it stays while the version does.
    """
    if is_published and (known_answer := await _known_answer(read, keep_s)):
        return known_answer
    version, offset = _read_cursor(read.request, query.cursor) if query.cursor else (None, 0)
    figures = known(read, await ask(read.pool, statement, read.company_id, query.limit, offset, *values))
    if version is not None and version != (figures.data_version or 0):
        raise ProblemError(
            FIGURES_CHANGED,
            f"the cursor is of data version {version}, the figures are of {figures.data_version or 0} now",
            data_version=figures.data_version,
        )
    following = _write_cursor(read.request, figures, offset + query.limit) if figures.is_more else None
    members = envelope(read, figures, head or {}, {"items": figures.fragment, "next_cursor": following})
    return _answer(read, members, figures, keep_s, is_kept=is_published)


async def answer_document(
    read: Read,
    statement: str,
    *values: object,
    head: Mapping[str, Any] | None = None,
    keep_s: int = HOUR_S,
) -> Response:
    """The fields of a `document`, behind those of `head`."""
    if known_answer := await _known_answer(read, keep_s):
        return known_answer
    figures = known(read, await ask(read.pool, statement, read.company_id, *values))
    members = envelope(read, figures, head or {}, orjson.loads(figures.json))
    return _answer(read, members, figures, keep_s, is_kept=True)


async def _known_answer(read: Read, keep_s: int) -> Response | None:
    found = await read.services.answers.find(read.key)
    if found is None:
        return None
    return answer_bytes(read.request, found.body, found.data_version, JSON, keep_s=keep_s)


def _answer(
    read: Read, members: Mapping[str, Any], figures: Figures, keep_s: int, *, is_kept: bool
) -> Response:
    body = orjson.dumps(members)
    if is_kept:
        read.services.answers.keep(read.key, body, figures.data_version)
    return answer_bytes(read.request, body, figures.data_version, JSON, keep_s=keep_s)


def known(read: Read, figures: Figures | None) -> Figures:
    if figures is None:
        raise ProblemError(COMPANY_NOT_FOUND, f"there is no company {read.company_id}")
    return figures


def envelope(
    read: Read, figures: Figures, head: Mapping[str, Any], members: Mapping[str, Any]
) -> dict[str, Any]:
    """What every answer about a company has around its figures."""
    return {
        "company_id": read.company_id,
        **head,
        **members,
        "data_version": figures.data_version,
        "as_of": figures.published_at,
    }


def _list_id(request: Request) -> bytes:
    """The same for every page of a list: its address and filters."""
    filters = sorted((k, v) for k, v in request.query_params.multi_items() if k not in ("cursor", "limit"))
    return hashlib.blake2b(f"{request.url.path}{filters}".encode(), digest_size=8).digest()


def _write_cursor(request: Request, figures: Figures, offset: int) -> str:
    return base64.urlsafe_b64encode(
        _CURSOR.pack(figures.data_version or 0, offset, _list_id(request))
    ).decode()


def _read_cursor(request: Request, cursor: str) -> tuple[int, int]:
    """Data version and offset of a cursor that belongs to this very list."""
    try:
        version, offset, list_id = _CURSOR.unpack(base64.b64decode(cursor, altchars=b"-_", validate=True))
    except (binascii.Error, struct.error, ValueError):
        list_id = b""
    if list_id != _list_id(request):
        raise invalid_parameter("query.cursor", "not a next_cursor of this list with these parameters")
    return version, offset
