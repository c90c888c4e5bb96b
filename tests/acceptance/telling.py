"""A pytest plugin that tells, line by line as JSON, how each test ends: `-p tests.acceptance.telling`.

It writes to the open file whose number is in ACCEPTANCE_RESULTS. Of a run in several processes only the one
that gathers their reports tells.
"""

from __future__ import annotations

import json
import os
from typing import TextIO

import pytest

VARIABLE = "ACCEPTANCE_RESULTS"


class Telling:
    def __init__(self, output: TextIO) -> None:
        self._output = output

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._tell(report.nodeid, report.when or "", report.outcome, report.duration)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._tell(report.nodeid, "collect", report.outcome, 0.0)

    def _tell(self, name: str, when: str, outcome: str, seconds: float) -> None:
        line = {"name": name, "when": when, "outcome": outcome, "seconds": seconds}
        self._output.write(json.dumps(line) + "\n")
        self._output.flush()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and (number := os.environ.get(VARIABLE)):
        config.pluginmanager.register(
            Telling(os.fdopen(int(number), "w", encoding="utf-8")), "acceptance-telling"
        )
