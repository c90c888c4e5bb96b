"""A statement uses the cores of the machine, also within the memory that the embedded engine may have, and a
build's threads yield to a question's.
"""

import os
import re
import threading
import uuid
from collections import Counter
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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may lower a thread's niceness again")
def test_a_builds_threads_yield_and_are_as_before_afterwards(front: FrontProcess, http: httpx.Client) -> None:
    question = "SELECT sum(cityHash64(toString(number))) FROM numbers_mt(20000000)"
    assert busiest(front, http, f"{question} SETTINGS os_thread_priority = 15") == 15
    for _ in range(3):  # also those on threads that a build has used
        assert busiest(front, http, question) == BEHIND_ANSWERS


def busiest(front: FrontProcess, http: httpx.Client, sql: str) -> int:
    """The niceness at which most of a statement's work was done."""
    assert front.process is not None
    seen: Counter[int] = Counter()
    statement = threading.Thread(target=asked, args=(http, sql))
    statement.start()
    while statement.is_alive():
        for task in Path(f"/proc/{front.process.pid}/task").iterdir():
            try:
                state, *rest = (task / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # a thread that has just ended
                continue
            if state == "R":
                seen[int(rest[15])] += 1
        statement.join(0.01)
    return seen.most_common(1)[0][0]
