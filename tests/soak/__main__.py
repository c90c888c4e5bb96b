"""Runs the platform for an hour with everything switched on, and says whether anything gave way.

Starts a platform of its own on free ports: `impact soak --rate 50 --minutes 60` is the same. Each look is in
the run's folder as soon as it is taken. Ctrl-C ends the sending early, settles the accounts and reports;
`--read FOLDER` reports whatever a run has left there. Ends with 0 if all claims hold, 1 if one fails, 3 if
the ledger is not equal.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.soak import report
from tests.soak.picture import draw
from tests.soak.report import Run

out = Console(highlight=False, width=None if sys.stdout.isatty() else 140)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="impact soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=50, help="deliveries a second")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--clients", type=int, default=50, help="of the live stream")
    parser.add_argument("--readers", type=int, default=10, help="of figures, a read a second each")
    parser.add_argument("--seed", type=int, default=20261127, help="of what is sent and who comes back when")
    parser.add_argument("--plant-leak", default="", choices=["", "receiver"], metavar="receiver",
                        help="lose 1 KB per delivery there, to see that it is noticed")  # fmt: skip
    parser.add_argument("--folder", type=Path, help="a new folder for what the run writes down")
    parser.add_argument("--read", type=Path, metavar="FOLDER", help="run nothing, report what is there")
    parser.add_argument("--report", type=Path, help="write <path>.md, <path>.json and <path>.png")
    options = parser.parse_args()
    folder = options.read or run(options)
    found = Run.read(folder)
    limits = report.budgets()
    if options.report:
        write(found, options.report)
    for claim in report.claims(found, limits):
        mark = {True: "[green]holds[/green]", False: "[red]FAILS[/red]", None: "[yellow]open[/yellow] "}
        out.print(f"{mark[claim.holds]}  {claim.says}: {claim.found}", soft_wrap=True)
    out.print(f"What the run wrote down is in {folder}.")
    sys.exit(report.exit_status(report.claims(found, limits)))


def run(options: argparse.Namespace) -> Path:
    from tests.soak.soaking import Plan, soak  # what it imports takes seconds

    folder = options.folder or Path(tempfile.mkdtemp(prefix="impact-soak-"))
    if (folder / "samples.jsonl").exists():
        raise SystemExit(f"{folder} holds a run already; `--read {folder}` reports it")
    out.print(f"Samples go to {folder}.")
    plan = Plan(
        options.rate, options.minutes, options.clients, options.readers, options.seed, options.plant_leak
    )
    soak(plan, folder, lambda line: out.print(f"  {line}", style="dim", markup=False, soft_wrap=True))
    return folder


def write(found: Run, path: Path) -> None:
    limits = report.budgets()
    path.parent.mkdir(parents=True, exist_ok=True)
    picture: str | None = path.with_suffix(".png").name
    try:
        draw(found, path.with_suffix(".png"))
    except ImportError:
        out.print("No picture: matplotlib is not installed; `make install` brings it.", style="yellow")
        picture = None
    path.with_suffix(".md").write_text(report.page(found, limits, picture), encoding="utf-8")
    figures = json.dumps(report.figures(found, limits), indent=1)
    path.with_suffix(".json").write_text(figures + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
