"""`impact soak` and `impact chaos`: long runs against platforms of their own, from the source tree.

Each takes the place of this process, so that signals and the exit status are its own.
"""

from __future__ import annotations

import os
import sys

import typer

from orchestration.console import explained
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import PROJECT


def soak(context: typer.Context) -> None:
    """Send for an hour with everything switched on. `impact soak -- --help` lists its options."""
    _become("soak", context.args)


def chaos(context: typer.Context) -> None:
    """Break things while it sends, by a seed. `impact chaos -- --help` lists its options."""
    _become("chaos", context.args)


def _become(name: str, arguments: list[str]) -> None:
    with explained():
        if not (PROJECT / "tests" / name / "__main__.py").exists():
            raise PlatformError(
                f"`impact {name}` needs the project's tests, and {PROJECT} has none: run it from a checkout."
            )
    os.chdir(PROJECT)
    os.execv(sys.executable, [sys.executable, "-m", f"tests.{name}", *arguments])  # noqa: S606
