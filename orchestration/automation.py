"""Jobs for each hand-run act, the sensors that keep marts and dbt docs fresh, and the nightly rebuild."""

import time

import dagster as dg

from orchestration.arrivals import RUN_TAG, pending_updates, read_arrivals
from orchestration.assets import serving_tables
from orchestration.assets.warehouse import WarehouseConfig
from orchestration.dbt import docs_are_current
from orchestration.feeding import somebody_feeds
from orchestration.freshness import NO_WATCH, RETRY_LIMIT_S, Refresh, Watch, decide
from orchestration.privacy.erasure import erasing
from orchestration.resources import DataFolder, Stores

REFRESH_TAG = {"impact/refresh": "true"}
# The sensor waits for a run that is under way. One whose process vanished together with the code server that
# would have noticed is given up after this time, so that it is not waited for until the next restart.
LONGEST_REFRESH = {"dagster/max_runtime": "3600"}
LONGEST_REBUILD = {"dagster/max_runtime": "21600"}
EVENTS = dg.AssetSelection.assets(["raw", "events"])
# What does not come as events: companies and their people from Postgres, and the tables kept with the code.
REFERENCE = dg.AssetSelection.groups("reference", "seeds")
# What a refresh leaves to the nightly rebuild: it reads every event ever loaded, and every served row.
SLOW_CHECK = dg.AssetSelection.checks(
    dg.AssetCheckKey(dg.AssetKey(["raw", "events"]), "every_loaded_event_is_unique")
)
COMPARISON = dg.AssetSelection.checks(*serving_tables.served_rows_equal_the_mart.check_keys)
DOCS = dg.AssetSelection.assets(["serving", "dbt_docs"])
# Views on what the gate and scoring write. What they show is there at once; a refresh only creates them.
TEXTS = dg.AssetSelection.assets(["staging", "stg_nlp__evidence"], ["staging", "stg_nlp__readable_texts"])
# Everything that follows from events and reference data, with dbt's tests of its sources. Not dbt's docs:
# they take about as long as a refresh does, and the next one would wait for them.
DOWNSTREAM = (REFERENCE | TEXTS | (EVENTS | REFERENCE).downstream() - EVENTS - DOCS - COMPARISON) | (
    dg.AssetSelection.checks_for_assets(["raw", "events"]) - SLOW_CHECK
)

catch_up_raw_events = dg.define_asset_job(
    "catch_up_raw_events",
    EVENTS | SLOW_CHECK,
    description="Load what waits in the EVENTS stream, as the worker does, and check raw.events.",
)

refresh_warehouse = dg.define_asset_job(
    "refresh_warehouse",
    DOWNSTREAM,
    tags=REFRESH_TAG | LONGEST_REFRESH,
    description="Bring marts, served tables, views and live streams up to date. The arrivals sensor runs it.",
)

rebuild_warehouse = dg.define_asset_job(
    "rebuild_warehouse",
    EVENTS | SLOW_CHECK | DOWNSTREAM | COMPARISON | DOCS,
    tags=REFRESH_TAG | LONGEST_REBUILD,
    config=dg.RunConfig(ops={"warehouse": WarehouseConfig(full_refresh=True)}),
    description="Catch up, build every table from nothing (dbt --full-refresh) and publish what changed.",
)

build_dbt_docs = dg.define_asset_job(
    "build_dbt_docs",
    DOCS,
    description="Build the pages under /dbt-docs anew if the dbt project has changed. A sensor runs it.",
)


count_dead_letters = dg.define_asset_job(
    "count_dead_letters",
    dg.AssetSelection.assets(["ingest", "dead_letters"]),
    description="Count the dead letters and check that none waits.",
)

dead_letters_schedule = dg.ScheduleDefinition(
    name="dead_letters_schedule",
    job=count_dead_letters,
    cron_schedule="15 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Looks every hour whether a dead letter waits for somebody to act.",
)


# The daemon looks every five seconds. An interval of five would find some of its looks too early.
@dg.sensor(job=refresh_warehouse, minimum_interval_seconds=4, default_status=dg.DefaultSensorStatus.RUNNING)
def arrivals_sensor(context: dg.SensorEvaluationContext, stores: Stores) -> dg.SensorResult:
    """Starts one refresh per burst of events or reference data, and repeats a failed one with back-off."""
    with stores.postgres() as postgres, stores.clickhouse() as clickhouse:
        if erasing.is_under_way(postgres):
            # What it takes out looks like arrivals, and it would wait for the refresh. One follows it.
            return dg.SensorResult(
                skip_reason=dg.SkipReason("an erasure is under way; a refresh follows it"),
                cursor=context.cursor or "",
            )
        token = read_arrivals(postgres, clickhouse).token
        updates_wait = pending_updates(postgres)
        is_fed = somebody_feeds(postgres)
    decision = decide(
        token,
        updates_wait=updates_wait,
        refreshes=_latest_refreshes(context.instance),
        watch=Watch.decode(context.cursor),
        now=time.time(),
        is_fed=is_fed,
    )
    return dg.SensorResult(
        run_requests=[dg.RunRequest()] if decision.refresh else [],
        skip_reason=None if decision.refresh else dg.SkipReason(decision.reason),
        cursor=decision.watch.encode() if decision.watch else NO_WATCH,
    )


@dg.sensor(job=build_dbt_docs, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def dbt_docs_sensor(
    context: dg.SensorEvaluationContext, data_folder: DataFolder
) -> dg.RunRequest | dg.SkipReason:
    """Has a new or changed dbt project documented, once its tables exist and nothing refreshes them."""
    if docs_are_current(data_folder.dbt_targets):
        return dg.SkipReason("the pages show the project as it is")
    refreshes = _latest_refreshes(context.instance)
    if not any(refresh.has_succeeded for refresh in refreshes):
        return dg.SkipReason("no refresh has succeeded lately: there may be no tables to describe")
    if not refreshes[0].is_finished:
        return dg.SkipReason(f"refresh {refreshes[0].run_id} is under way")
    for record in context.instance.get_run_records(dg.RunsFilter(job_name=build_dbt_docs.name), limit=1):
        if not record.dagster_run.is_finished:
            return dg.SkipReason(f"run {record.dagster_run.run_id} is building them")
        if time.time() - (record.end_time or 0) < RETRY_LIMIT_S and not record.dagster_run.is_success:
            return dg.SkipReason(f"run {record.dagster_run.run_id} failed; again in {RETRY_LIMIT_S:.0f} s")
    return dg.RunRequest()


nightly_rebuild_schedule = dg.ScheduleDefinition(
    name="nightly_rebuild_schedule",
    job=rebuild_warehouse,
    cron_schedule="30 1 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Builds the warehouse from nothing every night, so that no incremental step drifts for long.",
)


def _latest_refreshes(instance: dg.DagsterInstance) -> list[Refresh]:
    records = instance.get_run_records(dg.RunsFilter(tags=REFRESH_TAG), limit=8)
    return [
        Refresh(
            run_id=record.dagster_run.run_id,
            is_finished=record.dagster_run.is_finished,
            has_succeeded=record.dagster_run.is_success,
            covers=record.dagster_run.tags.get(RUN_TAG),
            ended_at=record.end_time or 0.0,
        )
        for record in records
    ]
