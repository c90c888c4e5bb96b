"""One whole platform, started as `impact up` does it, with a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from orchestration.stack.layout import Layout, Ports
from tests.demo.simulated import Simulated
from tests.embedded import running
from tests.monitoring.otlp import Collector, collecting

TRACING = {"OTEL_TRACES_SAMPLER": "parentbased_always_off", "OTEL_BSP_SCHEDULE_DELAY": "100"}


@pytest.fixture(scope="package")
def traces() -> Iterator[Collector]:
    """Takes the platform's traces in."""
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory, traces: Collector) -> Iterator[Layout]:
    """Healthy when a test gets it. `platform.environment()` has its addresses and secrets.

    It traces what comes with a trace, and nothing of what does not.
    """
    os.environ |= {"OTEL_EXPORTER_OTLP_ENDPOINT": traces.endpoint, **TRACING}
    layout = Layout.open(tmp_path_factory.mktemp("platform"), Ports.free())
    with running(layout, stores_only=False):
        for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", *TRACING):  # of the platform, and not of the tests
            del os.environ[name]
        yield layout


@pytest.fixture(scope="package")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """The programme that the demo feeds to the platform, with the numbers that must come out."""
    return Simulated(tmp_path_factory.mktemp("landing"))
