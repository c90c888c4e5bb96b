"""Breaks a platform of its own by a seed, while a soak's day goes on, and says whether its promises held.

Kills and pauses processes, slows and cuts stores, fills their disk, steps the applications' clocks. Ends
with 0 if all holds, 1 if something does not, 3 if the ledger is not equal. `--plan` only shows the schedule.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.soak import report
from tests.soak.report import Run

out = Console(highlight=False, width=None if sys.stdout.isatty() else 140)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="impact chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1, help="of the schedule, and of what is sent")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=50, help="deliveries a second")
    parser.add_argument("--every", type=float, default=15, help="seconds between faults, about")
    parser.add_argument("--clients", type=int, default=20, help="of the live stream")
    parser.add_argument("--readers", type=int, default=5, help="of figures, a read a second each")
    parser.add_argument("--plan", action="store_true", help="only show the schedule")
    parser.add_argument("--folder", type=Path, help="a new folder for what the run writes down")
    parser.add_argument("--read", type=Path, metavar="FOLDER", help="run nothing, report what is there")
    parser.add_argument("--report", type=Path, help="write <path>.md and <path>.json")
    options = parser.parse_args()
    from tests.chaos.breaking import ChaosPlan, chaos, claims, page  # what it imports takes seconds

    plan = ChaosPlan(
        options.rate, options.minutes, options.clients, options.readers, options.seed,
        every_fault_s=options.every,
    )  # fmt: skip
    if options.plan:
        out.print(*map(str, plan.faults()), sep="\n")
        return
    folder = options.read or options.folder or Path(tempfile.mkdtemp(prefix="impact-chaos-"))
    if not options.read:
        out.print(f"Samples go to {folder}.")
        chaos(plan, folder, lambda line: out.print(f"  {line}", style="dim", markup=False, soft_wrap=True))
    found = Run.read(folder)
    told = claims(found)
    if options.report:
        options.report.with_suffix(".md").write_text(page(found), encoding="utf-8")
        figures = {
            "plan": found.plan, "claims": [vars(one) for one in told], "happenings": found.happenings,
            "outcome": found.outcome, "exit_status": report.exit_status(told),
        }  # fmt: skip
        options.report.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for claim in told:
        mark = {True: "[green]holds[/green]", False: "[red]FAILS[/red]", None: "[yellow]open[/yellow] "}
        out.print(f"{mark[claim.holds]}  {claim.says}: {claim.found}", soft_wrap=True)
    out.print(f"What the run wrote down is in {folder}.")
    sys.exit(report.exit_status(told))


if __name__ == "__main__":
    main()
