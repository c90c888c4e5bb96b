"""How far a load is, on a terminal; elsewhere nothing is printed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def counting(label: str, total: float) -> Iterator[Callable[[float], None]]:
    """A bar over `total`; what is yielded moves it on by so much."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task(label, total=total)
        yield lambda amount: progress.advance(bar, amount)


def until(is_over: Callable[[], bool], label: str, seconds: float) -> None:
    """Wait for something that takes about so many seconds."""
    with counting(label, seconds) as advance:
        while not is_over():
            time.sleep(0.2)
            advance(0.2)
