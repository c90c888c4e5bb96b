"""Dagster's code server (`dagster api grpc`), whose runs begin in a process that has loaded all they need.

Dagster gives each run an interpreter of its own, which first loads Dagster, dbt and our definitions: several
seconds of a core before any work. Here runs are forked from one process that did this once. It has no threads
and no connections, so that forking it is safe, and a run still has a process to itself: ADR 40.

The server also tells Dagster of runs whose process died. Dagster's own stops doing so for good with the first
report that fails, as while Postgres is away: that run, and all that died later, stayed in progress for hours.
"""

from __future__ import annotations

import logging
import multiprocessing
from multiprocessing import forkserver
from typing import Any

from dagster._cli.api import api_cli
from dagster._grpc import server

# What a run loads before its first step.
PRELOADED = ("dagster._grpc.impl", "dagster_postgres", "orchestration.definitions")


logger = logging.getLogger(__name__)


class ForkingServer(server.DagsterApiServer):
    """Dagster's servicer; it makes processes in another way, and goes on looking after them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forkserver.set_forkserver_preload(list(PRELOADED))
        self._mp_ctx = multiprocessing.get_context("forkserver")  # type: ignore[assignment]

    def _check_for_orphaned_runs(self) -> None:
        """Report runs without a process. What cannot be reported now is half a second later."""
        try:
            super()._check_for_orphaned_runs()
        except Exception as error:  # whatever it is: the thread that looks would end with it
            logger.warning("a run that died cannot be reported yet (%s)", type(error).__name__)


if __name__ == "__main__":
    server.DagsterApiServer = ForkingServer  # type: ignore[misc]
    api_cli()
