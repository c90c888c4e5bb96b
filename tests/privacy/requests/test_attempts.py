"""A request whose run ended before it began is not forgotten: another run follows, after a while."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import psycopg
import pytest

from ingest.stores import StoreSettings
from orchestration.privacy.erasure.jobs import erasures_sensor
from orchestration.privacy.requests import attempts, jobs, store
from orchestration.privacy.requests.attempts import FIRST_WAIT, LONGEST_WAIT, TAG, next_run_key
from orchestration.privacy.requests.model import Order
from orchestration.resources import Stores
from tests.privacy.requests.conftest import People

FAILED, CANCELED = dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED
STARTING, STARTED = dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED
DONE = dg.DagsterRunStatus.SUCCESS


@dg.job
def nothing() -> None:
    """A job without steps."""


def ran(instance: dg.DagsterInstance, key: str, status: dg.DagsterRunStatus) -> None:
    instance.create_run_for_job(nothing, run_id=str(uuid.uuid4()), status=status, tags={TAG: key})


def now() -> datetime:
    return datetime.now(UTC)


def test_each_run_that_ended_before_is_waited_for_longer() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert next_run_key(instance, "k", now()) == "k"
        ran(instance, "other", FAILED)
        ran(instance, "k", FAILED)
        assert next_run_key(instance, "k", now()) is None
        assert next_run_key(instance, "k", now() + FIRST_WAIT) == "k/1"
        ran(instance, "k", CANCELED)
        assert next_run_key(instance, "k", now() + FIRST_WAIT) is None
        assert next_run_key(instance, "k", now() + 2 * FIRST_WAIT) == "k/2"
        for _ in range(8):
            ran(instance, "k", FAILED)
        assert next_run_key(instance, "k", now() + LONGEST_WAIT - timedelta(seconds=30)) is None
        assert next_run_key(instance, "k", now() + LONGEST_WAIT) == "k/10"


@pytest.mark.parametrize("status", [STARTING, STARTED, DONE])
def test_none_is_begun_beside_one_or_after_success(status: dg.DagsterRunStatus) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        ran(instance, "k", FAILED)
        ran(instance, "k", status)
        assert next_run_key(instance, "k", now() + LONGEST_WAIT) is None


@pytest.mark.parametrize(
    ("sensor", "right"), [(jobs.privacy_exports_sensor, "access"), (erasures_sensor, "erasure")]
)
def test_both_sensors_ask_again(
    postgres: psycopg.Connection,
    people: People,
    store_settings: StoreSettings,
    monkeypatch: pytest.MonkeyPatch,
    sensor: Any,
    right: Any,
) -> None:
    order = Order(right, people.person(), None, "test", is_immediate=right == "erasure", reason="asked")
    request, _ = store.open_request(postgres, order)
    stores = Stores(
        postgres_url=store_settings.postgres_url.get_secret_value(),
        clickhouse_url=store_settings.clickhouse_url.get_secret_value(),
        nats_url=store_settings.nats_url.get_secret_value(),
    )

    def asked(instance: dg.DagsterInstance) -> list[dg.RunRequest]:
        context = dg.build_sensor_context(instance=instance, resources={"stores": stores})
        found = getattr(sensor(context), "run_requests", None) or []
        return [one for one in found if str(request.request_id) in str(one.run_config)]

    with dg.DagsterInstance.ephemeral() as instance:
        [first] = asked(instance)
        ran(instance, first.tags[TAG], FAILED)
        assert asked(instance) == []
        monkeypatch.setattr(attempts, "FIRST_WAIT", timedelta(0))
        [second] = asked(instance)
        assert second.run_key == f"{first.run_key}/1"
        assert second.run_config == first.run_config
    store.cancel(postgres, request.request_id, actor="test", reason=None)
