"""A refresh starts dbt for what it builds and for nothing else."""

from __future__ import annotations

from importlib import metadata

from orchestration.dbt import PROJECT_DIR
from orchestration.dbt_building import DbtCommand


def test_no_dbt_is_started_to_learn_its_version():
    command = DbtCommand(
        project_dir=str(PROJECT_DIR), profiles_dir=str(PROJECT_DIR), dbt_executable="/bin/false"
    )
    assert str(command._cli_version) == metadata.version("dbt-core")
