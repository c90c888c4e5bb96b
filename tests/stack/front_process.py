"""A front in a process of its own, for tests and benchmarks that stop, kill or measure it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import clickhouse_connect
import httpx
from clickhouse_connect.driver.client import Client

from orchestration.stack.layout import HOST, PROJECT, Ports

PASSWORD = "test-password"
ALLOWED_AT_ONCE = 12
"""Statements the shared front runs at once."""


@dataclass
class FrontProcess:
    """`start` waits until it answers; the same folder can be started again."""

    folder: Path
    options: tuple[str, ...] = ()
    port: int = field(default_factory=lambda: Ports.free().clickhouse)
    process: subprocess.Popen[bytes] | None = None
    niceness: int = 0  # above that of whoever starts it

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> str:
        return self._log_file.read_text(errors="replace")

    @property
    def _log_file(self) -> Path:
        return self.folder.with_suffix(".log")

    def spawn(self, **environment: str) -> subprocess.Popen[bytes]:
        command = ["nice", "-n", str(self.niceness), sys.executable, "-m", "orchestration.stack.clickhouse"]
        with self._log_file.open("ab") as log:
            return subprocess.Popen(
                [*command, "--data", str(self.folder), "--port", str(self.port), *self.options],
                cwd=PROJECT,
                env={**os.environ, "CLICKHOUSE_PASSWORD": PASSWORD, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def start(self, deadline_s: float = 60) -> FrontProcess:
        self.process = self.spawn()
        until = time.monotonic() + deadline_s
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/ping").text == "Ok.\n":
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(f"the front did not start; its log:\n{self.log}")

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(60)

    def run(self, sql: str) -> str:
        with self.http() as http:
            response = http.post("/", content=sql)
            assert response.status_code == 200, response.text
            return response.text

    @staticmethod
    def slow(mark: str) -> str:
        """A statement that outlasts every test, to be killed by it or left."""
        return f"SELECT sum(sleepEachRow(0.1)), '{mark}' FROM numbers(3000) SETTINGS max_block_size = 1"

    def wait_for_running(self, mark: str, count: int) -> None:
        """Until so many slow statements with the mark are running."""
        sql = f"SELECT count() FROM system.processes WHERE query LIKE 'SELECT sum%{mark}%'"
        until = time.monotonic() + 60
        while self.run(sql) != f"{count}\n":
            assert time.monotonic() < until, f"not {count} running statements with {mark}"
            time.sleep(0.05)

    def http(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, auth=("default", PASSWORD), timeout=60, **options)

    @contextmanager
    def client(self, **options: Any) -> Iterator[Client]:
        client = clickhouse_connect.get_client(host=HOST, port=self.port, password=PASSWORD, **options)
        try:
            yield client
        finally:
            client.close()
