"""Scores of what people wrote: a partition per day of writing, taken up where it stopped."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from ingest import leases
from nlp.classifiers.claude_batches import ClaudeBatches, open_batch_count
from orchestration.ai.providers import Providers
from orchestration.assets.declarations import PLATFORM_TEAM
from orchestration.resources import Stores
from orchestration.scoring.announcing import announce
from orchestration.scoring.batches import score_in_batches
from orchestration.scoring.models import NoModelError, Scorer, classifiers, model_in_force
from orchestration.scoring.scoring import Report, score_days
from orchestration.scoring.texts import Days, waiting_days

KEY = ["nlp", "text_scores"]
# Imported histories go back years; a partition costs nothing until it has a text.
LOOK_EVERY_S = 600
DAYS = dg.DailyPartitionsDefinition(start_date="2015-01-01", end_offset=1)


# Written by the gate as texts arrive, in a process of its own.
cleared_texts = dg.AssetSpec(
    ["nlp", "cleared_texts"],
    description="Texts that may be read: screened, redacted, current. The gate writes them as they arrive.",
    group_name="nlp",
    owners=[PLATFORM_TEAM],
    kinds={"clickhouse"},
)


class ScoringConfig(dg.Config):
    """Scores what has no score of the model in force. `everything` scores all texts of the days anew."""

    everything: bool = False


@dg.asset(
    key=KEY,
    deps=[cleared_texts],
    group_name="nlp",
    owners=[PLATFORM_TEAM],
    kinds={"python", "clickhouse"},
    partitions_def=DAYS,
    # Runs only when a text waits; a week without one is worth a look.
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=8)),
    # Texts are read a stretch at a time and written in groups: years fit into one run.
    backfill_policy=dg.BackfillPolicy.single_run(),
    # A provider that fails is asked again, and what has a score by then is left alone.
    retry_policy=dg.RetryPolicy(max_retries=3, delay=60, backoff=dg.Backoff.EXPONENTIAL),
    pool="q2q_scoring",
)
def text_scores(
    context: dg.AssetExecutionContext, config: ScoringConfig, stores: Stores, providers: Providers
) -> dg.MaterializeResult[None]:
    """What the model in force, and those in shadow, say of cleared and redacted texts.

    Claude is asked by batches: a run collects what an earlier one submitted, and submits what waits. Serving
    scores also become `q2q.scored` events, which the next refresh of the warehouse counts in the period their
    text was written in.
    """
    window = context.partition_time_window
    days = Days(window.start, window.end)
    with stores.postgres() as postgres, leases.building(postgres), stores.clickhouse() as clickhouse:
        try:
            chosen = classifiers(postgres, datetime.now(UTC), providers.for_scoring(stores))
        except NoModelError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        run = context.run.run_id

        def told(report: Report) -> None:
            context.log.info(
                f"{report.model_version}: {report.scored_count} of {report.waiting_count} texts scored,"
                f" {report.under_way_count} in batches"
            )

        def scored_by(scorer: Scorer, *, is_shadow: bool = False) -> Report:
            if isinstance(scorer, ClaudeBatches):
                return score_in_batches(
                    clickhouse, scorer, days, run=run, local=chosen.local, is_shadow=is_shadow,
                    everything=config.everything, told=told,
                )  # fmt: skip
            return score_days(
                clickhouse, scorer, days, run=run, is_shadow=is_shadow, everything=config.everything,
                told=told,
            )  # fmt: skip

        serving = scored_by(chosen.serving)
        announced = announce(postgres, serving, run)
        shadows = [scored_by(shadow, is_shadow=True) for shadow in chosen.shadows]
    refuse_unanswered(serving)
    return dg.MaterializeResult(metadata=_metadata(serving, shadows, announced))


def refuse_unanswered(report: Report) -> None:
    """Fail the step, so that Dagster tries again, if texts wait because the classifier failed on them."""
    if report.failures["again"]:
        raise dg.Failure(
            f"{report.failures['again']} of {report.waiting_count} texts have no score yet because the"
            " classifier failed; the others are stored, and a retry asks for these alone"
        )


def _metadata(serving: Report, shadows: list[Report], announced: int) -> dict[str, dg.MetadataValue]:
    figures = {
        "dagster/row_count": serving.scored_count,
        "waiting_count": serving.waiting_count,
        "score_count": serving.score_count,
        "abstained_count": serving.abstained_count,
        "withdrawn_count": serving.withdrawn_count,
        "unscorable_count": serving.failures["never"],
        "submitted_count": serving.submitted_count,
        "under_way_count": serving.under_way_count,
        "cost_microdollars": serving.cost_microdollars,
        "companies_announced": announced,
    }
    return {
        "model_version": dg.MetadataValue.text(serving.model_version),
        "languages": dg.MetadataValue.json(dict(serving.by_language)),
        "stood_in": dg.MetadataValue.json(dict(serving.stood_in)),
        "shadows": dg.MetadataValue.json({report.model_version: report.scored_count for report in shadows}),
        **{name: dg.MetadataValue.int(value) for name, value in figures.items()},
    }


@dg.asset_check(asset=KEY)
def no_cleared_text_waits_for_a_score(stores: Stores, providers: Providers) -> dg.AssetCheckResult:
    """Every cleared text in English, Ukrainian or Norwegian has a score of the model in force.

    Texts in a batch that is under way wait as well: for a day at most, hence a warning and no error.
    """
    with stores.postgres() as postgres, stores.clickhouse() as clickhouse:
        try:
            model = model_in_force(postgres, datetime.now(UTC), providers.for_scoring(stores))
        except NoModelError as error:
            return dg.AssetCheckResult(
                passed=False, severity=dg.AssetCheckSeverity.WARN, metadata={"why": str(error)}
            )
        waiting = waiting_days(clickhouse, model)
    return dg.AssetCheckResult(
        passed=waiting is None,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"model_version": model, "waiting_count": waiting.text_count if waiting else 0},
    )


score_texts = dg.define_asset_job(
    "score_texts",
    dg.AssetSelection.assets(KEY),
    description="Score the texts written on the chosen days. A sensor runs it for days with texts that wait.",
)


@dg.sensor(job=score_texts, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def scoring_sensor(
    context: dg.SensorEvaluationContext, stores: Stores, providers: Providers
) -> dg.RunRequest | dg.SkipReason:
    """Starts one run over all days with texts that wait for a score, once the run before has ended.

    While batches are on their way it looks every ten minutes whether they are answered.
    """
    for record in context.instance.get_run_records(dg.RunsFilter(job_name=score_texts.name), limit=1):
        if not record.dagster_run.is_finished:
            return dg.SkipReason(f"run {record.dagster_run.run_id} is scoring")
    now = datetime.now(UTC)
    with stores.postgres() as postgres, stores.clickhouse() as clickhouse:
        try:
            model = model_in_force(postgres, now, providers.for_scoring(stores))
        except NoModelError as error:
            return dg.SkipReason(str(error))
        waiting = waiting_days(clickhouse, model)
        open_batches = open_batch_count(postgres, model)
    if waiting is None and not open_batches:
        return dg.SkipReason(f"every cleared text has a score of {model}")
    first, last = (waiting.first, waiting.last) if waiting else (now.date(), now.date())
    token = f"{model} {first} {last} {waiting.text_count if waiting else 0}"
    if open_batches:
        # New texts wait for the next look as well: a batch of many costs less than many of one.
        token = f"{model} batches {now.timestamp() // LOOK_EVERY_S:.0f}"
    if context.cursor == token:
        return dg.SkipReason(
            f"{open_batches} batches are on their way"
            if open_batches
            else f"{waiting.text_count if waiting else 0} texts could not be scored; the run before said why"
        )
    context.update_cursor(token)
    return dg.RunRequest(
        tags={
            "dagster/asset_partition_range_start": first.isoformat(),
            "dagster/asset_partition_range_end": last.isoformat(),
        }
    )
