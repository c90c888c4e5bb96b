"""Whether what models say of texts has moved away from its baseline, by day and by week of writing.

A partition checked again replaces its results. A day that texts of are scored late is checked again by hand.
"""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from nlp.drift.checks import ALERT_PSI, FALSE_DISCOVERY_RATE
from nlp.drift.store import Grain
from orchestration.assets.declarations import PLATFORM_TEAM
from orchestration.assets.scoring import KEY as SCORES
from orchestration.governance.drift_page import write_page
from orchestration.governance.drifting import WindowResult, check_window
from orchestration.resources import DataFolder, Stores

FIRST_DAY = "2026-11-02"  # a Monday
AGREED, CHANCE = "psi_stays_below_the_agreed_alert", "no_shift_that_chance_does_not_explain"
MOST_ROWS = 50


def drift_asset(
    grain: Grain, partitions: dg.TimeWindowPartitionsDefinition, window: timedelta
) -> dg.AssetsDefinition:
    key = ["nlp", f"drift_{grain}"]

    @dg.asset(
        key=key,
        # Looks at what scoring wrote: a stretch that is scored anew is checked anew.
        deps=[SCORES],
        group_name="nlp",
        owners=[PLATFORM_TEAM],
        kinds={"python", "clickhouse", "postgres"},
        partitions_def=partitions,
        check_specs=[
            dg.AssetCheckSpec(AGREED, asset=key, description=f"No PSI is above {ALERT_PSI}, as was agreed."),
            dg.AssetCheckSpec(
                CHANCE,
                asset=key,
                description="No difference is beyond chance, by permutation test at a false discovery rate of"
                f" {FALSE_DISCOVERY_RATE}.",
            ),
        ],
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=window + timedelta(hours=26)),
        description=f"The {grain} drift checks: every label, score, language, topic and length against the"
        " baseline of its model.",
    )
    def drift(
        context: dg.AssetExecutionContext, stores: Stores, data_folder: DataFolder
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        since, until = context.partition_time_window
        with stores.postgres() as postgres, stores.clickhouse() as clickhouse:
            results = check_window(
                postgres, clickhouse, grain, since, until, actor=f"dagster:{context.run.run_id}"
            )
        pages = {
            f"{one.model_id} in Evidently": dg.MetadataValue.path(
                str(
                    write_page(
                        one.reference,
                        one.texts,
                        data_folder.home / "drift" / f"{one.model_id}_{grain}_{context.partition_key}.html",
                    )
                )
            )
            for one in results
            if one.texts and one.reference
        }
        yield dg.MaterializeResult(metadata={"models": len(results), **_told(results), **pages})
        yield _check(AGREED, results, "alert", dg.AssetCheckSeverity.ERROR)
        yield _check(CHANCE, results, "shifted", dg.AssetCheckSeverity.WARN)

    return drift


def _told(results: list[WindowResult]) -> dict[str, dg.MetadataValue]:
    told: dict[str, dg.MetadataValue] = {}
    for one in results:
        told[f"{one.model_id} texts"] = dg.MetadataValue.int(len(one.texts))
        if one.baseline is None:
            told[f"{one.model_id} insufficient"] = dg.MetadataValue.text(one.why)
            continue
        told[f"{one.model_id} baseline texts"] = dg.MetadataValue.int(one.baseline.text_count)
        told[f"{one.model_id} insufficient series"] = dg.MetadataValue.int(one.count("insufficient"))
        told[f"{one.model_id} series"] = dg.MetadataValue.int(len(one.checks))
    return told


def _check(
    name: str, results: list[WindowResult], verdict: str, severity: dg.AssetCheckSeverity
) -> dg.AssetCheckResult:
    """Few texts are no failure: there is nothing to be said of them, and the numbers show how many."""
    found = [
        (one.model_id, check)
        for one in results
        for check in one.checks
        if check.verdict == verdict or (verdict == "shifted" and check.is_significant)
    ]
    records = [
        dg.TableRecord(
            {
                "model": model_id,
                "series": check.series,
                "language": check.language,
                "baseline_count": check.baseline_count,
                "window_count": check.window_count,
                "psi": round(check.psi or 0.0, 4),
                "psi_noise": round(check.psi_noise or 0.0, 4),
                "js_divergence": round(check.js_divergence or 0.0, 4),
                "q_value": round(check.q_value or 0.0, 5),
                "severity": check.severity,
            }
        )
        for model_id, check in found[:MOST_ROWS]
    ]
    return dg.AssetCheckResult(
        check_name=name,
        passed=not found,
        severity=severity,
        metadata={
            "found": len(found),
            "checked": sum(len(one.checks) - one.count("insufficient") for one in results),
            "insufficient": sum(one.count("insufficient") for one in results),
            **({"series": dg.MetadataValue.table(records)} if records else {}),
        },
    )


drift_daily = drift_asset(
    "daily", dg.DailyPartitionsDefinition(start_date=FIRST_DAY, timezone="UTC"), timedelta(days=1)
)
drift_weekly = drift_asset(
    "weekly",
    dg.WeeklyPartitionsDefinition(start_date=FIRST_DAY, day_offset=1, timezone="UTC"),
    timedelta(days=7),
)
