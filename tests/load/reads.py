"""What readers of dashboards ask for: the same few documents again and again, and some that nobody has asked
for before, one in five, which no cache can answer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from ingest.api_keys import create_key, key_sha256
from ingest.stores import postgres_connection
from orchestration.demo.state import DemoState
from orchestration.stack.errors import PlatformError
from tests.load.platform import Target

ANEW_EVERY = 5
DOCUMENTS = (
    "at-a-glance?period={quarter}",
    "metrics",
    "sroi",
    "vis",
    "trends?metric=sessions_count&granularity=day",
    "tiles?grain=month",
)
UNLIMITED = 1_000_000_000
# Of a platform that is read as fast as it can be: a company's budget would end the run in its first seconds.
ENVIRONMENT = {"SERVING_QUERIES_PER_DAY": str(UNLIMITED), "SERVING_QUERIES_PER_MONTH": str(UNLIMITED)}
DEMO_SCALE = 0.1


class Reads:
    """Request number n: the documents in turn."""

    def __init__(self, paths: Sequence[str], key: str, *, host: str = "here") -> None:
        self._paths = paths
        self._end = f" HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n\r\n"

    def __call__(self, number: int) -> bytes:
        path = self._paths[number % len(self._paths)]
        # By turns, not by the document: each of them is asked for anew at times.
        if number // len(self._paths) % ANEW_EVERY == ANEW_EVERY - 1:
            path += f"{'&' if '?' in path else '?'}x={number}"  # an unknown parameter is passed over
        return f"GET {path}{self._end}".encode()


@dataclass(frozen=True)
class Company:
    """Whose documents are read, and a quarter in which it has figures."""

    company_id: UUID
    quarter: str

    @property
    def paths(self) -> list[str]:
        return [
            f"/v1/companies/{self.company_id}/{document.format(quarter=self.quarter)}"
            for document in DOCUMENTS
        ]

    def write_paths(self, file: Path) -> Path:
        file.write_text(json.dumps(self.paths), encoding="utf-8")
        return file


@contextmanager
def key_for(target: Target, company: UUID) -> Iterator[str]:
    """A key of this company that no rate holds back, in force until the block ends."""
    with closing(postgres_connection(target.stores, autocommit=True)) as connection:
        key = create_key(connection, company, "impact load", rate_limit_per_minute=UNLIMITED)
    try:
        yield key
    finally:
        with closing(postgres_connection(target.stores, autocommit=True)) as connection:
            connection.execute(
                "update ingest.api_keys set revoked_at = now() where key_sha256 = %s", (key_sha256(key),)
            )


def company_with_figures(target: Target, *, may_make: bool) -> Company:
    """One of the demo's. `may_make`: run a small demo if the platform holds none."""
    state_file = target.layout.home / "demo.json"
    state = DemoState.load(state_file)
    if state is None and may_make:
        impact = Path(sys.executable).with_name("impact")
        done = subprocess.run(
            [impact, "demo", "--scale", str(DEMO_SCALE)], env=target.environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise PlatformError(f"the demo failed, so there is nothing to read:\n{done.stdout}{done.stderr}")
        state = DemoState.load(state_file)
    if state is None:
        raise PlatformError("the platform has no figures to read. Run `impact demo` first, or add --own.")
    last = state.now.replace(day=1) - timedelta(days=1)
    return Company(state.keys[0].company_id, f"{last.year}-Q{(last.month - 1) // 3 + 1}")
