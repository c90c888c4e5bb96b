"""A statement uses the cores of the machine, also within the memory that the embedded engine may have, and a
build's threads yield to a question's.
"""

import os
import re
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from orchestration.stack.priority import BEHIND_ANSWERS
from tests.stack.front_process import FrontProcess

pytestmark = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core")


def asked(http: httpx.Client, sql: str) -> str:
    response = http.post("/", content=sql)
    assert response.status_code == 200, response.text
    return response.text


def test_reading_and_writing_are_shared_by_the_cores(http: httpx.Client) -> None:
    table, copy = (f"t_{uuid.uuid4().hex}" for _ in range(2))
    for name in (table, copy):
        asked(http, f"CREATE TABLE {name} (a UInt64, b String) ENGINE = MergeTree ORDER BY a")
    asked(http, f"INSERT INTO {table} SELECT number, toString(rand64()) FROM numbers(500000)")
    reading = asked(http, f"EXPLAIN PIPELINE SELECT sum(length(b)) FROM {table}")
    writing = asked(http, f"EXPLAIN PIPELINE INSERT INTO {copy} SELECT a, b FROM {table}")
    for name in (table, copy):
        asked(http, f"DROP TABLE {name}")
    # As many readers, and as many writers of parts, as there are cores; with the engine's own thresholds one.
    assert at_once("MergeTreeSelect", reading) >= 2, reading
    assert at_once("MergeTreeSink", writing) >= 2, writing


def at_once(what: str, pipeline: str) -> int:
    """How many of a kind a pipeline has: a line for each, or one line with their number."""
    return sum(int(count or 1) for count in re.findall(rf"{what}[^\n×]*(?:× (\d+))?", pipeline))


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[FrontProcess]:
    """A front behind others, as `impact up` starts it."""
    process = FrontProcess(tmp_path / "data", niceness=BEHIND_ANSWERS).start()
    yield process
    process.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may lower a thread's niceness again")
def test_a_builds_threads_yield_and_are_as_before_afterwards(behind: FrontProcess) -> None:
    own = os.nice(0) + BEHIND_ANSWERS
    question = "SELECT sum(cityHash64(toString(number))) FROM numbers_mt(20000000)"
    with behind.http() as http:
        assert busiest(behind, http, f"{question} SETTINGS os_thread_priority = 15") == 15
        for _ in range(3):  # also those on threads that a build has used
            assert busiest(behind, http, question) == own


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may lower a thread's niceness again")
def test_who_takes_statements_and_who_merges_stay_where_the_process_is(behind: FrontProcess) -> None:
    own = os.nice(0) + BEHIND_ANSWERS
    with behind.http() as http:
        asked(http, "CREATE TABLE merged (a UInt64, b String) ENGINE = MergeTree ORDER BY a")
        asked(
            http,
            "INSERT INTO merged SELECT number, toString(number) FROM numbers(2000000)"
            " SETTINGS os_thread_priority = 15",
        )
        for _ in range(20):
            assert http.post("/", content="SELECT * FROM nowhere").status_code == 404
        change = (
            "ALTER TABLE merged UPDATE b = upper(concat(hex(b), b)) WHERE 1 = 1 SETTINGS mutations_sync = 1"
        )
        assert busiest(behind, http, change, name="MergeMutate") == own
        assert behind.process is not None
        waiting = [niceness for name, _, niceness in threads_of(behind.process.pid) if name == "python"]
    assert set(waiting) == {own}


def busiest(front: FrontProcess, http: httpx.Client, sql: str, name: str | None = None) -> int:
    """The niceness at which most of a statement's work was done, by threads of that name."""
    assert front.process is not None
    seen: Counter[int] = Counter()
    statement = threading.Thread(target=asked, args=(http, sql))
    statement.start()
    while statement.is_alive():
        seen.update(
            niceness
            for thread, state, niceness in threads_of(front.process.pid)
            if state == "R" and name in (None, thread)
        )
        statement.join(0.01)
    return seen.most_common(1)[0][0]


def threads_of(pid: int) -> Iterator[tuple[str, str, int]]:
    """Name, state and niceness of each."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # a thread that has just ended
            head, _, tail = (task / "stat").read_text().rpartition(")")
            state, *rest = tail.split()
            yield head.partition("(")[2], state, int(rest[15])
