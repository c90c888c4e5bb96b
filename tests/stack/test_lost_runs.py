"""A run whose process died with the platform is closed, so that it blocks neither the queue nor a sensor."""

from __future__ import annotations

import os
import uuid
from unittest import mock

from dagster import DagsterInstance, DagsterRunStatus, job

from orchestration.stack import lost_runs, services
from orchestration.stack.layout import Layout


@job
def nothing() -> None:
    """A job without steps."""


def test_only_runs_in_progress_are_closed(embedded_stores: Layout) -> None:
    services.dagster_services(embedded_stores)  # writes dagster.yaml into DAGSTER_HOME
    assert lost_runs.close(embedded_stores) == []
    with mock.patch.dict(os.environ, embedded_stores.environment()), DagsterInstance.get() as instance:
        died, finished = (
            instance.create_run_for_job(nothing, run_id=str(uuid.uuid4()), status=status).run_id
            for status in (DagsterRunStatus.STARTED, DagsterRunStatus.SUCCESS)
        )
        assert lost_runs.close(embedded_stores) == [died]
        assert instance.get_run_by_id(died).status is DagsterRunStatus.FAILURE
        assert instance.get_run_by_id(finished).status is DagsterRunStatus.SUCCESS
    assert lost_runs.find(embedded_stores) == []
