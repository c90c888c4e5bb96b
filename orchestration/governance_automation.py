"""When models are evaluated and their answers looked at for drift."""

from __future__ import annotations

import dagster as dg

from nlp.registry.models import read_models
from orchestration.assets.drift import drift_daily, drift_weekly
from orchestration.assets.evaluation import KEY as EVALUATION
from orchestration.governance.evaluating import unevaluated
from orchestration.resources import Stores

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


@dg.sensor(job=evaluate_models, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def new_versions_sensor(context: dg.SensorEvaluationContext, stores: Stores) -> dg.RunRequest | dg.SkipReason:
    """Evaluates a version that costs nothing as soon as the file has it, so that what passes can serve.

    Once per definition and set: a version that cannot be evaluated waits for the weekly schedule.
    """
    models = read_models()
    with stores.postgres() as postgres:
        waiting = unevaluated(postgres, models)
    if not waiting:
        return dg.SkipReason("every version that costs nothing has been evaluated as it is")
    about = "+".join(f"{entry.model_id}:{entry.content_sha256[:12]}" for entry in waiting)
    return dg.RunRequest(run_key=f"{models.policy['set_version']}/{models.policy['split']}/{about}")
