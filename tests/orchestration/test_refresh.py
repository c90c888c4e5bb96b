"""The whole graph on real stores: files go in at one end, the API's views show them at the other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import dagster as dg
import psycopg
import pytest

from ingest.stores import StoreSettings
from orchestration.assets.backfill import BackfillConfig
from orchestration.automation import arrivals_sensor, dbt_docs_sensor
from orchestration.freshness import NO_WATCH
from orchestration.landing import import_files
from orchestration.resources import Stores

METRICS = (
    "select sessions_count, participants_count, volunteers_count, volunteer_hours"
    " from serving.mv_company_metrics where company_id = %s and period = '2026-09' and period_grain = 'month'"
)


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def postgres(stores: Stores) -> Iterator[psycopg.Connection]:
    with stores.postgres() as connection:
        yield connection


def sensor_asks(instance: dg.DagsterInstance, stores: Stores, cursor: str = "") -> tuple[bool, str]:
    context = dg.build_sensor_context(instance=instance, cursor=cursor, resources={"stores": stores})
    result = arrivals_sensor(context)
    assert result.cursor, "Dagster would keep the cursor before"
    return bool(result.run_requests), result.cursor


def updates_of(stores: Stores, company: UUID) -> int:
    async def count() -> int:
        async with stores.jetstream() as jetstream:
            info = await jetstream.stream_info("UPDATES", subjects_filter=f"updates.{company}.>")
            return sum((info.state.subjects or {}).values())

    return asyncio.run(count())


def company_with_volunteer(postgres: psycopg.Connection) -> tuple[UUID, str]:
    """A company and the email of somebody who volunteers for it."""
    company, person = uuid4(), uuid4()
    email = f"volunteer-{person}@example.org"
    parameters = {"company": company, "person": person, "email": email}
    for statement in (
        "insert into ingest.companies (company_id, name) values (%(company)s, %(company)s)",
        "insert into ingest.people (person_id) values (%(person)s)",
        "insert into ingest.person_identities (provider, external_id, person_id)"
        " values ('email', %(email)s, %(person)s)",
        "insert into ingest.company_members (company_id, person_id, joined_on)"
        " values (%(company)s, %(person)s, '2024-01-01')",
    ):
        postgres.execute(statement, parameters)
    return company, email


def language_sessions(path: Path, volunteer: str, *ids: str) -> Path:
    rows = [
        f"{id_},participant-{id_}@example.org,{volunteer},2026-09-07T10:00:00Z,2026-09-07T10:45:00Z,45"
        for id_ in ids
    ]
    header = "session_id,participant_email,volunteer_email,scheduled_at,completed_at,duration_minutes"
    path.write_text("\n".join([header, *rows, ""]))
    return path


def mostly_wrong(file: Path) -> Path:
    """The file with so many rejected rows that the gate does not let its good one pass."""
    [header, row, *_] = file.read_text().splitlines()
    wrong = [row.replace("LS-", f"LS-{number}-").replace(",45", ",9000") for number in range(30)]
    file.write_text("\n".join([header, row, *wrong, ""]))
    return file


def backfill(
    definitions: dg.Definitions, instance: dg.DagsterInstance, *paths: Path
) -> dg.ExecuteInProcessResult:
    config = dg.RunConfig(
        ops={"ingest__backfilled_files": BackfillConfig(paths=[str(path) for path in paths])}
    )
    job = definitions.resolve_job_def("backfill_landing_files")
    return job.execute_in_process(instance=instance, run_config=config, raise_on_error=False)


def test_a_file_reaches_the_views_and_the_live_stream_once(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    stores: Stores,
    postgres: psycopg.Connection,
    tmp_path: Path,
) -> None:
    company, volunteer = company_with_volunteer(postgres)
    tag = company.hex[:8]
    file = language_sessions(tmp_path / "language.csv", volunteer, f"LS-{tag}-1", f"LS-{tag}-2")
    withheld = mostly_wrong(language_sessions(tmp_path / "wrong.csv", volunteer, f"LS-{tag}-9"))
    landed = backfill(definitions, instance, file, withheld)
    assert landed.success
    *_, summary = landed.asset_materializations_for_node("ingest__backfilled_files")
    assert "release_withheld_batch" in summary.metadata["withheld"].data["wrong.csv"]
    asked, cursor = sensor_asks(instance, stores)
    assert not asked  # the first look waits for the rest of a burst
    assert sensor_asks(instance, stores, cursor) == (True, NO_WATCH)

    job = definitions.resolve_job_def("refresh_warehouse")
    result = job.execute_in_process(instance=instance)
    assert [e.check_name for e in result.get_asset_check_evaluations() if not e.passed] == []
    assert postgres.execute(METRICS, (company,)).fetchall() == [(2, 2, 1, 1.5)]
    assert updates_of(stores, company) > 0
    assert sensor_asks(instance, stores) == (False, NO_WATCH)  # covered by the refresh
    counted = {
        event.asset_key.to_user_string()
        for event in result.get_asset_materialization_events()
        if "dagster/row_count" in event.materialization.metadata
    }
    assert {
        "raw/companies",
        "marts/metrics_company_period",
        "serving_tables/metrics_company_period",
        "serving/mv_company_metrics",
        "serving/updates",
    } <= counted
    later = language_sessions(tmp_path / "later.csv", volunteer, f"LS-{tag}-3")
    assert backfill(definitions, instance, later).success
    assert sensor_asks(instance, stores)[1] != NO_WATCH  # noticed, and waiting for the rest of the burst


def test_a_refresh_does_not_build_what_stands_and_names_the_rule_that_is_broken(
    definitions: dg.Definitions, instance: dg.DagsterInstance, stores: Stores
) -> None:
    """After the refresh above, which dbt did from end to end."""
    twice = str(uuid4())
    with stores.clickhouse() as clickhouse:
        made = "select max(metadata_modification_time) from system.tables where engine = 'View'"
        before = clickhouse.query(made).result_rows
        clickhouse.command(
            "insert into marts.fct_sessions select * replace ({id:UUID} as session_id)"
            " from (select * from marts.fct_sessions limit 1) array join [1, 2] as time",
            parameters={"id": twice},
        )
        job = definitions.resolve_job_def("refresh_warehouse")
        result = job.execute_in_process(instance=instance, raise_on_error=False)
        assert clickhouse.query(made).result_rows == before
        clickhouse.command(
            "delete from marts.fct_sessions where session_id = {id:UUID}",
            parameters={"id": twice},
            settings={"lightweight_delete_mode": "lightweight_update"},
        )
    assert [event.step_key for event in result.all_events if event.is_step_failure] == ["warehouse"]
    assert "a_session_is_counted_once (1 rows)" in str(result.failure_data_for_node("warehouse"))
    evaluated = {(e.asset_key, e.check_name): e for e in result.get_asset_check_evaluations()}
    assert {key for key, e in evaluated.items() if not e.passed} == {
        (dg.AssetKey(["marts", "fct_sessions"]), "a_session_is_counted_once")
    }
    executable = (one for one in definitions.resolve_asset_graph().assets_defs if one.is_executable)
    warehouse = next(one for one in executable if one.node_def.name == "warehouse")
    assert {(spec.asset_key, spec.name) for spec in warehouse.check_specs} <= evaluated.keys()
    told = {event.asset_key for event in result.get_asset_materialization_events()}
    assert warehouse.keys <= told, "a view that stands is not told of"


def test_the_pages_of_a_changed_project_are_built_once_its_tables_exist(
    definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    """After the refresh above: the sensor looks at the same instance."""
    data_folder = definitions.resources["data_folder"]
    targets = data_folder.dbt_targets

    def asked(of: dg.DagsterInstance) -> bool:
        context = dg.build_sensor_context(instance=of, resources={"data_folder": data_folder})
        return isinstance(dbt_docs_sensor(context), dg.RunRequest)

    for target in targets:
        target.docs_path.unlink(missing_ok=True)
    with dg.DagsterInstance.ephemeral() as without_a_refresh:
        assert not asked(without_a_refresh)
    assert asked(instance)
    assert definitions.resolve_job_def("build_dbt_docs").execute_in_process(instance=instance).success
    for target in targets:
        assert "<html" in target.docs_path.read_text()[:1000]
    assert not asked(instance)


def test_a_file_that_cannot_be_read_keeps_no_other_out(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    stores: Stores,
    postgres: psycopg.Connection,
    tmp_path: Path,
) -> None:
    company, volunteer = company_with_volunteer(postgres)
    good = language_sessions(tmp_path / "good.csv", volunteer, f"LS-{company.hex[:8]}")
    bad, absent = tmp_path / "bad.csv", tmp_path / "absent.csv"
    bad.write_text("colour,shape\nred,round\n")

    def loaded_events() -> list[int]:
        events = instance.fetch_materializations(dg.AssetKey(["raw", "events"]), limit=100).records
        return [event.asset_materialization.metadata["loaded_row_count"].value for event in events]

    before = len(loaded_events())
    result = backfill(definitions, instance, bad, absent, good)
    assert not result.success
    reason = result.failure_data_for_node("ingest__backfilled_files").user_failure_data
    assert set(reason.metadata["problems"].data) == {"bad.csv", "absent.csv"}
    assert loaded_events()[: len(loaded_events()) - before] == [1]

    again = backfill(definitions, instance, good)
    assert again.success
    [summary] = again.asset_materializations_for_node("ingest__backfilled_files")
    assert summary.metadata["imported_before"].data == ["good.csv"]


def test_files_that_others_depend_on_go_first(
    store_settings: StoreSettings, postgres: psycopg.Connection, tmp_path: Path
) -> None:
    tag = uuid4().hex[:8]
    files = {
        "a-checkins.csv": ("checkin_id,match_id,checkin_date", f"C-{tag},M-{tag},2026-09-08T10:00:00Z"),
        "b-matches.csv": (
            "match_id,participant_id,buddy_id,matched_at,status",
            f"M-{tag},p-{tag}@example.org,b-{tag}@example.org,2026-09-01T10:00:00Z,active",
        ),
    }
    paths = []
    for name, lines in files.items():
        paths.append(tmp_path / name)
        paths[-1].write_text("\n".join([*lines, ""]))
    landed = import_files(paths, store_settings, error_folder=tmp_path, log=lambda line: None)
    assert [result.file_name for result in landed.imported] == ["b-matches.csv", "a-checkins.csv"]
    assert [result.warnings for result in landed.imported] == [{}, {}]  # the check-in found its match


def test_catching_up_finds_nothing_to_do_beside_a_worker(
    definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    result = definitions.resolve_job_def("catch_up_raw_events").execute_in_process(instance=instance)
    [loaded] = result.asset_materializations_for_node("raw__events")
    assert "already_loaded_count" in loaded.metadata
    [check] = result.get_asset_check_evaluations()
    assert (check.check_name, check.passed) == ("every_loaded_event_is_unique", True)
