"""The receiver with work added to each delivery, for comparisons to notice: `python -m tests.load.slowed`.

SLOWED_US is that work in microseconds of CPU time.
"""

from __future__ import annotations

import os
import time
from typing import Any

from ingest.webhooks.__main__ import main
from ingest.webhooks.app import Receiver


def slow_down(us: float) -> None:
    """Let every delivery cost so much more from now on."""
    take = Receiver._take

    def slower(self: Receiver, *arguments: Any) -> None:
        until = time.thread_time() + us / 1e6
        while time.thread_time() < until:
            pass
        take(self, *arguments)

    Receiver._take = slower  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    slow_down(float(os.environ["SLOWED_US"]))
    main()
