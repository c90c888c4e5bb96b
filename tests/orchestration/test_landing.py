"""Dagster owns the landing folder: each file is a partition, taken once it has settled, judged, and shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import dagster as dg
import psycopg
import pytest

from ingest.backfill import import_file
from orchestration.landing_automation import landing_sensor
from orchestration.landing_report import LANDED_FILES, PUBLISHED, READABLE
from orchestration.resources import DataFolder, Stores

HEADER = "session_id,participant_email,volunteer_email,scheduled_at,completed_at,duration_minutes,rating"


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    (tmp_path / "landing").mkdir()
    return DataFolder(path=str(tmp_path), api_url="http://127.0.0.1:1")


@pytest.fixture
def postgres(stores: Stores) -> Iterator[psycopg.Connection]:
    with stores.postgres() as connection:
        yield connection


class Dagster:
    """Looks at the folder as the daemon does, runs what the sensor asks for, and reads what is shown."""

    def __init__(self, instance: dg.DagsterInstance, definitions: dg.Definitions, folder: DataFolder) -> None:
        self.instance, self.definitions, self.folder, self.cursor = instance, definitions, folder, ""

    def look(self) -> dg.SensorResult:
        context = dg.build_sensor_context(
            self.instance, cursor=self.cursor, resources={"data_folder": self.folder}
        )
        result = landing_sensor(context)
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor or ""
        for request in result.dynamic_partitions_requests or []:
            self.instance.add_dynamic_partitions(request.partitions_def_name, list(request.partition_keys))
        return result

    def settle(self) -> dg.ExecuteInProcessResult:
        """Two looks, and the one run that the second asks for."""
        assert not self.look().run_requests
        [request] = self.look().run_requests or []
        return self.run("import_landed_files", tags=dict(request.tags))

    def run(self, job: str, **options: Any) -> dg.ExecuteInProcessResult:
        return self.definitions.resolve_job_def(job).execute_in_process(
            instance=self.instance, resources={"data_folder": self.folder}, raise_on_error=False, **options
        )

    def decide(self, job: str, batch_id: str) -> dg.ExecuteInProcessResult:
        config = {"batch_id": batch_id, "decided_by": "ticket-17"}
        op = "release_batch" if job.startswith("release") else "discard_batch"
        return self.run(job, run_config={"ops": {op: {"config": config}}})

    def checks(self, result: dg.ExecuteInProcessResult, key: str) -> dict[str, dg.AssetCheckEvaluation]:
        """What the run said of a file, from the log: a failed run's own result leaves it out."""
        logged = [entry.dagster_event for entry in self.instance.all_logs(result.run_id)]
        found = [event.event_specific_data for event in logged if event]
        return {
            one.check_name: one
            for one in found
            if isinstance(one, dg.AssetCheckEvaluation) and one.partition == key
        }

    def shown(self, key: str) -> dict[str, Any]:
        """The metadata of the file's latest materialization."""
        record, *_ = self.instance.fetch_materializations(
            dg.AssetRecordsFilter(LANDED_FILES, asset_partitions=[key]), limit=1
        ).records
        assert record.asset_materialization
        return {name: value.value for name, value in record.asset_materialization.metadata.items()}


@pytest.fixture
def dagster(instance: dg.DagsterInstance, definitions: dg.Definitions, folder: DataFolder) -> Dagster:
    return Dagster(instance, definitions, folder)


def sessions(path: Path, *ids: str, minutes: int | str = 45, bad: int = 0, rating: str = "4") -> Path:
    """A file of good rows, and `bad` ones that last too long."""
    times = "2026-09-07T10:00:00Z,2026-09-07T10:45:00Z"
    lengths = [(id_, minutes) for id_ in ids] + [(f"{ids[0]}-bad-{number}", 900) for number in range(bad)]
    rows = [f"{id_},p-{id_}@example.org,v@example.org,{times},{length},{rating}" for id_, length in lengths]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *rows, ""]))
    return path


def ids(count: int) -> list[str]:
    tag = uuid4().hex[:8]
    return [f"LS-{tag}-{number}" for number in range(count)]


def published(stores: Stores, session_ids: list[str]) -> int:
    with stores.clickhouse() as clickhouse:
        subjects = [f"session/{id_}" for id_ in session_ids]
        return int(
            clickhouse.query(
                "select uniqExact(subject) from raw.events where subject in {subjects:Array(String)}",
                {"subjects": subjects},
            ).result_rows[0][0]
        )


def test_one_run_imports_every_settled_file_and_shows_each(dagster: Dagster, stores: Stores) -> None:
    landing = dagster.folder.landing
    first, second = ids(3), ids(2)
    sessions(landing / "kintell" / "language.csv", *first, bad=1)
    sessions(landing / "språk.csv", *second)
    result = dagster.settle()
    assert result.success
    [plain, changed] = sorted(dagster.instance.get_dynamic_partitions("landed_files"))
    assert plain == "kintell/language.csv"
    assert changed.startswith("spr_k.csv~")
    assert dagster.instance.get_materialized_partitions(LANDED_FILES) == {plain, changed}
    shown = dagster.shown(plain)
    counts = {name: shown[name] for name in ("rows", "success", "errors", "skipped", "dagster/row_count")}
    assert counts == {"rows": 4, "success": 3, "errors": 1, "skipped": 0, "dagster/row_count": 6}
    assert UUID(shown["batch_id"])
    assert "900" in Path(shown["error_file"]).read_text()
    assert shown["data_docs"] == f"http://127.0.0.1:1/docs/data-quality/{shown['batch_id']}.html"
    assert (dagster.folder.quality_docs / f"{shown['batch_id']}.html").is_file()
    assert published(stores, first + second) == 5
    verdicts = dagster.checks(result, plain)
    assert {READABLE, PUBLISHED, "ratings_are_in_range", "durations_are_in_range"} <= set(verdicts)
    assert all(check.passed for check in verdicts.values())
    assert not dagster.look().run_requests


def test_the_same_content_again_shows_its_first_batch(dagster: Dagster) -> None:
    file = sessions(dagster.folder.landing / "a.csv", *ids(2))
    assert dagster.settle().success
    (dagster.folder.landing / "copy.csv").write_bytes(file.read_bytes())
    result = dagster.settle()
    assert result.success
    assert dagster.shown("copy.csv")["batch_id"] == dagster.shown("a.csv")["batch_id"]
    assert dagster.checks(result, "copy.csv")["ratings_are_in_range"].passed


def test_a_warning_colours_its_check_and_publishes(dagster: Dagster, stores: Stores) -> None:
    taken = ids(30)
    sessions(dagster.folder.landing / "a.csv", *taken, bad=3)
    result = dagster.settle()
    assert published(stores, taken) == 30
    check = dagster.checks(result, "a.csv")["few_rows_are_rejected"]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "rejected_share ≤ 0.05, but is 0.09091" in (check.description or "")
    assert dagster.checks(result, "a.csv")[PUBLISHED].passed


def test_a_withheld_batch_says_what_to_do_and_is_published_when_released(
    dagster: Dagster, stores: Stores, postgres: psycopg.Connection
) -> None:
    taken = ids(12)
    sessions(dagster.folder.landing / "a.csv", *taken, bad=15)
    result = dagster.settle()
    assert result.success  # it landed; what follows is a decision
    shown = dagster.shown("a.csv")
    assert shown["status"] == "withheld"
    assert published(stores, taken) == 0
    verdicts = dagster.checks(result, "a.csv")
    critical = verdicts["few_rows_are_rejected"]
    assert (critical.passed, critical.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert not verdicts[PUBLISHED].passed
    advice = verdicts[PUBLISHED].description or ""
    for part in (
        shown["batch_id"],
        "rejected_share ≤ 0.5",
        "release_withheld_batch",
        "discard_withheld_batch",
    ):
        assert part in advice

    released = dagster.decide("release_withheld_batch", shown["batch_id"])
    assert released.success
    assert published(stores, taken) == 12
    assert dagster.checks(released, "a.csv")[PUBLISHED].passed
    assert dagster.shown("a.csv")["status"] == "completed"
    decided = postgres.execute(
        "select decided_by from ingest.batches where batch_id = %s", (shown["batch_id"],)
    ).fetchall()
    assert decided == [("ticket-17",)]
    assert not dagster.decide("release_withheld_batch", shown["batch_id"]).success  # nothing left to decide


def test_a_discarded_batch_makes_way_for_the_corrected_file(dagster: Dagster, stores: Stores) -> None:
    taken = ids(12)
    file = sessions(dagster.folder.landing / "a.csv", *taken, bad=15)
    dagster.settle()
    withheld = dagster.shown("a.csv")["batch_id"]
    assert dagster.decide("discard_withheld_batch", withheld).success
    assert published(stores, taken) == 0
    sessions(file, *taken)
    assert dagster.settle().success
    assert dagster.shown("a.csv")["batch_id"] != withheld
    assert published(stores, taken) == 12


def test_a_file_that_no_format_claims_fails_the_run_after_the_others_are_in(
    dagster: Dagster, stores: Stores
) -> None:
    taken = ids(2)
    (dagster.folder.landing / "colours.csv").write_text("colour,shape\nred,round\n")
    sessions(dagster.folder.landing / "good.csv", *taken)
    result = dagster.settle()
    assert not result.success
    assert published(stores, taken) == 2
    assert dagster.instance.get_materialized_partitions(LANDED_FILES) == {"good.csv"}
    check = dagster.checks(result, "colours.csv")[READABLE]
    assert not check.passed
    assert "colours.csv fits no format" in (check.description or "")
    assert not dagster.look().run_requests  # it stays as it is until somebody changes it


def test_the_sensor_waits_for_an_import_and_leaves_what_it_brought_alone(
    dagster: Dagster, stores: Stores
) -> None:
    sessions(dagster.folder.landing / "a.csv", *ids(2))
    dagster.look()
    job = dagster.definitions.resolve_job_def("backfill_landing_files")
    run = dagster.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    waiting = dagster.look()
    assert not waiting.run_requests
    assert run.run_id in (waiting.skip_reason.skip_message if waiting.skip_reason else "")
    dagster.instance.report_run_canceled(run)
    assert dagster.run("backfill_landing_files").success
    assert dagster.shown("a.csv")["status"] == "completed"
    assert not dagster.look().run_requests
    assert not dagster.look().run_requests


def test_interrupted_imports_are_resumed_from_the_folder(
    dagster: Dagster, stores: Stores, postgres: psycopg.Connection
) -> None:
    taken = ids(9)
    file = sessions(dagster.folder.landing / "kintell" / "a.csv", *taken)

    def interrupt(progress: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(
            file, stores.settings, error_folder=dagster.folder.landing / "errors", on_progress=interrupt
        )
    result = dagster.run("resume_paused_batches")
    assert result.success
    assert published(stores, taken) == 9
    shown = dagster.shown("kintell/a.csv")
    assert (shown["status"], shown["rows"], shown["success"]) == ("completed", 9, 9)
    assert dagster.checks(result, "kintell/a.csv")[PUBLISHED].passed
