"""Receiver and worker as real processes on the test run's stores, and a sender that signs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from ingest.webhooks.signatures import sign
from orchestration.stack.layout import HOST, Layout, Ports


def wait_until(is_true: Callable[[], bool], within_s: float = 60.0) -> float:
    """Poll until the condition holds; returns the seconds it took."""
    started = time.monotonic()
    while not is_true():
        if time.monotonic() - started > within_s:
            raise AssertionError(f"not true within {within_s} s")
        time.sleep(0.02)
    return time.monotonic() - started


@dataclass(frozen=True)
class Process:
    """A running part of the platform."""

    popen: subprocess.Popen[bytes]
    url: str
    log: Path

    @property
    def is_healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            if self.popen.poll() is not None:
                raise AssertionError(f"{self.popen.args} ended: {self.log.read_text()[-3000:]}") from None
            return False


@contextmanager
def running(layout: Layout, module: str, port_variable: str, **environment: str) -> Iterator[Process]:
    """`python -m module` on a free port until the block ends."""
    port = Ports.free().webhooks
    log = layout.home / "logs" / f"{module}-{port}.log"
    with log.open("wb") as output:
        popen = subprocess.Popen(
            [sys.executable, "-m", module],
            env={**os.environ, **layout.environment(), port_variable: str(port), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    process = Process(popen, f"http://{HOST}:{port}", log)
    try:
        wait_until(lambda: process.is_healthy)
        yield process
    finally:
        popen.terminate()
        assert popen.wait(60) is not None


@contextmanager
def running_worker(layout: Layout, **environment: str) -> Iterator[Process]:
    # A short wait, so that a killed worker's messages come back while the test looks.
    environment = {"IMPACT_ACK_WAIT_S": "2", **environment}
    with running(layout, "ingest.worker", "IMPACT_PORT_WORKER", **environment) as process:
        yield process


@dataclass(frozen=True)
class Sender:
    """Signs as Kintell does."""

    url: str
    secret: str

    def headers(self, body: bytes, delivery_id: str, at: int | None = None) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "X-Delivery-Id": delivery_id,
            "X-Kintell-Signature": sign(self.secret.encode(), body, timestamp=at or int(time.time())),
        }

    def send(self, kind: str, payload: object, delivery_id: str | None = None) -> httpx.Response:
        body = json.dumps(payload).encode()
        headers = self.headers(body, delivery_id or str(uuid.uuid4()))
        return httpx.post(f"{self.url}/v1/webhooks/{kind}", content=body, headers=headers, timeout=60)


def session_completed(**changes: Any) -> dict[str, Any]:
    """A fresh session; `None` leaves a field out."""
    payload = {
        "session_id": f"LS-{uuid.uuid4().hex[:12]}",
        "session_type": "language",
        "participant_email": "oksana.k@example.org",
        "volunteer_email": "ingrid.h@example.com",
        "scheduled_at": "2025-10-02T16:00:00Z",
        "completed_at": "2025-10-02T16:47:00Z",
        "duration_minutes": 47,
        "topics": ["daily life", "work"],
        "language_level": "b1",
    } | changes
    return {name: value for name, value in payload.items() if value is not None}
