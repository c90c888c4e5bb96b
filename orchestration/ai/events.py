"""What happens to money, as events of the platform, written in the transaction in which it happens."""

from __future__ import annotations

import psycopg

from ingest.contracts.ai import AiBudgetExceeded, AiBudgetWarned, AiCallRecorded
from ingest.events import Event, new_event
from ingest.outbox import emit
from nlp.spend.budget import MICRODOLLARS
from nlp.spend.happenings import BudgetExceeded, BudgetWarned, CallRecorded, Happening

SOURCE = "ai-spend"


def announce(connection: psycopg.Connection, happening: Happening) -> None:
    """Put the event into the outbox. The worker sends it once the caller's transaction has committed."""
    emit(connection, event_of(happening))


def event_of(happening: Happening) -> Event:
    match happening:
        case CallRecorded():
            data = AiCallRecorded(
                call_id=happening.call_id,
                company_id=happening.company_id,
                model_version=happening.model_version,
                purpose=happening.purpose,
                input_tokens=happening.input_tokens,
                output_tokens=happening.output_tokens,
                cost_usd=happening.cost_microdollars / MICRODOLLARS,
                called_at=happening.called_at,
            )
            return new_event(
                data,
                subject=f"ai-call/{happening.call_id}",
                company_id=happening.company_id,
                source=SOURCE,
                source_time=happening.recorded_at,
                origin=f"{SOURCE}:{happening.call_id}",
            )
        case BudgetWarned():
            return _of_a_month(
                happening,
                happening.threshold,
                AiBudgetWarned(
                    company_id=happening.company_id,
                    month=f"{happening.month:%Y-%m}",
                    threshold_percent=happening.threshold,
                    spent=happening.spent_microdollars / MICRODOLLARS,
                    cap=happening.cap_microdollars / MICRODOLLARS,
                    warned_at=happening.at,
                ),
            )
        case BudgetExceeded():
            return _of_a_month(
                happening,
                100,
                AiBudgetExceeded(
                    company_id=happening.company_id,
                    month=f"{happening.month:%Y-%m}",
                    spent=happening.spent_microdollars / MICRODOLLARS,
                    reserved=happening.reserved_microdollars / MICRODOLLARS,
                    requested=happening.requested_microdollars / MICRODOLLARS,
                    cap=happening.cap_microdollars / MICRODOLLARS,
                    refused_count=happening.refused_count,
                    exceeded_at=happening.at,
                ),
            )


def _of_a_month(
    happening: BudgetWarned | BudgetExceeded, percent: int, data: AiBudgetWarned | AiBudgetExceeded
) -> Event:
    month = f"{happening.month:%Y-%m}"
    return new_event(
        data,
        subject=f"ai-budget/{happening.company_id}/{month}/{percent}",
        company_id=happening.company_id,
        source=SOURCE,
        source_time=happening.at,
        origin=f"{SOURCE}:{month}:{percent}",
    )
