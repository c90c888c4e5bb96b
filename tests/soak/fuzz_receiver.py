"""A million hostile requests to a real receiver: `python -m tests.soak.fuzz_receiver --requests 1000000`.

Starts stores and a receiver of its own on free ports. Fails on any 5xx, on a request that is left waiting, on
an error in the receiver's log, and unless each delivery it said it accepted is a row.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import uvloop
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ingest.stores import postgres_connection
from orchestration.stack import preparation
from tests.benchmarks.ingest import running_stores
from tests.ingest.processes import Process, Sender, running, session_completed
from tests.ingest.senders import OTHER_SECRETS, secrets_of
from tests.soak.fuzzing import Tally, fuzz

REPORT = Path(__file__).parents[2] / "docs" / "reports" / "receiver_fuzz"
MIB = 1 << 20


@dataclass(frozen=True)
class Result:
    tally: Tally
    seed: int
    rows: int  # in ingest.deliveries at the end
    is_alive: bool  # a session is accepted after all of it
    memory_before_mib: float
    memory_after_mib: float
    log_errors: int

    @property
    def problems(self) -> list[str]:
        tally = self.tally
        found = {
            f"{tally.server_errors} answers of 5xx": tally.server_errors,
            f"{tally.silent} requests without an answer": tally.silent,
            f"{self.log_errors} errors in the receiver's log": self.log_errors,
            "the receiver does not work any more": not self.is_alive,
            f"{tally.accepted} accepted, {self.rows} rows": tally.accepted != self.rows,
        }
        return [problem for problem, is_one in found.items() if is_one]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=256, help="more share each commit")
    parser.add_argument("--seed", type=int, default=20261124, help="repeats a run")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after that long")
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.name}.md and .json")
    arguments = parser.parse_args()
    result = run(arguments.requests, arguments.connections, arguments.seed, within_s=60 * arguments.minutes)
    report = render(result)
    print(report)
    if arguments.report:
        REPORT.with_suffix(".md").write_text(report, encoding="utf-8")
        REPORT.with_suffix(".json").write_text(json.dumps(as_dict(result), indent=2) + "\n", encoding="utf-8")
    if result.problems:
        sys.exit("; ".join(result.problems))


def run(requests: int, connections: int, seed: int, *, within_s: float) -> Result:
    columns = (TextColumn("fuzzing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stores(Path(folder)) as layout,
        running(layout, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS", **OTHER_SECRETS) as receiver,
        Progress(*columns, refresh_per_second=1) as progress,
    ):
        task = progress.add_task("requests", total=requests)
        before = memory_mib(receiver)
        tally = uvloop.run(
            fuzz(
                receiver.url,
                secrets_of(layout),
                requests,
                seed=seed,
                connections=connections,
                within_s=within_s,
                on_progress=lambda count: progress.advance(task, count),
            )
        )
        after = memory_mib(receiver)
        with closing(postgres_connection(preparation.store_settings(layout))) as postgres:
            [rows] = postgres.execute("select count(*) from ingest.deliveries").fetchone() or (0,)
        sender = Sender(receiver.url, layout.secrets.webhook_secret_kintell)
        is_alive = sender.send("session-completed", session_completed()).json() == {"status": "accepted"}
        levels = [json.loads(line).get("level") for line in receiver.log.read_text().splitlines()]
        errors = sum(level in ("error", "critical") for level in levels)
    return Result(tally, seed, rows, is_alive, before, after, errors)


def memory_mib(process: Process) -> float:
    return psutil.Process(process.popen.pid).memory_info().rss / MIB


def as_dict(result: Result) -> dict[str, object]:
    tally = result.tally
    return {
        "command": "python -m tests.soak.fuzz_receiver " + " ".join(sys.argv[1:]),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip(),
        "machine": {
            "cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version(),
            "load_average": [round(load, 1) for load in os.getloadavg()],
        },
        "seed": result.seed,
        "requests": tally.requests,
        "duration_s": round(tally.duration_s, 1),
        "requests_per_second": round(tally.requests / tally.duration_s),
        "answers": [
            {"status": status, "reason": reason, "count": count}
            for (status, reason), count in sorted(tally.answers.items())
        ],
        "server_errors": tally.server_errors,
        "connections_closed_by_receiver_without_answer": tally.closed,
        "bodies_cut_off_by_sender": tally.hung_up,
        "requests_without_answer": tally.silent,
        "accepted": tally.accepted,
        "rows_in_deliveries": result.rows,
        "log_errors": result.log_errors,
        "accepts_after_the_run": result.is_alive,
        "receiver_memory_mib": {
            "before": round(result.memory_before_mib), "after": round(result.memory_after_mib)
        },
        "ideas": dict(tally.ideas.most_common()),
        "problems": result.problems,
    }  # fmt: skip


def render(result: Result) -> str:
    report, tally = as_dict(result), result.tally
    answers = "\n".join(
        f"| {status} | {'' if reason == '-' else f'`{reason}`'} | {count:,} |"
        for (status, reason), count in sorted(tally.answers.items())
    )
    ideas = ", ".join(f"{name} {count:,}" for name, count in tally.ideas.most_common())
    memory = f"{result.memory_before_mib:,.0f} MiB before, {result.memory_after_mib:,.0f} MiB after"
    verdict = "; ".join(result.problems) or (
        "No 5xx, no request left waiting, no error in the log; each accepted delivery is a row."
    )
    return f"""# The receiver under hostile requests

    $ {report["command"]}

{verdict}

{tally.requests:,} requests over kept connections in {tally.duration_s:,.0f} s (seed {result.seed}, commit
{report["commit"]}, {report["at"]}): {ideas}.
`tests/soak/hostile.py` makes them: noise, broken HTTP, forged signatures, junk and near misses that are
rightly signed by the schemes of every source, repeated ids, odd framing, sizes around and beyond the limits.

| status | reason | answers |
|---:|---|---:|
{answers}
| | connection closed by the receiver | {tally.closed:,} |
| | body cut off by the sender, no answer due | {tally.hung_up:,} |

A 400 without a reason is the HTTP server's own: what came was no HTTP. {tally.accepted:,} deliveries were
accepted, and `ingest.deliveries` has {result.rows:,} rows. The receiver's memory: {memory}.
Afterwards it accepted a session as before: {"yes" if result.is_alive else "no"}. The machine was shared with
other work, so the time says nothing about speed.
"""


if __name__ == "__main__":
    main()
