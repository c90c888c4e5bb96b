"""Whether an INSERT with data is in its table.

chDB 4.4's `insert_done` returns as if all were well, with the number of rows, also where the engine could not
commit them (too many partitions, no memory left, no space). Its own counters know: of failed INSERTs, and of
the newest error. They are the whole engine's, so that an INSERT beside one that failed may be told so too:
whoever is told sends it again, and nothing is believed to be stored that is not.

Asking costs as much as a small query, so the count is asked for at an INSERT's end. What it was at the
beginning is known from the one before, unless a statement has failed since, whose client knows already.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import orjson

from orchestration.stack.clickhouse.errors import ClickHouseError

# Alone, a row that is not there yet: nothing has failed since the start.
_FAILED = "select value from system.events where event = 'FailedInsertQuery'"
_ERRORS = (
    "select code, name, toUInt32(value) as times, last_error_message as message from system.errors"
    " where last_error_time >= now() - 5 order by last_error_time desc"
)
_MOST_TOLD = 3


class Commits:
    """Counts what the engine could not commit, out of reach of any client's settings. For threads."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._connection: Any = None
        self._failed: int | None = None  # as last counted; None after a failure of which a client was told
        self._times: dict[int, int] = {}  # of each error, when one was last told: seconds alone tell no order
        self._lock = Lock()

    def failed(self) -> int:
        """INSERTs that have failed since the engine began, where one begins now."""
        known = self._failed
        return self._count() if known is None else known

    def note_failure(self) -> None:
        """A statement has failed, and its client was told: the next INSERT is not to answer for it."""
        self._failed = None

    def check(self, failed_before: int) -> None:
        """Raise ClickHouseError where an INSERT has failed since `failed_before` was known."""
        if self._count() == failed_before:
            return
        errors = [orjson.loads(line) for line in self._ask(_ERRORS, "JSONEachRow").splitlines()]
        # Those of others are among them: which one was this INSERT's, the engine does not say.
        newest = [one for one in errors if one["times"] > self._times.get(one["code"], 0)] or errors
        self._times |= {one["code"]: one["times"] for one in errors}
        told = "; ".join(f"{one['message']} ({one['name']})" for one in newest[:_MOST_TOLD])
        raise ClickHouseError(
            1002,
            "UNKNOWN_EXCEPTION",
            "not stored: this INSERT, or one beside it, could not be committed. Send it again once that is"
            f" mended. The engine's newest errors: {told}",
        )

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _count(self) -> int:
        self._failed = count = int(self._ask(_FAILED, "TSV") or 0)
        return count

    def _ask(self, query: str, answer_format: str) -> bytes:
        with self._lock:
            if self._connection is None:
                self._connection = self._connect()
            return bytes(self._connection.query(query, answer_format).bytes())
