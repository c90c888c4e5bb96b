"""One front for the tests that only talk to it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.stack.front_process import ALLOWED_AT_ONCE, FrontProcess


@pytest.fixture(scope="session")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontProcess]:
    process = FrontProcess(
        tmp_path_factory.mktemp("front") / "data",
        options=(
            "--max-concurrent-queries", str(ALLOWED_AT_ONCE), "--max-request-mib", "8",
            "--max-statement-mib", "1", "--max-result-mib", "4",
        ),
    ).start()  # fmt: skip
    yield process
    process.stop()


@pytest.fixture
def http(front: FrontProcess) -> Iterator[httpx.Client]:
    with front.http() as client:
        yield client
