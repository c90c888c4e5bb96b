"""The command line: lines machines can read, messages people can act on, commands loaded when called."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.command_table import COMMANDS, Command
from orchestration.lazy_commands import load
from orchestration.stack.layout import Layout

PLATFORM_VARIABLES = ("POSTGRES_URL", "CLICKHOUSE_URL", "NATS_URL")


@pytest.fixture
def shell(embedded_stores: Layout, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A shell that knows nothing of the running stores but their data folder."""
    for name in [*os.environ]:
        if name.startswith("IMPACT_") or name in PLATFORM_VARIABLES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("IMPACT_HOME", str(embedded_stores.home))
    return CliRunner()


def test_status_is_readable_for_machines(shell: CliRunner) -> None:
    result = shell.invoke(app, ["status", "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["is_healthy"]
    assert {part["name"] for part in found["parts"]} == {"nats", "postgres", "clickhouse"}
    assert {part["state"] for part in found["parts"]} <= {"starting", "running"}


def test_env_lines_give_a_client_everything(shell: CliRunner, embedded_stores: Layout) -> None:
    result = shell.invoke(app, ["env"])
    environment = dict(shlex.split(line)[0].split("=", 1) for line in result.stdout.splitlines())
    assert environment["POSTGRES_URL"] == embedded_stores.postgres_url
    assert environment["IMPACT_API_KEY"] == embedded_stores.secrets.admin_key
    clients_need = (
        "CLICKHOUSE_URL NATS_URL IMPACT_API_URL IMPACT_WEBHOOK_URL IMPACT_ADMIN_KEY DAGSTER_URL POSTGRES_DB"
    )
    assert set(clients_need.split()) <= environment.keys()


def test_logs_of_an_unknown_part_name_the_known_ones(shell: CliRunner) -> None:
    result = shell.invoke(app, ["logs", "kafka"])
    assert result.exit_code == 1
    assert "no log of 'kafka'" in result.stderr
    known = result.stderr.rsplit(": ", 1)[1].rstrip(".\n").split(", ")
    assert {"clickhouse", "nats", "postgres", "supervisor"} <= set(known)


def test_migrating_current_stores_changes_nothing(shell: CliRunner) -> None:
    assert "The stores are current." in shell.invoke(app, ["migrate"]).stdout


def test_a_folder_without_a_platform_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPACT_HOME", str(tmp_path / "nothing"))
    for command in ("status", "down", "env", "logs nats", "keys list"):
        result = CliRunner().invoke(app, command.split())
        assert result.exit_code == 1
        assert "there is no platform in" in result.stderr
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.path)
def test_a_command_exists_and_explains_itself_without_a_platform(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(load(command))
    monkeypatch.setenv("IMPACT_HOME", str(tmp_path / "nothing"))
    asked = CliRunner().invoke(app, [*command.path.split(), "--help"])
    assert asked.exit_code == 0, asked.output
    assert f"Usage: impact {command.path}" in " ".join(asked.output.split())


def test_help_loads_no_room() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from orchestration.cli import app;"
        "assert 'backfill' in CliRunner().invoke(app, ['--help']).stdout;"
        "print([m for m in ('polars', 'dagster', 'clickhouse_connect', 'fastapi') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
