"""The journey's flags as a data engineer sees them, and the nightly proof that they follow from events."""

from datetime import UTC, datetime

import dagster as dg

from orchestration.assets.declarations import PLATFORM_TEAM, REBUILT_NIGHTLY
from orchestration.journey import proof
from orchestration.journey.backtest import backtest, instants
from orchestration.journey.backtest_page import markdown
from orchestration.journey.rules import load_rules
from orchestration.resources import Stores

KEY = ["journey", "flags"]
_COUNTS = """
select
    flag, count(*) filter (where is_set) as set_count, count(*) as known_count,
    max(changed_at)::text as changed_at
from journey.flags group by flag order by flag
"""


@dg.asset(
    key=KEY,
    group_name="journey",
    owners=[PLATFORM_TEAM],
    kinds={"postgres"},
    freshness_policy=REBUILT_NIGHTLY,  # proved every night
)
def journey_flags(stores: Stores) -> dg.MaterializeResult[None]:
    """What rules say of people now. The journey engine writes it; materializing counts what there is."""
    with stores.postgres() as connection:
        rows = connection.execute(_COUNTS).fetchall()
    names = ("flag", "set_count", "known_count", "changed_at")
    records = [dg.TableRecord(dict(zip(names, row, strict=True))) for row in rows]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(row[2] for row in rows),
            **({"flags": dg.MetadataValue.table(records)} if records else {}),
        }
    )


@dg.asset_check(asset=KEY)
def every_flag_follows_from_events(stores: Stores) -> dg.AssetCheckResult:
    """Computed anew from all events, every flag is what is stored, and no event is missing."""
    found = _prove(stores)
    shown = [str(one) for one in found.differences[: proof.SHOWN]]
    return dg.AssetCheckResult(
        passed=found.holds,
        metadata={
            "person_count": found.person_count,
            "waiting_count": found.waiting_count,
            "drift_count": len(found.differences),
            "missing_event_count": found.missing_event_count,
            "misplaced_count": found.misplaced_count,
            **({"differences": "\n".join(shown)} if shown else {}),
        },
    )


@dg.op
def ask_for_differing_people(context: dg.OpExecutionContext, stores: Stores) -> None:
    """Have the engine look again at everybody whose flags differ from what follows."""
    found = _prove(stores)
    with stores.postgres() as connection:
        count = proof.repair(connection, found)
    context.add_output_metadata({"drift_count": len(found.differences), "asked_count": count})


@dg.job(
    description="Compares all flags with what follows from events and has differing people evaluated again."
)
def repair_journey_flags() -> None:
    ask_for_differing_people()


class TriedRule(dg.Config):
    """Which rule to try, and on which weeks."""

    rule_id: str
    first_day: str  # YYYY-MM-DD
    last_day: str


@dg.op
def try_rule(context: dg.OpExecutionContext, config: TriedRule, stores: Stores) -> None:
    """Evaluate a rule for every week of the past that was asked for; the report is the step's metadata."""
    rules = [rule for rule in load_rules() if rule.id == config.rule_id]
    if not rules:
        raise dg.Failure(
            f"no rule {config.rule_id!r}: `impact journey validate` lists them", allow_retries=False
        )
    first, last = (
        datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (config.first_day, config.last_day)
    )
    with stores.clickhouse() as clickhouse:
        results, difference = backtest(clickhouse, rules, instants(first, last))
    context.add_output_metadata(
        {"report": dg.MetadataValue.md(markdown(results, difference)), "flap_rate": results[0].flap_rate}
    )


@dg.job(description="Tries a rule on stored history, week by week: who would have been flagged when.")
def backtest_journey_rule() -> None:
    try_rule()


prove_journey_flags = dg.define_asset_job(
    "prove_journey_flags",
    dg.AssetSelection.assets(KEY),
    description="Counts the flags and computes all of them anew from events.",
)
journey_proof_schedule = dg.ScheduleDefinition(
    name="journey_proof_schedule",
    job=prove_journey_flags,
    cron_schedule="40 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night: are all flags what follows from events?",
)


def _prove(stores: Stores) -> proof.Proof:
    now = datetime.now(UTC)
    with stores.postgres() as connection, stores.clickhouse() as clickhouse:
        found = proof.prove(connection, clickhouse, now)
        proof.note(connection, found, now)
    return found
