"""Runs whose process died are reported, also when Postgres is away just then."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance, DagsterRunStatus, job
from dagster._core.storage.runs.sql_run_storage import SqlRunStorage
from sqlalchemy.exc import OperationalError

from orchestration.code_server import ForkingServer


@job
def nothing() -> None:
    """A job without steps."""


def dead_process() -> multiprocessing.Process:
    process = multiprocessing.get_context("spawn").Process(target=os._exit, args=(7,))
    process.start()
    process.join(60)
    return process  # type: ignore[return-value]


def test_a_report_that_failed_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note, refused = SqlRunStorage.handle_run_event, list[str]()

    def refuse_once(self: SqlRunStorage, run_id: str, *arguments: Any) -> None:
        if not refused:
            refused.append(run_id)
            raise OperationalError("update runs", {}, Exception("the database system is shutting down"))
        note(self, run_id, *arguments)

    monkeypatch.setattr(SqlRunStorage, "handle_run_event", refuse_once)
    with DagsterInstance.local_temp(str(tmp_path)) as instance:
        run = instance.create_run_for_job(nothing, run_id=str(uuid.uuid4()), status=DagsterRunStatus.STARTED)
        server: Any = object.__new__(ForkingServer)
        server._execution_lock = threading.Lock()
        server._executions = {run.run_id: (dead_process(), instance.get_ref())}
        server._termination_events, server._termination_times = {run.run_id: threading.Event()}, {}
        server._shutdown_once_executions_finish_event = threading.Event()
        server._server_termination_event = threading.Event()
        looking = threading.Thread(target=server._cleanup_thread)
        looking.start()
        until = time.monotonic() + 60
        while server._executions and looking.is_alive() and time.monotonic() < until:
            time.sleep(0.1)
        server._server_termination_event.set()
        looking.join(60)
        assert refused == [run.run_id]
        assert server._executions == {}
        assert instance.get_run_by_id(run.run_id).status is DagsterRunStatus.FAILURE  # type: ignore[union-attr]
