"""When models are evaluated and their answers looked at for drift."""

from __future__ import annotations

import dagster as dg

from orchestration.assets.drift import drift_daily, drift_weekly
from orchestration.assets.evaluation import KEY as EVALUATION

evaluate_models = dg.define_asset_job(
    "evaluate_models",
    dg.AssetSelection.assets(EVALUATION),
    description="Evaluate the versions that cost nothing, or those that the run's config names.",
)
check_drift_daily = dg.define_asset_job(
    "check_drift_daily",
    dg.AssetSelection.assets(drift_daily),
    description="Drift of texts written on one day.",
)
check_drift_weekly = dg.define_asset_job(
    "check_drift_weekly",
    dg.AssetSelection.assets(drift_weekly),
    description="Drift of texts written in one week.",
)

evaluation_schedule = dg.ScheduleDefinition(
    name="evaluation_schedule",
    job=evaluate_models,
    cron_schedule="0 4 * * 1",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Evaluates every Monday, so that a classifier that changed under its version is noticed.",
)
# After the night's scoring.
drift_daily_schedule = dg.build_schedule_from_partitioned_job(
    check_drift_daily,
    name="drift_daily_schedule",
    hour_of_day=4,
    minute_of_hour=30,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
drift_weekly_schedule = dg.build_schedule_from_partitioned_job(
    check_drift_weekly,
    name="drift_weekly_schedule",
    hour_of_day=5,
    minute_of_hour=0,
    day_of_week=1,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
