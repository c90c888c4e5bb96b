"""What happens after a demo has ended: calls of models that cost something, and one session corrected.

The demo's own model runs here and costs nothing, so its ledger of costs is empty. A few calls are entered in
that ledger as a paid model's would be, and reach the warehouse's inputs by the platform's own way.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.events import Event, new_event
from nlp.spend.cost import Tokens
from nlp.spend.happenings import Purpose
from nlp.spend.ledger import Call, Settlement, reserve, settle
from orchestration.ai.events import announce
from tests.warehouse import fact_rows
from tests.warehouse.fact_rows import Row

ARRIVAL_S = 120
_CALLS: tuple[tuple[Purpose, int], ...] = (("q2q_scoring", 731), ("q2q_scoring", 1_204), ("report", 20_519))


def enter_calls(connection: psycopg.Connection, companies: Sequence[UUID]) -> list[Row]:
    """Each company's calls, entered one by one; the rows that fct_ai_costs should have, from the ledger."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    connection.commit()
    for number, company in enumerate(companies):
        for purpose, cost in _CALLS:
            call = Call(company, "anthropic", "claude", "claude-demo", purpose, uuid4())
            held = reserve(connection, announce, call, 50_000, at=at, valid_for=timedelta(minutes=5))
            tokens = Tokens(input=100 + number, write_5m=7, write_1h=0, read=11, output=23)
            settle(connection, announce, held.call_id, Settlement("answered", at, cost + number, tokens))
    rows = connection.execute(
        "select call_id, company_id, purpose, called_at, cost_microdollars, output_tokens,"
        " input_tokens + cache_write_5m_tokens + cache_write_1h_tokens + cache_read_tokens from ai.ledger"
    ).fetchall()
    connection.commit()
    return [
        {
            "call_id": call_id, "company_id": company, "purpose": purpose, "input_tokens": read,
            "called_at": called_at.astimezone(UTC).replace(tzinfo=None), "output_tokens": written,
            "cost_usd": microdollars / 1_000_000,
        }
        for call_id, company, purpose, called_at, microdollars, written, read in rows
    ]  # fmt: skip


def wait_for_calls(client: ClickHouseClient, count: int) -> None:
    give_up_at = time.monotonic() + ARRIVAL_S
    query = "select uniqExact(subject) from raw.events where event_type = 'ai.call.recorded'"
    while (arrived := client.query(query).result_rows[0][0]) != count:
        assert time.monotonic() < give_up_at, f"{arrived} of {count} calls arrived in {ARRIVAL_S} s"
        time.sleep(0.5)


def corrected_session(events: Sequence[Event], company: UUID) -> Event:
    """The company's last session, as its source would correct it: half an hour longer."""
    sessions = fact_rows.latest(events, "kintell.session.completed")
    last = max((event for event in sessions if event.companyid == company), key=lambda event: event.time)
    minutes = getattr(last.data, "duration_minutes", 0) + 30
    return new_event(
        msgspec.structs.replace(last.data, duration_minutes=minutes),
        subject=last.subject,
        company_id=company,
        source=last.source,
        source_time=last.sourcetime + timedelta(days=1),
        origin="tests",
    )
