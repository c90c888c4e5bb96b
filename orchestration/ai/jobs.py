"""Settles calls nobody came back to, and forgets kept answers: hourly, without an operator."""

from datetime import UTC, datetime

import dagster as dg

from nlp.spend.ledger import settle_expired
from orchestration.ai.events import announce
from orchestration.resources import Stores


@dg.op
def write_off_expired_calls(context: dg.OpExecutionContext, stores: Stores) -> None:
    """Settle expired reservations at the worst case; a call that turns up later is corrected."""
    with stores.postgres() as postgres:
        count = settle_expired(postgres, announce, at=datetime.now(UTC))
    context.log.info(f"{count} calls of models were written off at their worst case")


@dg.op
def forget_kept_answers(stores: Stores) -> None:
    """Delete answers that were kept under an Idempotency-Key for a day; they quote redacted texts."""
    with stores.postgres() as postgres:
        postgres.execute("delete from ai.kept_answers where begun_at < now() - interval '1 day'")


@dg.job(description="Settle, at the worst case, calls whose process never came back; forget kept answers.")
def settle_expired_calls() -> None:
    write_off_expired_calls()
    forget_kept_answers()


settle_expired_calls_schedule = dg.ScheduleDefinition(
    name="settle_expired_calls_schedule",
    job=settle_expired_calls,
    cron_schedule="17 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Hourly: until then the money counts as put aside, so nothing depends on the minute.",
)
