"""Dagster scores a stretch of days in one run, by whoever the registry has in force, and says what it did."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import psycopg
import pytest

from nlp.registry.promotion import sync
from orchestration.ai.providers import Providers
from orchestration.assets import scoring
from orchestration.resources import Stores
from orchestration.scoring import models
from orchestration.scoring.scoring import score_days
from orchestration.stack.layout import Layout
from tests.nlp.registries import entry, evaluated, file_of
from tests.scoring.conftest import KeywordClassifier, Warehouse


@pytest.fixture
def stores(embedded_stores: Layout) -> Stores:
    return Stores(
        postgres_url=embedded_stores.postgres_url,
        clickhouse_url=embedded_stores.clickhouse_url,
        nats_url=embedded_stores.nats_url,
    )


@pytest.fixture
def in_force(
    postgres: psycopg.Connection, classifier: KeywordClassifier, monkeypatch: pytest.MonkeyPatch
) -> KeywordClassifier:
    """A version of a lane of its own that has passed the gate; the lane is this installation's only one."""
    lane = f"lane-{uuid.uuid4().hex[:8]}"
    serving = entry(lane, "one")
    known = file_of(serving)
    sync(postgres, known, actor="test")
    evaluated(postgres, serving)
    sync(postgres, known, actor="test")
    classifier.model_version = serving.model_id
    makers = {lane: lambda _: classifier}
    monkeypatch.setattr(
        scoring,
        "classifiers",
        lambda connection, at, _: models.classifiers(connection, at, makers, (serving,)),
    )
    return classifier


def materialize(
    stores: Stores, warehouse: Warehouse, days: int = 1, **config: Any
) -> dg.ExecuteInProcessResult:
    first, last = warehouse.noon.date(), warehouse.noon.date() + timedelta(days=days - 1)
    definitions = dg.Definitions(
        assets=[scoring.text_scores], jobs=[scoring.score_texts], executor=dg.in_process_executor,
        resources={"stores": stores, "providers": Providers(is_paid_allowed=False)},
    )  # fmt: skip
    return definitions.resolve_job_def("score_texts").execute_in_process(
        run_config={"ops": {"nlp__text_scores": {"config": config}}},
        tags={
            "dagster/asset_partition_range_start": first.isoformat(),
            "dagster/asset_partition_range_end": last.isoformat(),
        },
        raise_on_error=False,
    )


def test_a_stretch_of_days_is_one_run_that_says_what_it_did(
    stores: Stores, warehouse: Warehouse, in_force: KeywordClassifier
) -> None:
    warehouse.noon = datetime(2016, 3, 1, 12, tzinfo=UTC)
    warehouse.clear("I am confident", warehouse.noon)
    warehouse.clear("I feel alone", warehouse.noon + timedelta(days=1))
    warehouse.clear("Not asked for", warehouse.noon + timedelta(days=2))
    result = materialize(stores, warehouse, days=2)
    assert result.success
    metadata = result.asset_materializations_for_node("nlp__text_scores")[0].metadata
    assert metadata["dagster/row_count"].value == 2
    assert metadata["score_count"].value == 4
    assert metadata["model_version"].value == in_force.model_version
    assert metadata["companies_announced"].value == 1
    assert len(warehouse.rows(in_force.model_version)) == 2


def test_texts_a_provider_failed_on_fail_the_step_so_that_it_is_retried(
    warehouse: Warehouse, classifier: KeywordClassifier
) -> None:
    # Without Dagster around it, which would wait a minute before it tries again.
    warehouse.clear("I am confident", warehouse.noon)
    warehouse.clear("The provider is down", warehouse.noon)
    classifier.fails_on = "down"
    report = score_days(warehouse.client, classifier, warehouse.days, run="test")
    with pytest.raises(dg.Failure, match="1 of 2 texts have no score yet") as failure:
        scoring.refuse_unanswered(report)
    assert failure.value.allow_retries
    assert scoring.text_scores.op.retry_policy.max_retries == 3
    assert len(warehouse.rows(classifier.model_version)) == 1


def test_nothing_is_scored_while_no_model_is_in_force(
    stores: Stores, warehouse: Warehouse, postgres: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        scoring,
        "classifiers",
        lambda connection, at, _: models.classifiers(connection, at, {"nobody": None}, ()),
    )
    warehouse.noon = datetime(2016, 9, 1, 12, tzinfo=UTC)
    result = materialize(stores, warehouse)
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "no model of nobody is in force" in str(failure.event_specific_data)
    assert "impact q2q evaluate" in str(failure.event_specific_data)
