"""The HTTP server: it checks headers and bodies, and answers, refuses or breaks as it is told."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from tests.spend.fake_anthropic.account import FakeAnthropic
from tests.spend.fake_anthropic.selling import tokens
from tests.spend.fake_anthropic.wanted import faults_of

KEY = "sk-ant-test-of-this-suite"
API_VERSION = "2026-10-21"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeAnthropic

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        if not self._is_known():
            return
        parts = self.path.removeprefix("/v1/messages/batches/").split("/")
        batch = self.fake.batches.get(parts[0])
        if batch is None:
            self._error(404, "not_found_error")
        elif len(parts) == 1:
            self._json(200, self._describe(parts[0], batch))
        else:
            self._results(batch)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if not self._is_known():
            return
        if self.path == "/v1/messages":
            self._message(body)
        elif self.path == "/v1/messages/count_tokens":
            self._count(body)
        elif self.path == "/v1/messages/batches":
            self._batch(body)
        else:
            self._error(404, "not_found_error")

    def _is_known(self) -> bool:
        if self.headers.get("authorization") != f"Bearer {KEY}":
            self._error(401, "authentication_error")
            return False
        expected = {"anthropic-version": API_VERSION, "x-stainless-retry-count": "0"}
        for name, value in expected.items():
            if self.headers.get(name) != value:
                self.fake.faults.append(f"{name}: {self.headers.get(name)}")
                self._error(400, "invalid_request_error")
                return False
        return True

    def _message(self, body: dict[str, Any]) -> None:
        fake = self.fake
        with fake.lock:
            fake.requests.append(body)
            trouble = fake.troubles.pop(0) if fake.troubles else None
        if faults := faults_of(body):
            fake.faults += faults
            return self._error(400, "invalid_request_error")
        time.sleep(fake.delay_s)
        if trouble is None:
            return self._json(200, fake.answer(body))
        if trouble.does == "refuse":
            return self._error(trouble.status or 500, trouble.error_type, trouble.headers)
        if trouble.does == "reset":
            # Lingering for no time makes the kernel send a reset instead of an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return None
        if trouble.does == "hang":
            time.sleep(2.0)
            self.close_connection = True
            return None
        if trouble.does == "garbage":
            return self._bytes(200, b'{"id": "msg_broken", "content": [')
        message = fake.answer(body)
        if trouble.does == "prose":
            message["content"][0]["text"] = "Happy to help! This person seems confident."
        else:
            message["stop_reason"] = "max_tokens"
            message["content"][0]["text"] = message["content"][0]["text"][:20]
        return self._json(200, message)

    def _count(self, body: dict[str, Any]) -> None:
        if not self.fake.counts_tokens:
            return self._error(529, "overloaded_error")
        if "max_tokens" in body or "service_tier" in body:
            self.fake.faults.append("count_tokens takes input only")
            return self._error(400, "invalid_request_error")
        parts = json.dumps([body["messages"], body["output_config"]], ensure_ascii=False)
        return self._json(200, {"input_tokens": tokens(body["system"][0]["text"]) + tokens(parts)})

    def _batch(self, body: dict[str, Any]) -> None:
        fake = self.fake
        with fake.lock:
            trouble = fake.troubles.pop(0) if fake.troubles else None
        if trouble is not None:
            return self._error(trouble.status or 500, trouble.error_type, trouble.headers)
        ids = [request["custom_id"] for request in body["requests"]]
        faults = [fault for request in body["requests"] for fault in faults_of(request["params"])]
        faults += [name for name in ids if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name)]
        if faults or len(set(ids)) != len(ids):
            fake.faults += faults or ["custom ids are not unique"]
            return self._error(400, "invalid_request_error")
        batch_id = f"msgbatch_{uuid4().hex}"
        fake.batches[batch_id] = {
            "requests": body["requests"],
            "ended": False,
            "failing": set(),
            "results": None,
        }
        return self._json(200, self._describe(batch_id, fake.batches[batch_id]))

    def _describe(self, batch_id: str, batch: dict[str, Any]) -> dict[str, Any]:
        count, ended = len(batch["requests"]), batch["ended"]
        return {
            "id": batch_id, "type": "message_batch", "processing_status": "ended" if ended else "in_progress",
            "request_counts": {"processing": 0 if ended else count, "succeeded": count if ended else 0,
                               "errored": 0, "canceled": 0, "expired": 0},
            "created_at": "2026-11-27T00:00:00Z", "expires_at": "2026-11-28T00:00:00Z",
            "ended_at": "2026-11-27T01:00:00Z" if ended else None, "archived_at": None,
            "cancel_initiated_at": None,
            "results_url": f"{self.fake.url}/v1/messages/batches/{batch_id}/results" if ended else None,
        }  # fmt: skip

    def _results(self, batch: dict[str, Any]) -> None:
        if batch["results"] is None:
            batch["results"] = [
                {"custom_id": request["custom_id"], "result": self._result(batch, number, request)}
                for number, request in enumerate(batch["requests"])
            ]
        lines = [
            json.dumps(result) for result in reversed(batch["results"])
        ]  # not in the order of the requests
        self._bytes(200, ("\n".join(lines) + "\n").encode(), "application/x-jsonl")

    def _result(self, batch: dict[str, Any], number: int, request: dict[str, Any]) -> dict[str, Any]:
        if number in batch["failing"]:
            return {"type": "errored", "error": _error_body("invalid_request_error")}
        return {"type": "succeeded", "message": self.fake.answer(request["params"], is_batch=True)}

    def _error(self, status: int, kind: str, headers: dict[str, str] | None = None) -> None:
        self._json(status, _error_body(kind), headers)

    def _json(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._bytes(status, json.dumps(body).encode(), "application/json", headers)

    def _bytes(
        self, status: int, body: bytes, media: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {
            "content-type": media,
            "content-length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _error_body(kind: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": "as the test has it"}, "request_id": "req_1"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: Any) -> None:
        pass  # a client that went away


@contextmanager
def fake_anthropic() -> Iterator[FakeAnthropic]:
    """The server, on a port of its own, for as long as the block runs."""
    fake = FakeAnthropic()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": fake}))
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
