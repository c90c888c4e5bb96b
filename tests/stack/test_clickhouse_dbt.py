"""dbt-clickhouse builds every materialisation that needs no cluster, runs unit tests and writes its docs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.stack.layout import HOST
from tests.stack.front_process import PASSWORD, FrontProcess

PROJECT = Path(__file__).parent / "dbt_sample"


@pytest.fixture(scope="module")
def built(front: FrontProcess, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project built twice, the second time with scores one higher, for the incremental models."""
    target = tmp_path_factory.mktemp("dbt_target")
    commands = ["build", "build --vars '{shift: 1}'", "docs generate --static"]
    done = subprocess.run(
        [sys.executable, PROJECT / "run.py", str(target), *commands],
        env={
            **os.environ, "CLICKHOUSE_HOST": HOST, "CLICKHOUSE_PORT": str(front.port),
            "CLICKHOUSE_PASSWORD": PASSWORD, "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert done.stdout.count("ERROR=0") == 2
    return target


@pytest.mark.parametrize(
    ("relation", "rows", "sum_of_scores"),
    [
        ("scored_ratings", 3, 13.0),
        ("ratings_append", 4, 13.0 + 6.0),
        ("ratings_delete_insert", 3, 14.0),
        ("ratings_insert_overwrite", 3, 14.0),
    ],
)
def test_views_and_incremental_strategies(front: FrontProcess, built: Path, relation, rows, sum_of_scores):
    with front.client(database="dbt_sample") as client:
        assert client.query(f"SELECT count(), sum(score) FROM {relation}").first_row == (rows, sum_of_scores)


def test_table_under_a_contract(front: FrontProcess, built: Path):
    with front.client(database="dbt_sample") as client:
        rows = client.query("SELECT * FROM person_scores ORDER BY person_id").result_rows
        assert rows == [(10, 2, 4.0), (11, 1, 5.0)]


def test_materialized_view_catches_up_and_then_sees_what_is_inserted(front: FrontProcess, built: Path):
    with front.client(database="dbt_sample") as client:
        sql = "SELECT toString(month), sum(rating_count) FROM ratings_by_month GROUP BY month ORDER BY month"
        # Two in each month at its creation, and again when the seed was inserted a second time.
        assert client.query(sql).result_rows == [("2026-01-01", 4), ("2026-02-01", 4)]


def test_snapshot_keeps_one_version_of_what_did_not_change(front: FrontProcess, built: Path):
    with front.client(database="dbt_sample") as client:
        sql = "SELECT person_id, dbt_valid_to IS NULL FROM person_scores_history ORDER BY person_id"
        assert client.query(sql).result_rows == [(10, True), (11, True)]


def test_unit_test_and_docs(built: Path):
    results = json.loads((built / "catalog.json").read_text())
    assert results["errors"] is None
    assert results["nodes"]["model.dbt_sample.person_scores"]["columns"]["mean_score"]["type"] == "Float64"
    assert (built / "static_index.html").stat().st_size > 1_000_000
