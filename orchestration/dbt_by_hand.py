"""`impact dbt …`: dbt from the command line, as a builder that an erasure waits for and that waits for one.

Started past this command, dbt takes no lease: an erasure might then put a table's survivors in its place
while dbt writes into it, and what was written would be lost.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from typing import Annotated

import typer

from ingest import leases
from ingest.stores import StoreSettings, postgres_connection
from orchestration.dbt import EXECUTABLE, PROJECT_DIR, DbtTargets, environment
from orchestration.settings import OrchestrationSettings


def dbt(
    context: typer.Context,
    target: Annotated[str, typer.Option(help="clickhouse or postgres.")] = "clickhouse",
) -> None:
    """Run dbt over the platform's project with its addresses; ends with dbt's own exit code.

    Everything but `--target` is dbt's: `impact dbt run -s fct_sessions`.
    """
    settings = OrchestrationSettings()
    targets = {one.name: one for one in DbtTargets.at(settings.impact_home)}
    if target not in targets:
        raise typer.BadParameter(f"there is no target {target}; choose {' or '.join(sorted(targets))}")
    folder = targets[target].folder / "by_hand"  # apart from what Dagster's builds write
    folder.mkdir(parents=True, exist_ok=True)
    with (
        closing(postgres_connection(StoreSettings(), autocommit=True)) as connection,
        leases.building(connection),
    ):
        done = subprocess.run(
            [EXECUTABLE, *context.args, "--target", target, "--project-dir", PROJECT_DIR, "--profiles-dir",
             PROJECT_DIR, "--target-path", folder, "--log-path", folder],
            env={**os.environ, **environment(**settings.store_urls)}, check=False,
        )  # fmt: skip
    raise typer.Exit(done.returncode)
