"""Where the command line prints, and how it ends when something is the operator's to solve."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from orchestration.stack.errors import PlatformError

# Into a file or a pipe there is no width to ask for, and rich would assume 80 columns.
_width = None if sys.stdout.isatty() else 140
out = Console(highlight=False, width=_width)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def explained() -> Iterator[None]:
    """A problem the operator can solve ends the command with its message and status 1."""
    try:
        yield
    except PlatformError as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
