"""A collector of traces: a real server for what OTLP sends over HTTP, read by OpenTelemetry's own types."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Seen(NamedTuple):
    """One span, and the process that sent it."""

    process: str
    span: Span

    @property
    def trace_id(self) -> str:
        return self.span.trace_id.hex()

    @property
    def attributes(self) -> dict[str, str | int]:
        return {one.key: one.value.string_value or one.value.int_value for one in self.span.attributes}


class Collector:
    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self._seen: list[Seen] = []
        self._arrived = threading.Condition()

    def take(self, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        with self._arrived:
            for resource in request.resource_spans:
                names = {one.key: one.value.string_value for one in resource.resource.attributes}
                for scope in resource.scope_spans:
                    self._seen += [Seen(names["service.name"], span) for span in scope.spans]
            self._arrived.notify_all()

    def wait_for(self, trace_id: str, names: set[str], *, patience_s: float) -> list[Seen]:
        """The spans of a trace, once there is one of each of these names."""
        until = time.monotonic() + patience_s
        with self._arrived:
            while not names <= {one.span.name for one in self._held(trace_id)}:
                left_s = until - time.monotonic()
                assert left_s > 0, (names, [one.span.name for one in self._held(trace_id)])
                self._arrived.wait(left_s)
            return self._held(trace_id)

    def _held(self, trace_id: str) -> list[Seen]:
        return [one for one in self._seen if one.trace_id == trace_id]


@contextmanager
def collecting() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            collector.take(body)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
