"""One request of an older client: its body made newer for the route, the answer made older again.

Only what a change names is touched, and only JSON: files and streams pass, and a problem calls fields as the
client does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from starlette.routing import compile_path
from starlette.types import Message, Receive, Scope, Send

from serving.problems import MEDIA_TYPE
from serving.versions import VERSIONS, Body, Change

Headers = Iterable[tuple[bytes, bytes]]

_JSON = b"application/json"


def _compiled() -> list[tuple[str, re.Pattern[str], Change]]:
    return [
        (change.method, compile_path(change.path)[0], change)
        for version in VERSIONS
        for change in version.changes
    ]


_CHANGES = _compiled()


def changed_operations(method: str, path: str) -> frozenset[Change]:
    """Every change of the operation at this address, of whatever version."""
    return frozenset(
        change
        for changed_method, pattern, change in _CHANGES
        if method == changed_method and pattern.match(path)
    )


class Translation:
    """Between a client of `version` and the route; `changes` are what it does not know, oldest first."""

    def __init__(self, changes: Sequence[Change], version: str) -> None:
        self._changes = changes
        # Two versions of one answer must not validate each other's copies.
        self._tag = f".{version}".encode()

    def request(self, scope: Scope, receive: Receive) -> Receive:
        """What the route receives instead: read when the route asks, within the bounds of any body."""
        scope["headers"] = list(self._validators(scope["headers"]))
        if not any(change.request for change in self._changes):
            return receive
        pieces: list[bytes] = []
        is_told = False

        async def newer() -> Message:
            nonlocal is_told
            if is_told:
                return await receive()
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return message
                pieces.append(message.get("body", b""))
                if not message.get("more_body", False):
                    break
            is_told = True
            return {"type": "http.request", "body": self._newer(b"".join(pieces)), "more_body": False}

        return newer

    def _newer(self, body: bytes) -> bytes:
        document = _object(body)
        if document is None:  # what is no object is refused by the route, in its words
            return body
        for change in self._changes:
            document = change.request(document) if change.request else document
        return orjson.dumps(document)

    def sending(self, send: Send) -> Send:
        """A `send` that holds a JSON answer back until it is whole, and passes everything else on."""
        start: Message | None = None
        pieces: list[bytes] = []

        async def translated(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                message["headers"] = list(self._tagged(message.get("headers", ())))
                if _media_type(message["headers"]) not in (_JSON, MEDIA_TYPE.encode()):
                    await send(message)
                else:
                    start = message
                return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            pieces.append(message.get("body", b""))
            if message.get("more_body", False):
                return
            body = self._answer(b"".join(pieces), start["status"])
            start["headers"] = list(_with_length(start["headers"], body))
            await send(start)
            await send({"type": "http.response.body", "body": body, "more_body": False})

        return translated

    def _answer(self, body: bytes, status: int) -> bytes:
        document = _object(body)
        if document is None:
            return body
        if status >= 400:
            return orjson.dumps(self._renamed(document))
        for change in reversed(self._changes):
            document = change.response(document) if change.response else document
        return orjson.dumps(document)

    def _renamed(self, problem: Body) -> Any:
        for change in reversed(self._changes):
            for newer, older in change.locations.items():
                for error in problem.get("errors") or ():
                    if error["location"] == newer:
                        error["location"] = older
                        problem["detail"] = problem["detail"].replace(f"{newer}:", f"{older}:")
        return problem

    def _tagged(self, headers: Headers) -> Headers:
        for name, value in headers:
            is_tag = name.lower() == b"etag" and value.endswith(b'"')
            yield (name, value[:-1] + self._tag + b'"') if is_tag else (name, value)

    def _validators(self, headers: Headers) -> Headers:
        """`If-None-Match` as the route knows it: only tags that this version was given, without its mark."""
        mark = self._tag + b'"'
        for name, value in headers:
            if name == b"if-none-match" and value.strip() != b"*":
                tags = [tag.strip() for tag in value.split(b",")]
                value = b", ".join(tag.removesuffix(mark) + b'"' for tag in tags if tag.endswith(mark))
            yield name, value


def _object(body: bytes) -> Body | None:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None


def _media_type(headers: Headers) -> bytes:
    for name, value in headers:
        if name.lower() == b"content-type":
            return value.partition(b";")[0].strip().lower()
    return b""


def _with_length(headers: Headers, body: bytes) -> Headers:
    for name, value in headers:
        yield (name, b"%d" % len(body)) if name.lower() == b"content-length" else (name, value)
