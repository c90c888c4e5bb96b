"""From a stream to its socket: uvicorn's protocol, which also tells an application what it writes to.

ASGI's `send` costs a coroutine through every layer for each write. A stream whose head is out and whose body
is chunked may write the chunks itself; it begins and ends with `send` as any other answer does.
"""

from __future__ import annotations

import asyncio
import socket
import time
from typing import cast

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "impact.transport"
# Left to itself, Linux keeps megabytes for a client that reads nothing, unseen by this process. It keeps
# twice what is asked for.
SEND_BUFFER_BYTES = 128 << 10
_LOOK_S = 0.001


class HttpProtocol(HttpToolsProtocol):
    """uvicorn's, with the connection's transport among the extensions of each request's scope."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"transport": self.transport}}


def transport_of(scope: Scope) -> asyncio.Transport:
    """What the answer to a request is written to."""
    try:
        return cast(asyncio.Transport, scope["extensions"][EXTENSION]["transport"])
    except KeyError as error:
        raise RuntimeError(
            "live streams need the API's own HTTP protocol: start it with `python -m serving`"
        ) from error


def bound_unread(transport: asyncio.Transport) -> None:
    """Let the kernel keep no more of this stream for its client than a quarter of a mebibyte."""
    if (connection := transport.get_extra_info("socket")) is not None:  # None: closed meanwhile
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)


def chunk(data: bytes) -> bytes:
    """A part of a chunked body; it must not be empty, for that would be the end of the body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


async def is_drained(transport: asyncio.Transport, *, within_s: float) -> bool:
    """Whether the socket takes everything that was written within some milliseconds; closed, it has."""
    until = time.monotonic() + within_s
    while transport.get_write_buffer_size():
        if time.monotonic() >= until:
            return False
        await asyncio.sleep(_LOOK_S)
    return True
