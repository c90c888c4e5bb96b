"""Stores of a command's own, which may search every file of them and write files anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.privacy.erasure.erasing import Place
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.text_keys import FILE


@contextmanager
def stores_of_its_own(home: Path) -> Iterator[Place]:
    """Stores on free ports, with their data in this folder, for as long as the block lasts."""
    layout = Layout.open(home, Ports.free())
    os.environ["IMPACT_HOME"], os.environ[FILE] = str(layout.home), str(layout.text_keys)
    platform.up(layout, lambda _: None, stores_only=True)
    try:
        yield Place(store_settings(layout), layout.home)
    finally:
        platform.down(layout)
