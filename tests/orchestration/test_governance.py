"""Drift of stored scores becomes checks, rows, an event and a page; evaluations decide who serves."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.contracts.ai import Q2qDriftAlerted
from ingest.events import decode
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from nlp.registry.promotion import sync
from nlp.registry.store import active_model
from orchestration.governance.drifting import check_window
from orchestration.resources import Stores
from tests.nlp.labelling import KnowingClassifier
from tests.nlp.registries import entry, file_of

# As the migrations of scoring and of the gate lay them out, for as long as only these columns are read.
TABLES = (
    "create database if not exists nlp",
    "create table if not exists nlp.text_scores (text_id UUID, text_sha256 String, company_id UUID,"
    " text_type LowCardinality(String), language LowCardinality(String), written_at DateTime64(3, 'UTC'),"
    " labels String, model_version LowCardinality(String), scored_at DateTime64(6, 'UTC'))"
    " engine = ReplacingMergeTree(scored_at) order by (model_version, company_id, text_id)",
    "create table if not exists nlp.cleared_texts (text_id UUID, company_id UUID, character_count UInt32,"
    " written_at DateTime64(3, 'UTC'), is_withdrawn UInt8 default 0, cleared_at DateTime64(6, 'UTC'))"
    " engine = ReplacingMergeTree(cleared_at, is_withdrawn) order by (company_id, text_id)",
)
DAY = datetime(2026, 11, 18, tzinfo=UTC)


@pytest.fixture
def clickhouse(store_settings: StoreSettings) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(store_settings)) as client:
        for statement in TABLES:
            client.command(statement)
        yield client


@pytest.fixture
def postgres(store_settings: StoreSettings) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def model_id(postgres: psycopg.Connection) -> str:
    one = entry(f"lane{uuid.uuid4().hex[:12]}", "v1")
    sync(postgres, file_of(one), actor="test")
    return one.model_id


def write(
    clickhouse: ClickHouseClient, model_id: str, day: datetime, said: list[bool], language: str = "en"
) -> None:
    """Scores of texts written on a day, one per answer to `confidence_increase`."""
    scores, cleared = [], []
    for number, answer in enumerate(said):
        text_id, company_id = uuid.uuid4(), uuid.uuid4()
        at = day.replace(tzinfo=None) + timedelta(seconds=number)
        labels = {
            "confidence_increase": answer, "confidence_decrease": False, "belonging_increase": False,
            "belonging_decrease": False, "language_comfort": None, "employability_signals": [],
            "risk_cues": [], "topics": [],
        }  # fmt: skip
        scores.append(
            [text_id, "hash", company_id, "checkin_note", "en", at, json.dumps(labels), model_id, at]
        )
        cleared.append([text_id, company_id, 60, at, at])
    clickhouse.insert(
        "nlp.text_scores",
        scores,
        column_names=[
            "text_id", "text_sha256", "company_id", "text_type", "language", "written_at", "labels",
            "model_version", "scored_at",
        ],
    )  # fmt: skip
    columns = ["text_id", "company_id", "character_count", "written_at", "cleared_at"]
    clickhouse.insert("nlp.cleared_texts", cleared, column_names=columns)


def alternating(count: int, one_in: int) -> list[bool]:
    return [number % one_in == 0 for number in range(count)]


def test_a_shift_fails_the_agreed_check_and_is_announced_once(
    definitions: dg.Definitions, clickhouse: ClickHouseClient, postgres: psycopg.Connection, model_id: str
) -> None:
    for days in range(1, 11):
        write(clickhouse, model_id, DAY - timedelta(days=days), alternating(20, 10))
    write(clickhouse, model_id, DAY, alternating(60, 2))
    job = definitions.resolve_job_def("check_drift_daily")
    for _ in range(2):
        result = job.execute_in_process(partition_key="2026-11-18")
        checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
        assert not checks["psi_stays_below_the_agreed_alert"].passed
        assert checks["psi_stays_below_the_agreed_alert"].severity == dg.AssetCheckSeverity.ERROR
        assert not checks["no_shift_that_chance_does_not_explain"].passed
    [materialization] = result.asset_materializations_for_node("nlp__drift_daily")
    page = Path(materialization.metadata[f"{model_id} in Evidently"].value)
    assert "plotly" in page.read_text("utf-8")
    alerts = postgres.execute(
        "select series, language, verdict, severity, baseline_count, window_count from registry.drift_checks"
        " where model_id = %s and verdict = 'alert' order by series, language",
        (model_id,),
    ).fetchall()
    assert ("confidence_increase", "en", "alert", "high", 200, 60) in alerts
    assert ("score:confidence", "all", "alert", "high", 200, 60) in alerts
    events = [
        decode(bytes(event)).data
        for (event,) in postgres.execute(
            "select event from ingest.event_outbox where subject = 'events._.q2q.drift.alerted'"
        ).fetchall()
    ]
    ours = [
        event for event in events if isinstance(event, Q2qDriftAlerted) and event.model_version == model_id
    ]
    assert sorted((event.dimension, event.language) for event in ours) == sorted(
        alert[:2] for alert in alerts
    )
    assert all(event.window_start == DAY and event.psi > 0.2 for event in ours)


def test_a_steady_day_passes_and_a_small_one_is_insufficient(
    clickhouse: ClickHouseClient, postgres: psycopg.Connection, model_id: str
) -> None:
    for days in range(1, 11):
        write(clickhouse, model_id, DAY - timedelta(days=days), alternating(20, 10))
    write(clickhouse, model_id, DAY, alternating(60, 10))
    write(clickhouse, model_id, DAY + timedelta(days=1), alternating(12, 1))

    def results(day: datetime) -> tuple:
        [one] = [
            found
            for found in check_window(
                postgres, clickhouse, "daily", day, day + timedelta(days=1), actor="test"
            )
            if found.model_id == model_id
        ]
        return one.count("ok"), one.count("insufficient"), len(one.checks)

    ok, insufficient, count = results(DAY)
    assert (ok, insufficient) == (count, 0)
    ok, insufficient, count = results(DAY + timedelta(days=1))
    assert (ok, insufficient) == (0, count)
    baselines = postgres.execute(
        "select text_count, window_until from registry.drift_baselines where model_id = %s", (model_id,)
    ).fetchall()
    assert baselines == [(200, DAY)]  # pinned once


def test_without_enough_texts_before_there_is_no_baseline_and_the_reason_is_said(
    clickhouse: ClickHouseClient, postgres: psycopg.Connection, model_id: str
) -> None:
    day = datetime(2026, 11, 4, tzinfo=UTC)
    write(clickhouse, model_id, day, alternating(60, 2))
    found = check_window(postgres, clickhouse, "daily", day, day + timedelta(days=1), actor="test")
    [one] = [result for result in found if result.model_id == model_id]
    assert (one.baseline, one.checks) == (None, ())
    assert "fewer than 100" in one.why


def test_evaluating_puts_a_version_that_passes_into_force(
    definitions: dg.Definitions,
    stores: Stores,
    postgres: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "orchestration.governance.evaluating.classifier_of", lambda *_: KnowingClassifier("q2q-local-v4")
    )
    postgres.execute("truncate registry.models cascade")  # other tests' version of that id, which is final
    sensor = definitions.resolve_sensor_def("new_versions_sensor")

    def look() -> object:
        with dg.build_sensor_context(resources={"stores": stores}) as context:
            return sensor(context)

    asked = look()
    assert isinstance(asked, dg.RunRequest)
    assert asked.run_key is not None
    assert asked.run_key.startswith("proof_v3/all/q2q-local-v4:")
    result = definitions.resolve_job_def("evaluate_models").execute_in_process()
    assert isinstance(look(), dg.SkipReason)
    [materialization] = result.asset_materializations_for_node("nlp__evaluation")
    assert "Passed" in materialization.metadata["q2q-local-v4"].value
    assert materialization.metadata["q2q-local-v4 state"].value.startswith("serving")
    assert Path(materialization.metadata["q2q-local-v4 page"].value).exists()
    serving = active_model(postgres, "local", datetime.now(UTC))
    assert serving is not None
    assert serving.model_id == "q2q-local-v4"
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    assert checks["models_in_force_pass_the_gate"].passed
    assert checks["languages_are_served_alike"].passed
