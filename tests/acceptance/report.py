"""docs/reports/production_readiness.md, made from the checklist and the committed raw results, never by hand.

`python -m tests.acceptance.report` writes it; `--check` ends with 1 if what is committed differs.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.acceptance.lines import Checklist, Line, checklist
from tests.acceptance.readings import Reading, Reports, Verdict
from tests.benchmarks.reports import FOLDER

NAME = "production_readiness.md"
RESULTS = "acceptance"  # the short forms' results: docs/reports/acceptance.json
_WORDS = {"pass": "pass", "fail": "**fail**", "not measured": "not measured"}


def page(lines: Checklist, reports: Reports) -> str:
    """The whole report as Markdown. The same results make the same bytes."""
    results = (reports.document(RESULTS) or {}).get("lines", {})
    verdicts = [verdict(line, results, reports) for line in lines]
    goals = [reports.read(goal) for goal in lines.goals]
    counted = ", ".join(
        f"{sum(one == kind for one in verdicts)} {kind}" for kind in ("pass", "fail", "not measured")
    )
    return "\n".join([*_head(counted, len(verdicts)), *_parts(lines, results, reports), *_goals(goals)])


def verdict(line: Line, results: Mapping[str, Any], reports: Reports) -> Verdict:
    """A line fails with its short form or with any figure; it passes once its short form does."""
    said = [reports.read(measure).verdict for measure in line.measured]
    short: Verdict = results[line.id]["outcome"] if line.id in results else "not measured"
    if "fail" in (short, *said):
        return "fail"
    return short


def _head(counted: str, count: int) -> Iterator[str]:
    yield "# Production readiness"
    yield ""
    yield "Written by `python -m tests.acceptance.report` from `docs/reports/*.json`; a test fails while it"
    yield "differs ([how](../acceptance.md)). `make acceptance` runs the short forms on a platform of its"
    yield "own; long runs have commands of their own."
    yield ""
    yield f"{count} lines: {counted}."
    yield ""


def _parts(lines: Checklist, results: Mapping[str, Any], reports: Reports) -> Iterator[str]:
    for part in lines.parts:
        yield f"## {part.letter}. {part.title}"
        yield ""
        yield "| | line | proven by | last result | on | |"
        yield "|---|---|---|---|---|---|"
        for line in part.lines:
            whole = _WORDS[verdict(line, results, reports)]
            yield _row(line.id, line.says, f"`make acceptance ONLY={line.id}`", *_short(line, results), whole)
            for measure in line.measured:
                reading = reports.read(measure)
                yield _row("", measure.says, f"`{measure.command}`", *_long(reading), _WORDS[reading.verdict])
        yield ""


def _short(line: Line, results: Mapping[str, Any]) -> tuple[str, str]:
    if line.id not in results:
        return "", ""
    result = results[line.id]
    said = f"{result['tests'] - len(result['failed']) - len(result['skipped'])} of {result['tests']} tests"
    if result["skipped"]:
        said += f", {len(result['skipped'])} skipped"
    return f"{said}, {result['seconds']:g} s", result["at"][:10]


def _long(reading: Reading) -> tuple[str, str]:
    link = f"[{reading.shown}]({reading.measure.report}.json)" if reading.value is not None else ""
    return f"{link} ({reading.measure.bound})" if link else f"({reading.measure.bound})", reading.at or ""


def _goals(goals: list[Reading]) -> Iterator[str]:
    yield "## Beyond the checklist"
    yield ""
    yield "What we ask of a machine of two cores with the generator on it."
    yield ""
    yield "| goal | measured by | last result | on | |"
    yield "|---|---|---|---|---|"
    for goal in goals:
        said = _WORDS[goal.verdict]
        yield _row(goal.measure.says, f"`{goal.measure.command}`", *_long(goal), said)
    yield ""


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def differences(folder: Path = FOLDER) -> list[str]:
    """How the committed page differs from what the results say; empty if it does not."""
    path = folder / NAME
    there = path.read_text("utf-8") if path.exists() else ""
    said = page(checklist(), Reports(folder))
    return list(difflib.unified_diff(there.splitlines(), said.splitlines(), NAME, "the results", lineterm=""))


def write(folder: Path = FOLDER) -> Path:
    path = folder / NAME
    path.write_text(page(checklist(), Reports(folder)), "utf-8")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.report", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare with what is committed")
    if not parser.parse_args().check:
        print(write())
        return
    if found := differences():
        print("\n".join(found))
        sys.exit(1)


if __name__ == "__main__":
    main()
