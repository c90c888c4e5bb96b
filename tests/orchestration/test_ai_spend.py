"""By the hour, money that a dead process had put aside is written off, and old answers are forgotten."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import dagster as dg

from ingest.events import decode
from ingest.stores import StoreSettings, postgres_connection
from nlp.spend.ledger import Call, reserve
from orchestration.ai.events import announce


def test_expired_calls_are_settled_by_the_hourly_job(
    definitions: dg.Definitions, store_settings: StoreSettings
) -> None:
    company = uuid4()
    with closing(postgres_connection(store_settings)) as connection:
        connection.execute(
            "insert into ingest.companies (company_id, name) values (%s, %s)", (company, str(company))
        )
        connection.commit()
        began_at = datetime.now(UTC) - timedelta(hours=1)
        for valid_for in (timedelta(minutes=10), timedelta(hours=2)):
            call = Call(company, "anthropic", "claude-haiku-5-5", "q2q-claude-v1", "q2q_scoring", uuid4())
            reserve(connection, announce, call, 700, at=began_at, valid_for=valid_for)
        for key, hours in (("old", 25), ("new", 1)):
            connection.execute(
                "insert into ai.kept_answers (company_id, key, request_hash, answer, begun_at)"
                " values (%s, %s, '', '{}', now() - make_interval(hours => %s))",
                (company, key, hours),
            )
        connection.commit()
        assert definitions.resolve_job_def("settle_expired_calls").execute_in_process().success
        spent = connection.execute(
            "select spent_microdollars, reserved_microdollars from ai.months where company_id = %s",
            (company,),
        ).fetchall()
        assert spent == [(700, 700)]  # one had expired, one is still at work
        (told,) = connection.execute(
            "select event from ingest.event_outbox where subject = %s",
            (f"events.{company}.ai.call.recorded",),
        ).fetchall()
        event = decode(told[0])
        assert event.companyid == company
        assert event.data.cost_usd == 0.0007
        kept = "select key from ai.kept_answers where company_id = %s"
        assert connection.execute(kept, (company,)).fetchall() == [("new",)]
