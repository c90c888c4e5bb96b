"""A day with everything at once: webhooks with texts, readers, live streams, refreshes, a file of history."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from orchestration.stack.layout import PROJECT
from tests.benchmarks.backfill_file import write_language_file
from tests.load import companies, freshness, ledger, stream
from tests.load.ledger import Sending
from tests.load.outcome import Outcome
from tests.load.platform import Target
from tests.load.reads import Company, key_for
from tests.load.scenarios import machine, of_requests, reading, row_delay, void_reads
from tests.load.watch import Watch

SETTLE_S = 1800.0  # the gate and the journey work through the texts and people of the imported file


def mixed(
    target: Target,
    read: Company,
    *,
    rate: float,
    users: int,
    read_rate: float,
    clients: int,
    update_rate: float,
    seconds: float,
    backfill_rows: int,
) -> Outcome:
    """All loads for `seconds`, then wait until everything they brought has been worked on."""
    outcome = Outcome(
        "mixed",
        f"A mixed day: {rate:,.0f} webhooks a second, {users:,} readers, {clients:,} streams,"
        f" {backfill_rows:,} rows of history",
        "",
    )
    companies.introduce(target)
    with ExitStack() as open_now:
        folder = Path(open_now.enter_context(tempfile.TemporaryDirectory(prefix="impact-mixed-")))
        history = folder / "history.csv"
        write_language_file(history, backfill_rows, seed=int(time.time()))  # ids of its own in each run
        watch = open_now.enter_context(Watch(target))
        stream_key = open_now.enter_context(key_for(target, companies.STREAMED))
        fresh_key = open_now.enter_context(key_for(target, companies.WATCHED))
        readers = open_now.enter_context(
            reading(target, read, users=users, rate=read_rate, seconds=seconds, shows_progress=False)
        )
        connected = open_now.enter_context(stream.connected(target, stream_key, clients))
        connected.begin()
        publisher = stream.Publisher(target, companies.STREAMED, rate=update_rate, seconds=seconds)
        open_now.callback(publisher.close)
        sending = Sending(target, rate=rate, seconds=seconds, texts=True)
        open_now.callback(sending.close)
        probing = freshness.Probing(target, fresh_key)
        probing.start()
        open_now.callback(probing.stop)
        importing = _Import(target, history) if backfill_rows else None
        if importing:
            open_now.callback(importing.close)
        sent, asked, published = sending.wait(), readers.wait(), publisher.wait()
        streamed = connected.end(published)
        imported = importing.wait() if importing else "nothing"
        # The number of a session that came last is still awaited: the longest way there is.
        _await_one(probing)
        probing.stop()
        balance = ledger.settle_and_check(target, sent, within_s=SETTLE_S)
    outcome.watch = watch
    outcome.void = [*balance.problems(), *void_reads(asked), *streamed.problems()]
    if importing and importing.failed:
        outcome.void.append(f"the import of the file failed: {imported}")
    if probing.problem or not probing.seen:
        outcome.void.append(probing.problem or "no session's number was seen")
    outcome.books = {
        "ingest": balance.to_dict() | {"statuses": sent.statuses},
        "reads": {"statuses": asked.statuses, "unanswered": asked.unanswered},
        "stream": {"published": published, "clients": clients, "witnessed": streamed.witnessed},
        "backfill": {"rows": backfill_rows, "said": imported},
    }
    outcome.figures = {
        **{
            f"ingest_{name}": value
            for name, value in {**of_requests(sent), **row_delay(target, sent)}.items()
        },
        **{f"reads_{name}": value for name, value in of_requests(asked).items()},
        **{f"stream_{name}_ms": value for name, value in streamed.latency.summary().items()},
        **freshness.figures(probing.seen, "freshness_"),
        "errors": float(sent.errors + asked.errors),
        "drained_s": round(balance.settled_after_s or 0.0, 1),
        **machine(watch, sent.accepted),
    }
    outcome.tails = {
        "delivery to 202": sent.latency, "request to document": asked.latency,
        "update to client": streamed.latency,
    }  # fmt: skip
    outcome.timelines = {"ingest": sent.timeline, "reads": asked.timeline}
    return outcome


class _Import:
    """`impact backfill` of a file, in a process beside."""

    def __init__(self, target: Target, file: Path) -> None:
        self._said = file.with_suffix(".log")
        with self._said.open("wb") as log:
            self._process = subprocess.Popen(
                [Path(sys.executable).with_name("impact"), "backfill", file],
                env=target.environment, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.failed = False

    def wait(self) -> str:
        """The beginning of what it said: how many rows, and how many were wrong."""
        self.failed = self._process.wait() != 0
        return " ".join(self._said.read_text("utf-8").split())[:400]

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def _await_one(probing: freshness.Probing) -> None:
    seen = len(probing.seen)
    until = time.monotonic() + freshness.GIVE_UP_S
    while len(probing.seen) == seen and probing.problem is None and time.monotonic() < until:
        time.sleep(freshness.POLL_S)
