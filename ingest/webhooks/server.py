"""uvicorn's HTTP protocol with a bound on what comes before a body: it would collect headers without end."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 64 << 10  # request line and headers; those of any sender have a few hundred bytes


class BoundedHttpProtocol(HttpToolsProtocol):
    """Refuses a head that goes on for `LARGEST_HEAD` with 400, and ends the connection.

    The read in which it begins is not counted, as it may also hold the end of another request's body.
    """

    _is_in_head = True
    _has_begun = False
    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        self._has_begun = False
        super().data_received(data)
        if not self._is_in_head or self._has_begun:
            self._head_bytes = 0
            return
        # One more piece: the parser keeps them all until the head is complete.
        self._head_bytes += len(data)
        if self._head_bytes > LARGEST_HEAD and not self.transport.is_closing():
            self.logger.warning("A request's head is too large.")
            self.send_400_response("Request line and headers are too large.")

    def on_message_begin(self) -> None:
        self._is_in_head = self._has_begun = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        super().on_headers_complete()
