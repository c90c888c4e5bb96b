"""`impact monitoring write|check`: the dashboards' files, made from the module beside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import typer

from orchestration.console import out
from orchestration.monitoring.dashboards import DASHBOARDS
from orchestration.monitoring.panels import grafana
from orchestration.stack.layout import PROJECT

FOLDER = PROJECT / "docs" / "monitoring" / "dashboards"


def contents() -> Mapping[str, str]:
    """Each file's name and text."""
    return {
        f"{dashboard.name}.json": json.dumps(grafana(dashboard), indent=1, ensure_ascii=False) + "\n"
        for dashboard in DASHBOARDS
    }


def differing(folder: Path = FOLDER) -> list[str]:
    """Files that are missing, outdated, or made from nothing."""
    wanted = contents()
    present = {path.name: path.read_text("utf-8") for path in folder.glob("*.json")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def write() -> None:
    """Write the dashboards' files anew and take away those of dashboards that are no more."""
    wanted = contents()
    for name in differing():
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], "utf-8")
            out.print(f"wrote {name}")
        else:
            (FOLDER / name).unlink()
            out.print(f"removed {name}")
    out.print(f"{len(wanted)} dashboards in {FOLDER.relative_to(PROJECT)}.")


def check() -> None:
    """Compare the files with the code. Ends with 1 if one differs."""
    if found := differing():
        out.print(f"Not as the code has them: {', '.join(found)}. `impact monitoring write` mends that.")
        raise typer.Exit(1)
    out.print("The dashboards are as the code has them.")
