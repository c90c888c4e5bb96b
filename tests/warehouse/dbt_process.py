"""dbt in a process of its own per call, forked from one that has imported it: importing takes seconds."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_FORKSERVER = multiprocessing.get_context("forkserver")
_FORKSERVER.set_forkserver_preload(["dbt.cli.main", "dbt.adapters.clickhouse", "dbt.adapters.postgres"])


def run_dbt(arguments: Sequence[str], environment: Mapping[str, str], output: Path) -> bool:
    """Whether dbt succeeded; what it printed is in `output`."""
    process = _FORKSERVER.Process(target=_run, args=(list(arguments), dict(environment), output))
    process.start()
    process.join()
    return process.exitcode == 0


def _run(arguments: list[str], environment: dict[str, str], output: Path) -> None:
    from dbt.cli.main import dbtRunner

    os.environ.update(environment)
    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.exit(not dbtRunner().invoke(arguments).success)
