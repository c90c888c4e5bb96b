"""The threads of this process keep its niceness, also after a statement with another.

ClickHouse gives the threads of a statement the niceness that it asks for, and 0 afterwards, not what they
had. Threads begin with the niceness of whoever starts them: one at 0 would hand it on.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

OWN = os.getpriority(os.PRIO_PROCESS, 0)
"""As the process was started, -20 to 19."""


def kept(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What the function returns or raises, this thread being as before afterwards."""
    try:
        return function(*arguments, **named)
    finally:
        # Of a thread, as Linux has it. Without the right to lower it ClickHouse has changed nothing either.
        os.setpriority(os.PRIO_PROCESS, 0, OWN)
