"""The command line imports through the same gate as Dagster, and says how long it took and what to do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import Result
from typer import Typer
from typer.testing import CliRunner

from ingest.backfill.command import backfill
from ingest.stores import StoreSettings, clickhouse_client
from tests.embedded import know_the_erased

HEADER = "session_id,participant_email,volunteer_email,scheduled_at,completed_at,duration_minutes"


@pytest.fixture
def impact_backfill(
    store_settings: StoreSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    for name in ("postgres_url", "clickhouse_url", "nats_url"):
        monkeypatch.setenv(name.upper(), getattr(store_settings, name).get_secret_value())
    know_the_erased(tmp_path)
    monkeypatch.setenv("IMPACT_HOME", str(tmp_path))
    app = Typer()
    app.command()(backfill)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def sessions(path: Path, tag: str, *, good: int, wrong: int) -> Path:
    times = "2026-09-07T10:00:00Z,2026-09-07T10:45:00Z"
    lengths = [45] * good + [2700] * wrong
    rows = [
        f"LS-{tag}-{n},p{n}@example.org,v@example.org,{times},{length}" for n, length in enumerate(lengths)
    ]
    path.write_text("\n".join([HEADER, *rows, ""]))
    return path


def test_a_withheld_batch_is_reported_with_its_reason_and_stays_out(
    impact_backfill: Callable[..., Result], store_settings: StoreSettings, tmp_path: Path
) -> None:
    tag = uuid4().hex[:8]
    result = impact_backfill(sessions(tmp_path / "a.csv", tag, good=10, wrong=30))
    assert result.exit_code == 0, result.output
    for said in ("judging", "critical: rejected_share ≤ 0.5, but is 0.75", "Withheld, not in the marts"):
        assert said in result.output
    assert list((tmp_path / "quality").glob("*.html"))
    with closing(clickhouse_client(store_settings)) as clickhouse:
        found = clickhouse.query(
            "select count() from raw.events where startsWith(subject, {subject:String})",
            {"subject": f"session/LS-{tag}"},
        )
    assert found.result_rows == [(0,)]


def test_there_is_no_way_past_the_gate(impact_backfill: Callable[..., Result], tmp_path: Path) -> None:
    result = impact_backfill(sessions(tmp_path / "a.csv", uuid4().hex[:8], good=1, wrong=0), "--no-gate")
    assert result.exit_code == 2
    assert "No such option" in result.output
