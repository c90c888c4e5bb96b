"""dbt by hand waits for an erasure, and an erasure for it."""

from __future__ import annotations

import subprocess
from contextlib import closing
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from ingest import leases
from ingest.stores import StoreSettings, postgres_connection
from orchestration import dbt_by_hand, lazy_commands

_HELD = """
select mode from pg_locks
where locktype = 'advisory' and granted and (classid::bigint << 32) + objid::bigint = %s
"""


def test_what_is_typed_goes_to_dbt_which_runs_under_the_lease(
    store_settings: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def run(command: list[Any], **options: Any) -> subprocess.CompletedProcess[bytes]:
        ran.append([str(word) for word in command])
        assert options["env"]["CLICKHOUSE_HOST"]
        with closing(postgres_connection(store_settings, autocommit=True)) as connection:
            held = [row[0] for row in connection.execute(_HELD, (leases._BUILDING,))]
        assert held == ["ShareLock"]
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(dbt_by_hand.subprocess, "run", run)
    urls = {
        name.upper(): getattr(store_settings, name).get_secret_value()
        for name in ("postgres_url", "clickhouse_url", "nats_url")
    }
    for name, url in urls.items():
        monkeypatch.setenv(name, url)
    app = typer.Typer()
    lazy_commands.register(app, lambda: urls)
    done = CliRunner().invoke(app, ["dbt", "run", "-s", "fct_sessions", "--target", "postgres"])
    assert done.exit_code == 3  # dbt's own
    assert ran[0][1:6] == ["run", "-s", "fct_sessions", "--target", "postgres"]
    assert CliRunner().invoke(app, ["dbt", "build", "--target", "nowhere"]).exit_code == 2
    assert len(ran) == 1
