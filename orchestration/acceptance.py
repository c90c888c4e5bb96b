"""`impact acceptance`: the checklist of what the platform has to do; it is in the source tree alone."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import Annotated

import typer

CHECKLIST = "tests.acceptance"


def acceptance(
    lines: Annotated[
        list[str] | None, typer.Argument(help="A3, or a whole part: A; all if none is named.")
    ] = None,
    record: Annotated[bool, typer.Option("--record", help="Keep the results in docs/reports.")] = False,
    only_list: Annotated[
        bool, typer.Option("--list", help="Say what proves each line; run nothing.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help="Test processes at once.")] = 2,
) -> None:
    """Go over the checklist on a platform of its own. Ends with 1 if a line fails, 3 if one was not tried."""
    try:
        found = importlib.util.find_spec(CHECKLIST)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise typer.BadParameter(
            "the checklist is in tests/acceptance of the source tree, and this is not started from there:"
            " run it in the project's folder"
        )
    options = [
        *(["--record"] if record else []),
        *(["--list"] if only_list else []),
        "--workers",
        str(workers),
    ]
    done = subprocess.run([sys.executable, "-m", CHECKLIST, *options, *(lines or [])], check=False)
    raise typer.Exit(done.returncode)
