"""Sends deliveries while everything is killed: `python -m tests.soak.kill_storm --seconds 120 --rate 200`.

Starts stores, receiver and worker of its own on free ports, kills each of the five several times with
SIGKILL, waits until nothing waits, and compares the sender's ledger with the warehouse: sent = stored.
"""

from __future__ import annotations

import argparse
import json
import os
import platform as machine
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from tests.soak import storm as storms
from tests.soak.storm import Storm


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--rate", type=float, default=200, help="deliveries per second")
    parser.add_argument("--kill-every", type=float, default=3, help="seconds between kills, about")
    parser.add_argument("--seed", type=int, default=20261124, help="of the kills and of what is sent")
    parser.add_argument("--keep", type=Path, help="a new folder for the data, kept afterwards to look into")
    parser.add_argument("--report", type=Path, help="write the report here: <path>.md and <path>.json")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = arguments.keep or Path(folder) / "impact"
        with storms.running_platform(home) as platform:
            storm = uvloop.run(
                storms.run(
                    platform,
                    seconds=arguments.seconds,
                    rate=arguments.rate,
                    kill_every_s=arguments.kill_every,
                    seed=arguments.seed,
                )
            )
    figures = figures_of(storm, arguments)
    report = render(figures)
    print(report)
    if arguments.report:
        arguments.report.with_suffix(".md").write_text(report, encoding="utf-8")
        arguments.report.with_suffix(".json").write_text(
            json.dumps(figures, indent=2) + "\n", encoding="utf-8"
        )
    sys.exit(0 if storm.is_exact else 1)


def figures_of(storm: Storm, arguments: argparse.Namespace) -> dict[str, object]:
    ledger = storm.ledger
    return {
        "is_exact": storm.is_exact,
        "command": f"python -m tests.soak.kill_storm --seconds {arguments.seconds:g}"
        f" --rate {arguments.rate:g} --kill-every {arguments.kill_every:g} --seed {arguments.seed}",
        "sent_deliveries": len(ledger.sent),
        "accepted_deliveries": sum(one.accepted_at is not None for one in ledger.sent),
        "events_expected": ledger.event_count(),
        "requests_by_answer": dict(sorted(ledger.attempts.items())),
        "kills": dict(sorted(storm.kills.items())),
        "sending_seconds": round(storm.seconds, 1),
        "drained_after_s": storm.drained_after_s and round(storm.drained_after_s, 1),
        "waiting_in_the_end": storm.waiting,
        "differences": storm.differences,
        "machine": {"cores": os.cpu_count(), "machine": machine.machine(), "python": machine.python_version(),
                    "load_average": [round(load, 1) for load in os.getloadavg()],
                    "at": datetime.now(UTC).isoformat(timespec="seconds")},
    }  # fmt: skip


def render(figures: dict[str, object]) -> str:
    rows = []
    for name, value in figures.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key}: {one}" for key, one in value.items())
        rows.append(f"| {name.replace('_', ' ')} | {value} |")
    return (
        "# Kill storm\n\n"
        "Signed deliveries at a steady rate (new facts, corrections, repetitions) while receiver, worker,\n"
        "NATS, Postgres and ClickHouse are killed with SIGKILL at random moments. Afterwards the sender's\n"
        "ledger is compared with `raw.events` and the state it folds to.\n"
        "Written by the command in the table.\n\n"
        "| what | value |\n| --- | --- |\n" + "\n".join(rows) + "\n"
    )


if __name__ == "__main__":
    main()
