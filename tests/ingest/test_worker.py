"""From a signed request to a row: once, soon, and whatever is killed on the way."""

from __future__ import annotations

import time
import uuid

from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.stack.layout import Layout
from tests.ingest.conftest import Sender, running_worker, session_completed, wait_until


def rows_of(clickhouse: ClickHouseClient, session_id: str) -> list[tuple[object, ...]]:
    return list(
        clickhouse.query(
            "select event_type, source, origin, company_id, data from raw.events where subject = {subject:String}",
            {"subject": f"session/{session_id}"},
        ).result_rows
    )


def test_a_delivery_is_a_row_within_two_seconds(
    embedded_stores: Layout, sender: Sender, clickhouse: ClickHouseClient
) -> None:
    with running_worker(embedded_stores) as worker:
        warm = session_completed()
        sender.send("session-completed", warm)
        wait_until(lambda: bool(rows_of(clickhouse, warm["session_id"])))
        delivery_id = str(uuid.uuid4())
        session = session_completed()
        assert sender.send("session-completed", session, delivery_id).json() == {"status": "accepted"}
        taken = wait_until(lambda: bool(rows_of(clickhouse, session["session_id"])), within_s=10)
        print("visible after", taken)
        assert taken < 2
        assert rows_of(clickhouse, session["session_id"])[0][:3] == (
            "kintell.session.completed",
            "/webhooks/kintell",
            f"kintell:{delivery_id}",
        )
        print(rows_of(clickhouse, session["session_id"]), worker.log.read_text())
