"""Whatever stops an import, repeating it ends with the same counts and no row twice."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.backfill import BatchResult, ImportRunning, importer, publish, writer
from ingest.stores import StoreSettings, postgres_connection
from tests.ingest.backfill_files import (
    TENS,
    LanguageFile,
    counts,
    environment,
    stored_counts,
    written,
)

STEPS = [
    (writer, "insert_landed"),
    (writer, "save_checkpoint"),
    (publish, "claim_group"),
    (publish, "copy_group"),
    (publish, "save_published"),
]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("module", "step"), STEPS, ids=[step for _, step in STEPS])
def test_a_failure_at_any_step_is_mended_by_repeating(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    step: str,
    moment: str,
) -> None:
    path = write_27_rows(language)
    real, calls = getattr(module, step), []

    def fails_in_the_second_chunk(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        number = len(calls)  # two groups are copied at once
        if number == 2 and moment == "before":
            raise ConnectionError("injected")
        answer = real(*arguments, **options)
        if number == 2:
            raise ConnectionError("injected")
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(module, step, fails_in_the_second_chunk)
        with pytest.raises(ConnectionError):
            run(path, cut=TENS)
    [(batch_id, landed, published)] = postgres.execute(
        "select batch_id, last_processed_row, published_through_row from ingest.batches"
        " where status = 'failed'"
    ).fetchall()
    assert (landed, published) == ((10, 0) if module is writer else (27, 10))
    result = run(path, cut=TENS)
    assert (result.batch_id, result.resumed_after_row) == (batch_id, landed)
    assert_exact(result, clickhouse, postgres)


def write_27_rows(language: LanguageFile) -> Path:
    """What `assert_exact` speaks of: three groups of `TENS`."""
    for number in range(1, 26):
        language.row(number, **({"rating": "9"} if number % 10 == 0 else {}))
    return language.row(3).row(4, duration_minutes="30").write()


def assert_exact(result: BatchResult, clickhouse: ClickHouseClient, postgres: psycopg.Connection) -> None:
    """27 rows: 23 good of two events each, one repeated, one contradicting, two with a wrong rating."""
    assert counts(result) == (27, 23, 1, 3, 46)
    assert stored_counts(postgres, result.batch_id) == (27, 23, 1, 3, 46, "completed")
    assert result.errors == {"E006": 2, "E010": 1}
    rows = written(clickhouse, result.batch_id)
    assert len(rows) == len({row["event_id"] for row in rows}) == 46
    claims = postgres.execute(
        "select count(*) from ingest.event_ids where origin like %s", (f"batch:{result.batch_id}:%",)
    ).fetchone()
    assert claims == (46,)
    assert result.error_file is not None
    with result.error_file.open(newline="", encoding="utf-8") as file:
        assert [row["_error_row"] for row in csv.DictReader(file)] == ["10", "20", "27"]


KILLED_AT = """
import os, signal, sys
from pathlib import Path
from ingest.backfill import import_file, publish, writer
from ingest.backfill.batches import Cut
from ingest.stores import StoreSettings

module, step, moment, path, errors = sys.argv[1:]
module = {"writer": writer, "publish": publish}[module]
real, calls = getattr(module, step), []

def dies_in_the_second_chunk(*arguments, **options):
    calls.append(1)
    number = len(calls)
    if number == 2 and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    answer = real(*arguments, **options)
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

setattr(module, step, dies_in_the_second_chunk)
import_file(Path(path), StoreSettings(_env_file=None), error_folder=Path(errors), cut=Cut(10, 10))
"""


@pytest.mark.parametrize(
    ("module", "step"),
    [
        ("writer", "insert_table"),
        ("writer", "insert_landed"),
        ("writer", "save_checkpoint"),
        ("publish", "copy_group"),
        ("publish", "save_published"),
    ],
)
def test_kill_9_is_mended_by_repeating(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    store_settings: StoreSettings,
    tmp_path: Path,
    module: str,
    step: str,
) -> None:
    path = write_27_rows(language)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT, module, step, "after", str(path), str(tmp_path / "errors")],
        env={**os.environ, **environment(store_settings)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    result = run(path)  # cut as it was begun, whatever the default is now
    landed = {"insert_table": 0, "insert_landed": 10, "save_checkpoint": 10}
    assert result.resumed_after_row == landed.get(step, 27)
    assert_exact(result, clickhouse, postgres)


def test_a_group_that_was_copied_before_the_one_ahead_of_it_failed_is_not_copied_again(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write_27_rows(language)
    real, second_is_copied = publish.copy_group, threading.Event()

    def fails_at_the_first(client: Any, batch: Any, group: publish.Group, claimed: Any) -> None:
        if group.after_row == 0:
            assert second_is_copied.wait(30), "two groups are not copied at once"
            raise ConnectionError("injected")
        real(client, batch, group, claimed)
        second_is_copied.set()

    with monkeypatch.context() as patched:
        patched.setattr(publish, "copy_group", fails_at_the_first)
        with pytest.raises(ConnectionError):
            run(path, cut=TENS)
    # An import goes on from one row of its file: no group is settled before the one ahead of it.
    assert copied_and_claimed(clickhouse, postgres, "failed") == (1, 0, 0)
    assert_exact(run(path, cut=TENS), clickhouse, postgres)


KILLED_BEHIND = """
import os, signal, sys, threading
from pathlib import Path
from ingest.backfill import import_file, publish
from ingest.backfill.batches import Cut
from ingest.stores import StoreSettings

path, errors = sys.argv[1:]
real, second_is_copied = publish.copy_group, threading.Event()

def dies_at_the_first(clickhouse, batch, group, claimed):
    if group.after_row == 0:
        second_is_copied.wait(30)
        os.kill(os.getpid(), signal.SIGKILL)
    real(clickhouse, batch, group, claimed)
    second_is_copied.set()

publish.copy_group = dies_at_the_first
import_file(Path(path), StoreSettings(_env_file=None), error_folder=Path(errors), cut=Cut(10, 10))
"""


def test_kill_9_between_two_groups_that_are_copied_at_once_is_mended_by_repeating(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    store_settings: StoreSettings,
    tmp_path: Path,
) -> None:
    path = write_27_rows(language)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BEHIND, str(path), str(tmp_path / "errors")],
        env={**os.environ, **environment(store_settings)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert copied_and_claimed(clickhouse, postgres, "running") == (1, 0, 0)
    assert_exact(run(path), clickhouse, postgres)


def copied_and_claimed(
    clickhouse: ClickHouseClient, postgres: psycopg.Connection, status: str
) -> tuple[int, int, int]:
    """Of the one batch in this state: groups in `raw.events`, claims that last, rows that are settled."""
    [(batch_id, published)] = postgres.execute(
        "select batch_id, published_through_row from ingest.batches where status = %s", (status,)
    ).fetchall()
    [(claims,)] = postgres.execute(
        "select count(*) from ingest.event_ids where origin like %s", (f"batch:{batch_id}:%",)
    ).fetchall()
    return len({row["origin"] for row in written(clickhouse, batch_id)}), claims, published


def test_an_interrupted_import_is_paused_and_goes_on(
    run: Callable[..., BatchResult], language: LanguageFile, postgres: psycopg.Connection
) -> None:
    path = language.good(30).write()
    seen: list[int] = []

    def interrupt(progress: importer.Progress) -> None:
        seen.append(progress.rows_done)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(path, cut=TENS, on_progress=interrupt)
    assert postgres.execute(
        "select last_processed_row from ingest.batches where status = 'paused'"
    ).fetchall() == [(20,)]
    result = run(path, cut=TENS, on_progress=lambda progress: seen.append(progress.rows_done))
    assert seen == [10, 20, 30, 10, 20, 30]  # landed, then published
    assert counts(result) == (30, 30, 0, 0, 60)


def test_two_processes_do_not_import_one_file_at_once(
    run: Callable[..., BatchResult], language: LanguageFile, store_settings: StoreSettings
) -> None:
    path = language.good(20).write()
    rivals: list[type[Exception]] = []

    def rival(progress: importer.Progress) -> None:
        with pytest.raises(ImportRunning, match="is being imported by another process") as refused:
            run(path, cut=TENS)
        rivals.append(refused.type)

    assert run(path, cut=TENS, on_progress=rival).success_rows == 20
    assert rivals == [ImportRunning] * 4  # two chunks landed, two groups published


def test_an_unreachable_store_leaves_the_batch_as_it_was(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    postgres: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = language.good(3).write()

    def unreachable(settings: StoreSettings, **options: Any) -> ClickHouseClient:
        raise ConnectionError("no ClickHouse")

    with monkeypatch.context() as patched:
        patched.setattr(importer, "clickhouse_client", unreachable)
        with pytest.raises(ConnectionError):
            run(path)
    assert counts(run(path)) == (3, 3, 0, 0, 6)


def test_the_lock_of_a_batch_ends_with_its_process(
    run: Callable[..., BatchResult], language: LanguageFile, store_settings: StoreSettings
) -> None:
    path = language.good(20).write()
    with pytest.raises(KeyboardInterrupt):
        run(path, cut=TENS, on_progress=_interrupt)
    with closing(postgres_connection(store_settings)) as other:
        assert other.execute("select count(*) from pg_locks where locktype = 'advisory'").fetchone() == (0,)
    assert run(path, cut=TENS).success_rows == 20


def _interrupt(progress: importer.Progress) -> None:
    raise KeyboardInterrupt
