"""dbt in a process of its own per call, forked from one that has imported it: importing takes seconds.

So does reading the project, which says the same for every warehouse but for the prefix of its schemas. It is
read once per target, with a placeholder for the prefix, and each call begins with what was read then.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PREFIX = "DBT_SCHEMA_PREFIX"
PLACEHOLDER = "z00000000_"  # as long as every prefix is: one can take the other's place in what was read

_FORKSERVER = multiprocessing.get_context("forkserver")
_FORKSERVER.set_forkserver_preload(["dbt.cli.main", "dbt.adapters.clickhouse", "dbt.adapters.postgres"])


def run_dbt(
    command: Sequence[str],
    options: Sequence[str],
    environment: Mapping[str, str],
    *,
    output: Path,
    project: Path,
) -> bool:
    """Whether dbt succeeded; what it printed is in `output`. `project` keeps what was read of the project."""
    process = _FORKSERVER.Process(
        target=_run, args=(list(command), list(options), dict(environment), output, project)
    )
    process.start()
    process.join()
    return process.exitcode == 0


def _run(
    command: list[str], options: list[str], environment: dict[str, str], output: Path, project: Path
) -> None:
    from dbt.cli.main import dbtRunner

    os.environ.update(environment)
    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    if not project.exists():
        _read(options, project)
    sys.exit(not dbtRunner(_read_before(project, environment[PREFIX])).invoke([*command, *options]).success)


def _read(options: list[str], project: Path) -> None:
    from dbt.cli.main import dbtRunner
    from dbt.parser.manifest import extended_mashumaro_encoder

    prefix, os.environ[PREFIX] = os.environ[PREFIX], PLACEHOLDER
    done = dbtRunner().invoke(["parse", *options])
    os.environ[PREFIX] = prefix
    if not done.success:
        sys.exit(1)
    done.result.flat_graph = {}  # type: ignore[union-attr]  # made anew of what is read back
    project.write_bytes(done.result.to_msgpack(extended_mashumaro_encoder))  # type: ignore[union-attr]


def _read_before(project: Path, prefix: str) -> Manifest:
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    assert len(prefix) == len(PLACEHOLDER)
    read = project.read_bytes().replace(PLACEHOLDER.encode(), prefix.encode())
    manifest: Manifest = Manifest.from_msgpack(read, decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()
    return manifest
