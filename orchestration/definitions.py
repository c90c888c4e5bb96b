"""What Dagster loads: the whole graph from raw events to the API's views, with its jobs and automation.

Loading opens no connection. dbt parses only when the dbt project has changed since it last did.
"""

from __future__ import annotations

import dagster as dg

from orchestration import automation, dbt, governance_automation, landing_automation, landing_jobs
from orchestration.ai import jobs as ai_jobs
from orchestration.ai.providers import Providers
from orchestration.assets import (
    backfill,
    dbt_docs,
    dead_letters,
    drift,
    evaluation,
    journey,
    landed_files,
    raw_events,
    reference,
    scoring,
    serving_tables,
    updates,
)
from orchestration.assets.serving_views import serving_view_assets
from orchestration.assets.warehouse import warehouse_assets
from orchestration.impact_in import jobs as impact_in_jobs
from orchestration.privacy.erasure import jobs as erasure_jobs
from orchestration.privacy.requests import jobs as privacy_jobs
from orchestration.privacy.retention import assets as retention
from orchestration.resources import DataFolder, Dbt, Stores
from orchestration.settings import OrchestrationSettings


def build_definitions(settings: OrchestrationSettings, stores: Stores) -> dg.Definitions:
    """The platform's definitions over the given data folder and stores."""
    targets = dbt.DbtTargets.at(settings.impact_home)
    dbt.prepare(targets, dbt.environment(**settings.store_urls))
    views = serving_view_assets(targets)
    return dg.Definitions(
        assets=[
            landed_files.landed_files,
            backfill.backfilled_files,
            raw_events.raw_events,
            dead_letters.dead_letters,
            reference.reference_tables,
            warehouse_assets(targets),
            serving_tables.served_marts,
            views,
            updates.updates_asset(views),
            dbt_docs.dbt_docs,
            scoring.cleared_texts,
            scoring.text_scores,
            evaluation.evaluation,
            drift.drift_daily,
            drift.drift_weekly,
            journey.journey_flags,
            erasure_jobs.certificates_asset,
            retention.retention,
        ],
        asset_checks=[
            raw_events.every_loaded_event_is_unique,
            dead_letters.no_dead_letters_wait,
            reference.every_member_belongs_to_a_copied_company,
            serving_tables.served_rows_equal_the_mart,
            updates.no_change_is_left_unannounced,
            scoring.no_cleared_text_waits_for_a_score,
            evaluation.models_in_force_pass_the_gate,
            evaluation.languages_are_served_alike,
            journey.every_flag_follows_from_events,
            erasure_jobs.nobody_erased_came_back,
            retention.nothing_is_kept_longer_than_allowed,
        ],
        jobs=[
            landing_automation.import_landed_files,
            landing_automation.backfill_landing_files,
            landing_jobs.release_withheld_batch,
            landing_jobs.discard_withheld_batch,
            landing_jobs.resume_paused_batches,
            automation.catch_up_raw_events,
            automation.refresh_warehouse,
            automation.rebuild_warehouse,
            automation.build_dbt_docs,
            automation.count_dead_letters,
            scoring.score_texts,
            governance_automation.evaluate_models,
            governance_automation.check_drift_daily,
            governance_automation.check_drift_weekly,
            dead_letters.replay_dead_letters,
            ai_jobs.settle_expired_calls,
            journey.prove_journey_flags,
            journey.repair_journey_flags,
            impact_in_jobs.deliver_impact,
            privacy_jobs.export_subject,
            privacy_jobs.keep_privacy_records,
            erasure_jobs.erase_people,
            erasure_jobs.verify_certificates,
            journey.backtest_journey_rule,
            retention.enforce_retention,
        ],
        schedules=[
            automation.nightly_rebuild_schedule,
            automation.dead_letters_schedule,
            governance_automation.evaluation_schedule,
            governance_automation.drift_daily_schedule,
            governance_automation.drift_weekly_schedule,
            ai_jobs.settle_expired_calls_schedule,
            journey.journey_proof_schedule,
            privacy_jobs.privacy_records_schedule,
            erasure_jobs.verify_certificates_schedule,
            retention.retention_schedule,
        ],
        sensors=[
            automation.arrivals_sensor,
            automation.dbt_docs_sensor,
            landing_automation.landing_sensor,
            governance_automation.new_versions_sensor,
            scoring.scoring_sensor,
            impact_in_jobs.deliveries_sensor,
            privacy_jobs.privacy_exports_sensor,
            erasure_jobs.erasures_sensor,
            erasure_jobs.recompute_after_erasure,
        ],
        resources={
            "stores": stores,
            "data_folder": DataFolder(path=str(targets.clickhouse.home), api_url=settings.impact_api_url),
            "dbt": Dbt(stores=stores),
            "providers": Providers(),
        },
        # One process per run: the steps wait for stores and for dbt, and a process per step would cost
        # seconds of import each.
        executor=dg.in_process_executor,
    )


defs = build_definitions(
    OrchestrationSettings(),
    Stores(
        postgres_url=dg.EnvVar("POSTGRES_URL"),
        clickhouse_url=dg.EnvVar("CLICKHOUSE_URL"),
        nats_url=dg.EnvVar("NATS_URL"),
    ),
)
