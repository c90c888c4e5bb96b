"""`python -m tests.acceptance`: the checklist, in its short forms, on a platform of its own.

Ends with 1 if a line fails, and with 3 if a line could not be tried at all. `--record` keeps the results in
docs/reports/acceptance.json and writes the page of them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration.stack.layout import PROJECT
from tests.acceptance import report, running
from tests.acceptance.lines import Checklist, checklist
from tests.acceptance.running import Result
from tests.benchmarks.reports import FOLDER

out = Console(highlight=False, soft_wrap=True)
_STYLES = {"pass": "green", "fail": "bold red", "not measured": "yellow"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance", description=__doc__)
    parser.add_argument(
        "lines", nargs="*", metavar="LINE", help="A3, or a whole part: A; all if none is named"
    )
    parser.add_argument("--record", action="store_true", help="keep the results in docs/reports")
    parser.add_argument("--workers", type=int, default=2, help="test processes at once")
    parser.add_argument(
        "--list", action="store_true", help="say what each line is proven by, and run nothing"
    )
    arguments = parser.parse_args()
    lines = checklist()
    try:
        chosen = lines.selected(tuple(arguments.lines))
    except ValueError as error:
        parser.error(str(error))
    if arguments.list:
        for line in chosen:
            out.print(f"[bold]{line.id}[/] {line.says}")
            for proof in (*line.tests, *([" ".join(line.command)] if line.command else [])):
                out.print(f"     {proof}", style="dim", markup=False)
        return
    started = time.monotonic()
    log = Path(tempfile.mkdtemp(prefix="impact-acceptance-")) / "pytest.log"
    out.print(f"{len(chosen)} lines. What the tests print: {log}", style="dim")
    results = running.run(chosen, log=log, say=_say, workers=arguments.workers)
    out.print(table(lines, results))
    out.print(f"{time.monotonic() - started:.0f} s")
    if arguments.record:
        running.write(results, FOLDER / f"{report.RESULTS}.json", commit=_commit())
        out.print(f"Written: {report.write()}")
    outcomes = {result.outcome for result in results.values()}
    sys.exit(1 if "fail" in outcomes else 3 if "not measured" in outcomes else 0)


def table(lines: Checklist, results: Mapping[str, Result]) -> Table:
    shown = Table("", "line", "", "tests", "seconds", box=None)
    for line in lines:
        if (result := results.get(line.id)) is None:
            continue
        outcome = f"[{_STYLES[result.outcome]}]{result.outcome}[/]"
        says = escape("\n  ".join([line.says, *result.failed]))
        shown.add_row(line.id, says, outcome, str(result.tests), f"{result.seconds:.1f}")
    return shown


def _say(line: str) -> None:
    out.print(f"  {line}", style="dim", markup=False)


def _commit() -> str:
    said = subprocess.run(
        ["git", "-C", str(PROJECT), "describe", "--always", "--dirty"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return said.stdout.strip()


if __name__ == "__main__":
    main()
