"""One small simulated programme, shared by the tests that look at it."""

from __future__ import annotations

import pytest

from tests.demo.simulated import Simulated


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return Simulated(tmp_path_factory.mktemp("landing"))
