"""Sends signed deliveries and settles the account: what was accepted is stored, once, and nothing else is.

    sent = ledger.send(target, rate=200, seconds=60)
    balance = ledger.settle_and_check(target, sent)
    if not balance.is_balanced: ...   # no figure of this run counts

Three books are compared, number by number: what the sender was answered, the deliveries that the receiver has
put on disk, and the events in `raw.events`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.stores import clickhouse_client, postgres_connection
from orchestration.stack.layout import PROJECT
from tests.load.deliveries import SUBJECTS, new_run
from tests.load.histogram import Histogram
from tests.load.platform import Target, settle

# An id is a run's name, a dash and the delivery's number.
_DELIVERIES = """
select split_part(delivery_id, '-', 2)::integer from ingest.deliveries
where source = 'kintell' and delivery_id like %s
"""
_EVENTS = """
select toUInt32(splitByChar('-', subject)[-1]) as number, toString(event_id) as event
from raw.events where arrayExists(prefix -> startsWith(subject, prefix), {prefixes:Array(String)})
"""

Answers = npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Sent:
    """One run of the sender: all that it knows."""

    run: str
    rate: float
    seconds: float
    started_at: float  # unix time at which delivery 0 was due; delivery n was due n / rate seconds later
    sent: int
    statuses: dict[str, int]  # deliveries by their last answer
    unanswered: int
    attempts: dict[str, int]  # requests by their answer; more than deliveries where some were sent again
    latency: Histogram
    timeline: list[dict[str, Any]]  # a line per second: settled, waiting, p50 … max in ms
    cpu_s: float  # of the sender
    answers: Answers = field(repr=False)  # the last status by number; 0: none

    @property
    def accepted(self) -> int:
        return int(np.count_nonzero(_is_accepted(self.answers)))

    @property
    def errors(self) -> int:
        """Deliveries that were not accepted, whatever came instead."""
        return self.sent - self.accepted

    def due_at(self, number: int) -> float:
        return self.started_at + number / self.rate


class Sending:
    """A sender at work in a process of its own. `wait` for its end, or `stop` it early."""

    def __init__(
        self,
        target: Target,
        *,
        rate: float,
        seconds: float,
        texts: bool = False,
        until_accepted: bool = False,
        connections: int = 128,
        run: str | None = None,
        folder: Path | None = None,
        paths: Path | None = None,
        key: str = "",
        shows_progress: bool = True,
    ) -> None:
        """Begin. `texts`, `until_accepted`: as of `tests.load.sender`. `folder` keeps what it records.

        With `paths`, a file of documents to ask the API for with `key`, it reads instead of delivering.
        """
        self.run = run or new_run()
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="impact-sender-")
        self.folder = folder or Path(self._temporary.name)  # type: ignore[union-attr]
        command = [
            sys.executable, "-m", "tests.load.sender", "--run", self.run,
            "--url", target.api_url if paths else target.webhook_url,
            "--rate", str(rate), "--seconds", str(seconds), "--connections", str(connections),
            "--folder", str(self.folder), *(["--texts"] if texts else []),
            *(["--until-accepted"] if until_accepted else []), *(["--paths", str(paths)] if paths else []),
            *([] if shows_progress else ["--quiet"]),
        ]  # fmt: skip
        # An argument could be read by everybody on this machine.
        environment = {**target.environment, "LOAD_API_KEY": key}
        self._process = subprocess.Popen(
            command, env=environment, cwd=PROJECT, stdout=subprocess.PIPE, text=True
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait(self) -> Sent:
        """What came of it, once every delivery was answered or waited for long enough."""
        try:
            output, _ = self._process.communicate()
            if self._process.returncode:
                raise RuntimeError(f"the sender of run {self.run} ended with {self._process.returncode}")
            outcome = json.loads(output)
            answers = np.load(self.folder / "answers.npy")
        finally:
            self.close()
        if not outcome["sent"]:
            raise RuntimeError(f"run {self.run} ended before its first request")
        return Sent(
            run=self.run,
            latency=Histogram.from_json(outcome.pop("histogram")),
            answers=answers,
            **{name: outcome[name] for name in ("rate", "seconds", "started_at", "sent", "statuses",
                                                "unanswered", "attempts", "timeline", "cpu_s")},
        )  # fmt: skip

    def stop(self) -> Sent:
        """End it now: what has been sent is waited for and told."""
        self._process.terminate()
        return self.wait()

    def close(self) -> None:
        """Leave no process and no folder behind."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        if self._temporary:
            self._temporary.cleanup()


def send(target: Target, *, rate: float, seconds: float, **options: Any) -> Sent:
    """Send `rate` deliveries a second for so long; options as of `Sending`. Ctrl-C takes the sender along."""
    sending = Sending(target, rate=rate, seconds=seconds, **options)
    try:
        return sending.wait()
    finally:
        with suppress(OSError):
            sending.close()


@dataclass(frozen=True)
class Balance:
    """How the three books compare. All but the first four are 0 where they agree."""

    sent: int
    accepted: int
    at_receiver: int  # deliveries on disk; may be more than accepted: an answer can be lost on its way
    stored: int  # different events in raw.events
    accepted_and_not_on_disk: int
    on_disk_and_not_stored: int
    stored_and_never_accepted: int
    stored_twice: int
    settled_after_s: float | None  # None: something was stuck

    @property
    def is_balanced(self) -> bool:
        return not self.problems()

    def problems(self) -> list[str]:
        """What does not agree, a line each."""
        found = [
            f"{value:,} deliveries {name.replace('_', ' ')}"
            for name, value in asdict(self).items()
            if name in _DIFFERENCES and value
        ]
        if self.settled_after_s is None:
            found.append("something still waits: `impact status` and `impact dead-letters list` show what")
        return found

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"is_balanced": self.is_balanced}


_DIFFERENCES = {
    "accepted_and_not_on_disk", "on_disk_and_not_stored", "stored_and_never_accepted", "stored_twice",
}  # fmt: skip


def settle_and_check(
    target: Target,
    sent: Sent,
    *,
    within_s: float = 300.0,
    without: Collection[int] = (),
    queues: Collection[str] | None = None,
) -> Balance:
    """Wait until nothing waits, as of `platform.settle`, then `check`."""
    return check(target, sent, settled_after_s=settle(target, within_s, queues=queues), without=without)


def check(
    target: Target, sent: Sent, *, settled_after_s: float | None = 0.0, without: Collection[int] = ()
) -> Balance:
    """Compare what was accepted, what is on the receiver's disk and what is in the warehouse.

    `without`: numbers of deliveries that may be missing from the warehouse, of people who were erased.
    """
    with closing(postgres_connection(target.stores, autocommit=True)) as postgres:
        rows = postgres.execute(_DELIVERIES, (f"{sent.run}-%",)).fetchall()
    with closing(clickhouse_client(target.stores)) as clickhouse:
        prefixes = [f"{subject}/{sent.run}-" for subject in SUBJECTS]
        events = [
            (number, event) for number, event in clickhouse.query(_EVENTS, {"prefixes": prefixes}).result_rows
        ]
    return balance_of(
        sent.answers, [number for (number,) in rows], events, settled_after_s=settled_after_s, without=without
    )


def balance_of(
    answers: Answers,
    delivered: Collection[int],
    events: Collection[tuple[int, str]],
    *,
    settled_after_s: float | None,
    without: Collection[int] = (),
) -> Balance:
    """The books side by side: answers by number, numbers on disk, numbers with event ids in the warehouse."""
    sent, different = len(answers), set(events)
    numbers = list(delivered), [number for number, _ in different]
    size = max(sent, *(max(found, default=-1) + 1 for found in numbers))  # also of what nobody has sent
    on_disk, stored = (np.bincount(np.array(found, np.int64), minlength=size) for found in numbers)
    is_accepted, may_miss = np.zeros(size, bool), np.zeros(size, bool)
    is_accepted[:sent] = _is_accepted(answers)
    may_miss[list(without)] = True
    return Balance(
        sent=sent,
        accepted=int(np.count_nonzero(is_accepted)),
        at_receiver=int(np.count_nonzero(on_disk)),
        stored=int(np.count_nonzero(stored)),
        accepted_and_not_on_disk=int(np.count_nonzero(is_accepted & (on_disk == 0))),
        on_disk_and_not_stored=int(np.count_nonzero((on_disk > 0) & (stored == 0) & ~may_miss)),
        stored_and_never_accepted=int(np.count_nonzero((stored > 0) & (on_disk == 0))),
        stored_twice=int(np.sum(np.maximum(stored - 1, 0))) + len(events) - len(different),
        settled_after_s=settled_after_s,
    )


def _is_accepted(answers: Answers) -> npt.NDArray[np.bool_]:
    return (answers >= 200) & (answers < 300)
