"""How well the versions of the file of models label texts, and whether those in force still pass the gate."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import dagster as dg

from nlp.evaluation.classifiers import LOCAL
from nlp.evaluation.page import html
from nlp.evaluation.report import markdown
from nlp.registry.models import read_models
from nlp.registry.standing import standings
from orchestration.ai.providers import Providers
from orchestration.assets.declarations import PLATFORM_TEAM
from orchestration.governance.evaluating import evaluate
from orchestration.resources import DataFolder, Stores

KEY = ["nlp", "evaluation"]


class EvaluationConfig(dg.Config):
    """Which versions; all that cost nothing if none is named. `paid_by` is who pays for one that costs."""

    models: list[str] | None = None
    paid_by: str | None = None


@dg.asset(
    key=KEY,
    group_name="nlp",
    owners=[PLATFORM_TEAM],
    kinds={"python", "postgres"},
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=8)),
)
def evaluation(
    context: dg.AssetExecutionContext,
    config: EvaluationConfig,
    stores: Stores,
    data_folder: DataFolder,
    providers: Providers,
) -> dg.MaterializeResult[None]:
    """Evaluate versions on the labelled set, keep figures and reports, and let who serves follow the gate."""
    models = read_models()
    chosen = config.models or [entry.model_id for entry in models.entries if entry.provider in LOCAL]
    with stores.postgres() as postgres:
        found = evaluate(
            postgres,
            models,
            chosen,
            actor=f"dagster:{context.run.run_id}",
            makers=providers.for_evaluation(stores),
            paid_by=UUID(config.paid_by) if config.paid_by else None,
        )
    folder = data_folder.home / "evaluations"
    folder.mkdir(parents=True, exist_ok=True)
    metadata: dict[str, dg.MetadataValue] = {}
    for one in found:
        name = one.entry.model_id
        page = folder / f"{name}.html"
        page.write_text(html(one.figures, one.failures), "utf-8")
        metadata[name] = dg.MetadataValue.md(markdown(one.figures, one.failures))
        metadata[f"{name} page"] = dg.MetadataValue.path(str(page))
        metadata[f"{name} state"] = dg.MetadataValue.text(f"{one.outcome.state}: {one.outcome.why}")
    return dg.MaterializeResult(metadata={"dagster/row_count": len(found), **metadata})


@dg.asset_check(asset=KEY)
def models_in_force_pass_the_gate(stores: Stores) -> dg.AssetCheckResult:
    """What serves would be let through again, by today's policy and its newest evaluation."""
    policy = read_models().policy
    with stores.postgres() as postgres:
        serving = [one for one in standings(postgres, policy, datetime.now(UTC)) if one.is_serving]
    failing = {
        one.model_id: "; ".join(one.failures)
        if one.failures
        else "it has no evaluation of its present definition"
        for one in serving
        if one.failures is None or one.failures
    }
    return dg.AssetCheckResult(
        passed=not failing,
        metadata={"serving": ", ".join(one.model_id for one in serving) or "none", **failing},
    )


@dg.asset_check(asset=KEY)
def languages_are_served_alike(stores: Stores) -> dg.AssetCheckResult:
    """The gap between the best and the worst language is at most low for every version in force."""
    policy = read_models().policy
    with stores.postgres() as postgres:
        serving = [one for one in standings(postgres, policy, datetime.now(UTC)) if one.is_serving]
    gaps = {
        one.model_id: (found["gap"], found["severity"])
        for one in serving
        if one.figures and (found := one.figures["fairness"]["macro_f1"])
    }
    return dg.AssetCheckResult(
        passed=all(severity in ("ok", "low") for _, severity in gaps.values()),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={model_id: f"{gap:.3f} ({severity})" for model_id, (gap, severity) in gaps.items()},
    )
