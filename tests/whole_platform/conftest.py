"""One whole platform, started as `impact up` does it, with a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orchestration.stack.layout import Layout, Ports
from tests.demo.simulated import Simulated
from tests.embedded import running


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layout]:
    """Healthy when a test gets it. `platform.environment()` has its addresses and secrets."""
    layout = Layout.open(tmp_path_factory.mktemp("platform"), Ports.free())
    with running(layout, stores_only=False):
        yield layout


@pytest.fixture(scope="package")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """The programme that the demo feeds to the platform, with the numbers that must come out."""
    return Simulated(tmp_path_factory.mktemp("landing"))
