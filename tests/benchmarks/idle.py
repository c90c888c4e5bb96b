"""What a platform costs while nothing arrives, and how soon it wakes up: `python -m tests.benchmarks.idle`.

Starts a whole platform of its own, feeds it a small demo so that every sensor has something to look at, waits
until no run is under way and a minute longer, and then adds up the CPU time of each part's processes. That
hardly depends on what else the machine does. Then it sends single webhooks and awaits the refresh that each
sets off. Writes docs/reports/idle.{md,json}.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from http import HTTPStatus
from pathlib import Path

import psutil

from ingest.stores import postgres_connection
from ingest.webhooks.sample import send_sample
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from tests.benchmarks import reports

RUNS_END_WITHIN_S = 600
REFRESHED = (
    "select start_time from dagster.runs"
    " where id > %s and pipeline_name = 'refresh_warehouse' and status = 'SUCCESS' order by id"
)
UNFINISHED = "select count(*) from dagster.runs where status not in ('SUCCESS', 'FAILURE', 'CANCELED')"


def fill(layout: Layout, scale: float) -> None:
    """A demo from end to end, and whatever runs it sets off."""
    impact = Path(sys.executable).with_name("impact")
    subprocess.run(
        [impact, "demo", "--scale", str(scale)], env={**os.environ, **layout.environment()}, check=True
    )
    give_up_at = time.monotonic() + RUNS_END_WITHIN_S
    quiet_looks = 0
    with closing(postgres_connection(store_settings(layout), autocommit=True)) as connection:
        # Sensors look every half minute at most: what has been quiet for longer stays so.
        while quiet_looks < 10:
            [[unfinished]] = connection.execute(UNFINISHED).fetchall()
            quiet_looks = 0 if unfinished else quiet_looks + 1
            if time.monotonic() > give_up_at:
                raise TimeoutError(f"{unfinished} runs have not ended within {RUNS_END_WITHIN_S} s")
            time.sleep(5)


def cpu_seconds(layout: Layout) -> dict[str, float]:
    """CPU time of each part so far, with that of the processes it has started, ended ones included."""
    found = status(layout)
    trees = {part.name: psutil.Process(part.pid) for part in found.parts if part.pid}
    used = {
        name: sum(map(_with_ended, [root, *root.children(recursive=True)])) for name, root in trees.items()
    }
    times = psutil.Process(found.supervisor_pid).cpu_times()
    return used | {"supervisor": times.user + times.system}


def _with_ended(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system + times.children_user + times.children_system


def shares(layout: Layout, seconds: float) -> dict[str, float]:
    """The share of one core that each part takes, over `seconds` in which nothing is asked of it."""
    before, began = cpu_seconds(layout), time.monotonic()
    time.sleep(seconds)
    after, elapsed = cpu_seconds(layout), time.monotonic() - began
    return {name: (after[name] - before[name]) / elapsed for name in before}


def refresh_starts_after(layout: Layout) -> float:
    """Seconds from a webhook's acknowledgement to the start of its refresh, the end of which is awaited."""
    environment = layout.environment()
    with closing(postgres_connection(store_settings(layout), autocommit=True)) as connection:
        [[newest]] = connection.execute("select coalesce(max(id), 0) from dagster.runs").fetchall()
        sent = send_sample(environment["IMPACT_WEBHOOK_URL"], environment["IMPACT_WEBHOOK_SECRET_KINTELL"])
        accepted_at = time.time()
        assert sent.status == HTTPStatus.ACCEPTED, sent
        give_up_at = time.monotonic() + RUNS_END_WITHIN_S
        while not (rows := connection.execute(REFRESHED, (newest,)).fetchall()):
            if time.monotonic() > give_up_at:
                raise TimeoutError(f"no refresh succeeded within {RUNS_END_WITHIN_S} s of a webhook")
            time.sleep(1)
    return float(rows[0][0]) - accepted_at


def report(found: Mapping[str, float], waits: Sequence[float], *, seconds: float, scale: float) -> str:
    rows = sorted(found.items(), key=lambda row: -row[1])
    table = [
        ["part", "share of one core"],
        *([name, f"{share:.2%}"] for name, share in rows),
        ["all", f"{sum(found.values()):.2%}"],
    ]
    notes = (
        f"CPU time over {seconds:g} s, after a demo of scale {scale:g}; nothing arrives, nobody reads."
        f" A webhook then had its refresh started after {', '.join(f'{wait:.0f}' for wait in waits)} s."
    )
    return reports.write(
        "idle",
        "What an idle platform costs",
        table,
        {"seconds": seconds, "scale": scale, "share_of_one_core": found, "refresh_starts_after_s": waits},
        command=f"python -m tests.benchmarks.idle --seconds {seconds:g}",
        notes=notes,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=120, help="for how long to watch")
    parser.add_argument("--wait", type=float, default=60, help="seconds of peace before that")
    parser.add_argument("--scale", type=float, default=0.1, help="of the demo")
    parser.add_argument("--webhooks", type=int, default=1, help="how many to send, one by one")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="impact-idle-") as home:
        layout = Layout.open(Path(home) / "platform", Ports.free())
        platform.up(layout, print)
        try:
            fill(layout, arguments.scale)
            time.sleep(arguments.wait)
            found = shares(layout, arguments.seconds)
            waits = [refresh_starts_after(layout) for _ in range(arguments.webhooks)]
        finally:
            platform.down(layout)
    print(report(found, waits, seconds=arguments.seconds, scale=arguments.scale))


if __name__ == "__main__":
    main()
