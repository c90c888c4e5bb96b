"""From the socket to uvicorn: large reads, and a request's body copied once.

Left alone, uvicorn and uvloop read at most 256 KiB at a time and copy a body four times before the
application has it, all on the event loop. Here the kernel writes into one large buffer, the parser copies the
body out of it, and that copy is what the application receives: half the event loop's time for an INSERT.

Written for uvicorn 0.54, into whose `RequestResponseCycle.body` it reaches: `test_clickhouse_wire` tells when
an upgrade breaks that.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

READ = 1 << 20
"""Bytes read at once, at most; so much of a body waits until the application asks for it."""


class HttpProtocol(asyncio.BufferedProtocol):
    """One connection.

    uvloop takes a protocol as a buffered one only if it is not an ordinary one as well: uvicorn's is held
    here, not inherited.
    """

    # One for all connections: it is filled and parsed within a single callback of the event loop.
    _buffer = memoryview(bytearray(READ))

    def __init__(self, **of_uvicorn: Any) -> None:
        self._http = _Http(**of_uvicorn)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._http.connection_made(transport)  # type: ignore[arg-type]  # uvicorn asks for a Transport, and gets one

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._http.data_received(self._buffer[:nbytes])  # type: ignore[arg-type]  # the parser takes any buffer

    def eof_received(self) -> None:
        self._http.eof_received()

    def pause_writing(self) -> None:
        self._http.pause_writing()

    def resume_writing(self) -> None:
        self._http.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._http.connection_lost(exc)


class _Http(HttpToolsProtocol):
    def on_body(self, body: bytes) -> None:
        """As uvicorn's, but a part that comes alone stays the `bytes` it is: `receive` need not copy it."""
        cycle = self.cycle
        if cycle.response_complete:
            return
        if not cycle.body:
            cycle.body = body  # type: ignore[assignment]
        elif isinstance(cycle.body, bytearray):
            cycle.body += body
        else:  # small chunks: growing a bytearray, since each sum of two bytes would copy all of them
            cycle.body = bytearray(cycle.body) + body
        if len(cycle.body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        cycle.message_event.set()
