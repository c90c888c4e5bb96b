"""A request's body as it comes in: decompressed piece by piece, within the limits of size and patience."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from orchestration.stack.clickhouse import codecs
from orchestration.stack.clickhouse.errors import ClickHouseError
from orchestration.stack.clickhouse.settings import MIB, FrontSettings

_DECODED_AT_ONCE = 64 << 10
"""Compressed bytes decoded in one go: what they expand to is counted before the next ones are."""

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class ClientGoneError(Exception):
    """The client closed the connection: nobody waits for an answer."""


class Body:
    """Iterate over it once; afterwards it can tell when the client leaves."""

    def __init__(self, receive: Receive, coding: str, settings: FrontSettings) -> None:
        self._receive = receive
        self._decoder = codecs.decoder(coding)
        self._limit, self._patience_s = settings.max_request_mib * MIB, settings.max_body_wait_s
        self._size, self._is_complete = 0, False
        self._undecoded = memoryview(b"")

    def __aiter__(self) -> Body:
        return self

    async def __anext__(self) -> bytes:
        while self._undecoded or not self._is_complete:
            data = self._decode_some() if self._undecoded else self._take(await self._next())
            self._size += len(data)
            if self._size > self._limit:
                raise ClickHouseError(
                    229,
                    "QUERY_IS_TOO_LARGE",
                    f"the request is larger than {self._limit} bytes; send it in several",
                )
            if data:
                return data
        raise StopAsyncIteration

    async def whole(self) -> bytes:
        return b"".join([piece async for piece in self])

    async def drain(self) -> None:
        """Let a client that is still sending come to its end: it would see a broken pipe, not the answer."""
        drained = 0
        while not self._is_complete and drained <= self._limit:
            drained += len(await self._next())

    async def client_leaves(self) -> None:
        """Returns when the client closes the connection. For after the body."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout(self._patience_s):
                message = await self._receive()
        except TimeoutError:
            self._is_complete = True
            raise ClickHouseError(
                209, "SOCKET_TIMEOUT", f"no data for {self._patience_s} s in the middle of a request"
            ) from None
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        self._is_complete = not message.get("more_body", False)
        return bytes(message.get("body", b""))

    def _take(self, received: bytes) -> bytes:
        if self._decoder is None:
            return received
        self._undecoded = memoryview(received)
        return self._decode_some()

    def _decode_some(self) -> bytes:
        data, self._undecoded = self._undecoded[:_DECODED_AT_ONCE], self._undecoded[_DECODED_AT_ONCE:]
        if not data or self._decoder is None:
            return b""
        try:
            return self._decoder.decompress(data)
        except Exception as error:  # each codec has an exception class of its own
            raise ClickHouseError(432, "CANNOT_DECOMPRESS", f"the body is damaged: {error}") from error
