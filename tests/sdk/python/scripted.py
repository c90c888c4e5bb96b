"""An HTTP server that answers as it is told to, for what the real API does only when something is broken."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Scripted:
    """Each request takes the next answer; the last one is given again and again."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


def says(status: int, body: Any = None, kind: str = "application/json", **headers: str) -> Answer:
    """A complete answer."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(content)

    return answer


def problem(slug: str, status: int, *, retry_after: str | None = None, **members: Any) -> Answer:
    document = {"type": f"/problems/{slug}", "title": slug, "status": status, "detail": "so it is", **members}
    headers = {} if retry_after is None else {"Retry_After": retry_after}
    return says(status, document, "application/problem+json", **headers)


def hangs_up(request: BaseHTTPRequestHandler) -> None:
    """The connection ends without an answer."""
    request.close_connection = True


def streams(*blocks: str, silent_s: float = 0.0) -> Answer:
    """A stream of events that ends after the blocks, or says nothing more for a while."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.end_headers()
        request.wfile.write("".join(f"{block}\n\n" for block in blocks).encode())
        request.wfile.flush()
        if silent_s:
            threading.Event().wait(silent_s)
        request.close_connection = True

    return answer


@contextmanager
def scripted_server() -> Iterator[Scripted]:
    script = Scripted()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            script.asked.append(Asked(self.command, self.path, headers, body))
            (script.answers.pop(0) if len(script.answers) > 1 else script.answers[0])(self)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 names of the standard library

        def log_message(self, *_: Any) -> None:
            """Nothing: the tests look at `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
