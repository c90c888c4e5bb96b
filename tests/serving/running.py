"""An API process for tests: start, ask, stop, and what every problem document has to look like."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import httpx
import pytest

from orchestration.stack.layout import HOST, Layout, Ports

T = TypeVar("T")

OURS = UUID("aaaaaaaa-0000-4000-8000-000000000001")
THEIRS = UUID("bbbbbbbb-0000-4000-8000-000000000002")
QUIET = UUID("cccccccc-0000-4000-8000-000000000003")
THEIR_SEED = 7000  # large, so that none of their numbers is one of ours
NOBODY = UUID("dddddddd-0000-4000-8000-000000000004")


@dataclass(frozen=True)
class Api:
    """A running API process."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str, key: str | None = None, **headers: str) -> httpx.Response:
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        return httpx.get(self.url + path, headers=headers, timeout=60)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def free_port() -> int:
    return Ports.free().api


def poll(ask: Callable[[], T | None], *, within_s: float = 60.0, what: str) -> T:
    """What `ask` answers as soon as that is something true."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if answer := ask():
            return answer
        time.sleep(0.05)
    pytest.fail(f"{what} did not happen within {within_s} s")


@contextmanager
def running_api(layout: Layout, log: Path, **environment: str) -> Iterator[Api]:
    """`python -m serving` in its own process; a test may set or replace environment variables."""
    port = environment.setdefault("IMPACT_PORT_API", str(free_port()))
    with log.open("ab") as output:
        process = subprocess.Popen(
            (sys.executable, "-m", "serving"),
            env={**os.environ, **layout.environment(), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    api = Api(f"http://{HOST}:{port}", process, log)

    def is_alive() -> bool:
        try:
            return httpx.get(f"{api.url}/healthz").status_code == 200
        except httpx.TransportError:
            assert process.poll() is None, f"the API ended; its log:\n{log.read_text()[-4000:]}"
            return False

    try:
        poll(is_alive, within_s=240, what="the start of the API")
        yield api
    finally:
        if process.poll() is None:
            api.stop()


def wait_until_ready(api: Api) -> None:
    poll(lambda: api.get("/readyz").status_code == 200, within_s=240, what="readiness")


def assert_problem(response: httpx.Response, slug: str, status: int) -> dict[str, object]:
    """The answer is a complete problem document of this kind, and tells nothing of the inside."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, object] = json.loads(response.content)
    assert document["type"] == f"/problems/{slug}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert document["instance"] == f"urn:uuid:{response.headers['x-request-id']}"
    assert "Traceback" not in response.text
    return document
