"""The embedded stores, or the whole platform, for as long as a fixture lives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from orchestration.stack import platform
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import Layout


@contextmanager
def running(layout: Layout, *, stores_only: bool) -> Iterator[None]:
    """Start as `impact up` does it, and stop at the end. What does not start fails the test in one line."""
    try:
        platform.up(layout, print, stores_only=stores_only)
    except PlatformError as error:
        pytest.fail(str(error), pytrace=False)
    try:
        yield
    finally:
        platform.down(layout)
