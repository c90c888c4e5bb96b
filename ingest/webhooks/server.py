"""The receiver's HTTP protocol: uvicorn's, with a shorter way for deliveries and a bound on heads.

A delivery that arrives in one read goes straight to the receiver and is answered by a callback: a scope, a
task, an event and a timer for each request cost more than verifying and storing it. Whatever is different
about a request (a body in pieces, another path, a pipelined one) takes uvicorn's own way to the receiver.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from ingest.webhooks.answers import INTERNAL_ERROR, Answer
from ingest.webhooks.app import Receiver
from ingest.webhooks.sources import Route

log = structlog.get_logger(__name__)

LARGEST_HEAD = 64 << 10  # request line and headers; those of any sender have a few hundred bytes


class _NoEvent:
    """Nobody waits for the rest of a request that is whole."""

    def set(self) -> None:
        return


class _Direct:
    """A request on the short way. It stands where uvicorn has its `cycle`, hence some of the attributes."""

    __slots__ = ("disconnected", "headers", "keep_alive", "pieces", "response_complete", "route")
    message_event = _NoEvent()

    def __init__(self, route: Route, headers: list[tuple[bytes, bytes]], *, keep_alive: bool) -> None:
        self.route = route
        self.headers = headers
        self.keep_alive = keep_alive
        self.pieces: list[bytes] = []
        self.response_complete = False
        self.disconnected = False


class WebhookProtocol(HttpToolsProtocol):
    """One connection. A head that goes on for `LARGEST_HEAD` is refused with 400 and ends it.

    The read in which a head begins is not counted, as it may also hold the end of another request's body.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._receiver = cast(Receiver, self.config.loaded_app)
        self._routes: Mapping[bytes, Route] = self._receiver.routes_by_target
        self._reading: _Direct | None = None  # its head is complete
        self._whole: _Direct | None = None  # its body, too
        self._is_in_head = True
        self._has_begun = False
        self._head_bytes = 0
        self._idle_since: float | None = None

    def data_received(self, data: bytes) -> None:
        self._has_begun = False
        super().data_received(data)
        if self._whole is not None:
            whole, self._whole = self._whole, None
            self._take(whole)
        if self._reading is not None:
            self._leave_to_uvicorn(self._reading)
        if not self._is_in_head or self._has_begun:
            self._head_bytes = 0
            return
        # One more piece: the parser keeps them all until the head is complete.
        self._head_bytes += len(data)
        if self._head_bytes > LARGEST_HEAD and not self.transport.is_closing():
            self.logger.warning("A request's head is too large.")
            self.send_400_response("Request line and headers are too large.")

    # What the parser calls.

    def on_message_begin(self) -> None:
        self._is_in_head = self._has_begun = True
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        route = self._routes.get(self.url)
        if (
            route is not None
            and (self.cycle is None or self.cycle.response_complete)
            and self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and not self.expect_100_continue
            and not self.parser.should_upgrade()
        ):
            self._reading = _Direct(route, self.headers, keep_alive=self.parser.should_keep_alive())
        else:
            self._leave_to_uvicorn(None)

    def on_body(self, body: bytes) -> None:
        if self._reading is not None:
            self._reading.pieces.append(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if self._reading is not None:
            # Taken when the parser has returned: it makes an exception of ours an error of the sender's.
            self._whole, self._reading = self._reading, None
            self.cycle = cast(Any, self._whole)
        else:
            super().on_message_complete()

    # The two ways.

    def _leave_to_uvicorn(self, begun: _Direct | None) -> None:
        """Do what uvicorn does when a head is complete, and give it what has come of the body."""
        self._reading = None
        url, headers, expect = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expect
        self.headers += headers
        super().on_headers_complete()
        for piece in begun.pieces if begun else ():
            super().on_body(piece)

    def _take(self, whole: _Direct) -> None:
        body = whole.pieces[0] if len(whole.pieces) == 1 else b"".join(whole.pieces)
        try:
            self._receiver.take(whole.route, dict(whole.headers), body, partial(self._reply, whole))
        except Exception:
            log.exception("request not handled")
            self._reply(whole, INTERNAL_ERROR)

    def _reply(self, whole: _Direct, answer: Answer) -> None:
        if whole.response_complete:
            return
        whole.response_complete = True
        if whole.disconnected:
            return
        parts = [STATUS_LINE[answer.status]]
        for name, value in self.server_state.default_headers:
            parts += (name, b": ", value, b"\r\n")
        if not whole.keep_alive and not answer.is_last:
            parts.append(b"connection: close\r\n")
        parts += (answer.head, answer.body)
        self.transport.write(b"".join(parts))
        if answer.is_last or not whole.keep_alive:
            self.transport.close()
        self.on_response_complete()

    # One timer looks after an idle connection, where uvicorn starts and cancels one for every request.

    def on_response_complete(self) -> None:
        if self.pipeline:
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_again_in(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        if self.transport.is_closing():
            return
        idle_s = self.loop.time() - self._idle_since if self._idle_since is not None else 0.0
        if idle_s >= self.timeout_keep_alive:
            self.transport.close()
        else:
            self._look_again_in(self.timeout_keep_alive - idle_s)

    def _look_again_in(self, seconds: float) -> None:
        # Rounded up: a timer may go off a millisecond early, and would then be set for next to nothing.
        self.timeout_keep_alive_task = self.loop.call_later(seconds + 0.01, self.timeout_keep_alive_handler)

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
