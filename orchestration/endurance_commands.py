"""`impact soak` and `impact chaos`: long runs on platforms of their own.

They are among the tests of the checkout, which an installed package is without, so they are looked for when
one is called.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import PROJECT


def __getattr__(name: str) -> Callable[..., Any]:
    """The command of this name; `PlatformError` where there is no checkout."""
    if name not in ("soak", "chaos"):
        raise AttributeError(name)
    if not (PROJECT / "tests" / name).is_dir():
        raise PlatformError(
            f"`impact {name}` needs the project's checkout: {PROJECT} has no tests/{name}. Run it from there."
        )
    if str(PROJECT) not in sys.path:
        sys.path.insert(0, str(PROJECT))
    return getattr(importlib.import_module(f"tests.{name}.__main__"), name)  # type: ignore[no-any-return]
