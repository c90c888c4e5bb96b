"""A ClickHouse cluster as far as dbt can tell: one node that takes cluster statements and notes them.

Statements reach the real engine with what needs a cluster in one node's terms: no ON CLUSTER, no Replicated
engine, an Alias of the local table for a Distributed one. What dbt sent is kept word for word.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

CLUSTER = "two_by_two"

_ON_ONE_NODE = (
    (re.compile(rf"""\s+on cluster "{CLUSTER}"(\s+sync)?""", re.IGNORECASE), ""),
    (
        re.compile(rf"""clusterAllReplicas\("{CLUSTER}", system\.tables\)"""),
        "(select *, 1 as _shard_num from system.tables)",
    ),
    (re.compile(r"(?i)system sync replica.*"), "select 1"),
    (re.compile(r"ReplicatedMergeTree\('[^)]*\)"), "MergeTree"),
    (re.compile(r"Replicated(\w*MergeTree)"), r"\1"),
    # An alias takes its columns from its table: the adapter's `as local_table` would name them twice.
    (
        re.compile(
            rf"(create or replace table \S+)\s+as \S+\s+"
            rf"ENGINE = Distributed\('{CLUSTER}', '(\w+)', '(\w+)'\s*,\s*\w+\([^)]*\)\s*\)",
        ),
        r"\1 ENGINE = Alias('\2', '\3')",
    ),
)


def on_one_node(statement: str) -> str:
    """The statement without its cluster."""
    for pattern, replacement in _ON_ONE_NODE:
        statement = pattern.sub(replacement, statement)
    return statement


@dataclass
class StandIn:
    """Where it listens, and the statements it was sent, in their order."""

    port: int
    statements: list[str] = field(default_factory=list)


@contextmanager
def cluster_stand_in(host: str, port: int) -> Iterator[StandIn]:
    """A server on a free port of loopback that passes everything on to the engine at `host` and `port`."""
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass_on(b"")

        def do_POST(self) -> None:
            if self.headers.get("Transfer-Encoding") == "chunked":
                self._pass_on(self._chunks())
            else:
                self._pass_on(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _chunks(self) -> bytes:
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def _pass_on(self, body: bytes) -> None:
            if "Content-Encoding" not in self.headers:
                statement = body.decode()
                with lock:
                    stand_in.statements.append(statement)
                body = on_one_node(statement).encode()
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in ("host", "content-length", "transfer-encoding", "connection")
            }
            connection = http.client.HTTPConnection(host, port)
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing: pytest shows the engine's own answer where a statement failed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        stand_in = StandIn(server.server_port)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield stand_in
        finally:
            server.shutdown()
            thread.join()
