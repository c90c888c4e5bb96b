"""`impact chaos`: breaks a platform of its own by a seed, and says whether its promises held."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from orchestration.console import explained
from tests.soak.__main__ import new_folder, out, progress, tell
from tests.soak.judging import exit_status
from tests.soak.runs import Run


def chaos(
    seed: Annotated[int, typer.Option(help="Of the schedule, and of what is sent.")] = 1,
    minutes: Annotated[float, typer.Option(min=0.1, help="For how long to send.")] = 10,
    rate: Annotated[float, typer.Option(min=0.1, help="Deliveries a second.")] = 50,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between faults, about.")] = 15,
    clients: Annotated[int, typer.Option(help="Of the live stream.")] = 20,
    readers: Annotated[int, typer.Option(help="Of figures, a read a second each.")] = 5,
    plan_only: Annotated[bool, typer.Option("--plan", help="Show the schedule and do nothing.")] = False,
    folder: Annotated[
        Path | None,
        typer.Option(help="A new folder for what the run writes down; a temporary one if left out."),
    ] = None,
    read: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Run nothing: report what a run has left there.")
    ] = None,
    report_to: Annotated[
        Path | None, typer.Option("--report", metavar="PATH", help="Write PATH.md and PATH.json.")
    ] = None,
) -> None:
    """Break things by a seed while a soak's day goes on, and say whether its promises held.

    Kills and pauses processes, slows and cuts stores, fills their disk, steps clocks. Ends with 0 if all
    holds, 1 if something does not, 3 if the ledger is not equal.
    """
    from tests.chaos.breaking import ChaosPlan, claims, page  # what it imports takes seconds
    from tests.chaos.breaking import chaos as run

    plan = ChaosPlan(rate, minutes, clients, readers, seed, every_fault_s=every)
    if plan_only:
        out.print(*map(str, plan.faults()), sep="\n")
        return
    if read is None:
        folder = new_folder(folder, "chaos")
        with explained():
            run(plan, folder, progress)
    found = Run.read(read or folder or Path())
    told = claims(found)
    if report_to:
        report_to.with_suffix(".md").write_text(page(found), encoding="utf-8")
        figures = {
            "plan": found.plan, "claims": [vars(one) for one in told], "happenings": found.happenings,
            "outcome": found.outcome, "exit_status": exit_status(told),
        }  # fmt: skip
        report_to.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    tell(told, read or folder)


if __name__ == "__main__":
    typer.run(chaos)
