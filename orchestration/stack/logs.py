"""Reading the parts' logs, also while they are written and rotated."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import Layout

POLL_S = 0.3


def read(layout: Layout, name: str, *, lines: int, follow: bool) -> Iterator[str]:
    """The last `lines` lines of a part's log, then, with `follow`, every new one for ever."""
    known = sorted(path.stem for path in layout.logs.glob("*.log"))
    if name not in known:
        raise PlatformError(
            f"there is no log of {name!r} in {layout.logs}. There is: {', '.join(known) or 'none yet'}."
        )
    return _lines(layout.logs / f"{name}.log", lines, follow)


def _lines(path: Path, lines: int, follow: bool) -> Iterator[str]:
    file = path.open(encoding="utf-8", errors="replace")
    try:
        yield from deque(file, maxlen=lines)
        while follow:
            yield from file
            if _was_rotated(path, file):
                file.close()
                file = path.open(encoding="utf-8", errors="replace")
            else:
                time.sleep(POLL_S)
    except KeyboardInterrupt:  # how a reader says that it is enough
        return
    finally:
        file.close()


def _was_rotated(path: Path, file: TextIO) -> bool:
    try:
        return not os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:  # between the two renames of a rotation
        return False
