"""`impact load …`: load on a platform, and what it can bear.

The generators are among the tests of the checkout, which an installed package is without, so the commands are
looked for when one is called.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import PROJECT

_MODULE = "tests.load.commands"


def __getattr__(name: str) -> Callable[..., Any]:
    """The command of this name; `PlatformError` where there is no checkout."""
    if name.startswith("_"):
        raise AttributeError(name)
    if not (PROJECT / "tests" / "load").is_dir():
        raise PlatformError(
            f"`impact load` needs the project's checkout: {PROJECT} has no tests/load. Run it from there."
        )
    if str(PROJECT) not in sys.path:
        sys.path.insert(0, str(PROJECT))
    return getattr(importlib.import_module(_MODULE), name)  # type: ignore[no-any-return]
