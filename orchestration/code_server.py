"""Dagster's code server (`dagster api grpc`), whose runs begin in a process that has loaded all they need.

Dagster gives each run an interpreter of its own, which first loads Dagster, dbt and our definitions: several
seconds of a core before any work. Here runs are forked from one process that did this once. It has no threads
and no connections, so that forking it is safe, and a run still has a process to itself: ADR 40.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver
from typing import Any

from dagster._cli.api import api_cli
from dagster._grpc import server

# What a run loads before its first step.
PRELOADED = ("dagster._grpc.impl", "dagster_postgres", "orchestration.definitions")


class ForkingServer(server.DagsterApiServer):
    """Dagster's servicer; only the way in which it makes processes is another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forkserver.set_forkserver_preload(list(PRELOADED))
        self._mp_ctx = multiprocessing.get_context("forkserver")  # type: ignore[assignment]


if __name__ == "__main__":
    server.DagsterApiServer = ForkingServer  # type: ignore[misc]
    api_cli()
