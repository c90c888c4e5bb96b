"""Where a benchmark's figures go: docs/reports/<name>.md for the reader, .json with all it measured."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from orchestration.stack.layout import PROJECT

FOLDER = PROJECT / "docs" / "reports"


def write(
    name: str,
    title: str,
    table: Sequence[Sequence[str]],
    raw: object,
    *,
    command: str,
    notes: str = "",
    folder: Path = FOLDER,
) -> str:
    """Write both files and return the page. The table's first row is its head; numbers stand on the right."""
    machine = {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    head, *rows = table
    lines = [
        f"# {title}",
        "",
        f"`{command}` on {machine['cores']} cores, {machine['machine']}, Python {machine['python']}.",
        f"Load of the machine when it ended: {os.getloadavg()[0]:.1f}.{' ' + notes if notes else ''}",
        "",
        *(f"| {' | '.join(row)} |" for row in (head, ["---", *["---:"] * (len(head) - 1)], *rows)),
        "",
    ]
    page = "\n".join(lines)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(page, encoding="utf-8")
    raw_output = json.dumps({"machine": machine, "measured": raw}, indent=2)
    (folder / f"{name}.json").write_text(raw_output + "\n", encoding="utf-8")
    return page
