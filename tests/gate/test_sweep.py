"""Texts that no stream brought are found in the warehouse, judged once, and again when they are corrected."""

from __future__ import annotations

from datetime import timedelta

import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings
from orchestration.gate.gate import Gate
from orchestration.gate.sweep import Sweep
from tests.gate.readers import CRY, FINE, RUDE, WRITTEN, Readers, Text, version


@pytest.fixture
def sweep(store_settings: StoreSettings, gate: Gate) -> Sweep:
    return Sweep(store_settings, gate)


async def test_history_is_judged_before_it_can_be_read(
    sweep: Sweep, readers: Readers, clickhouse: ClickHouseClient
) -> None:
    texts = [Text() for _ in range(4)]
    long_ago = WRITTEN - timedelta(days=2000)
    readers.store(
        *(
            text.says(words, written_at=long_ago)
            for text, words in zip(texts, (FINE, RUDE, CRY, " \u00a0\n"), strict=True)
        )
    )
    assert [readers.read(text) for text in texts] == [[], [], [], []]
    assert await sweep.lately(clickhouse) >= 4
    assert [len(readers.read(text)) for text in texts] == [1, 0, 0, 0]
    assert [readers.actions(text) for text in texts] == [["allow"], ["hold"], ["escalate"], ["none"]]
    assert await sweep.lately(clickhouse) == 0


async def test_a_correction_in_history_withdraws_what_was_cleared(
    sweep: Sweep, gate: Gate, readers: Readers, clickhouse: ClickHouseClient
) -> None:
    corrected, emptied, late = Text(), Text(), Text()
    older, newer = late.says(RUDE), late.says(FINE)
    await gate.admit(
        [version(corrected.says(FINE)), version(emptied.says(FINE)), version(newer)], way="stream"
    )
    readers.store(corrected.says(RUDE), emptied.says(None), older, newer)
    await sweep.lately(clickhouse)
    assert [len(readers.read(text)) for text in (corrected, emptied, late)] == [0, 0, 1]


async def test_a_table_at_rest_is_not_read_again(
    sweep: Sweep, readers: Readers, clickhouse: ClickHouseClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Text(), Text()
    readers.store(first.says(FINE))
    await sweep.lately(clickhouse)
    asked: list[str] = []
    whole = clickhouse.query
    monkeypatch.setattr(clickhouse, "query", lambda query, *rest: asked.append(query) or whole(query, *rest))
    # A merge may make one new part of what was there; then there is nothing new any more.
    for _ in range(5):
        asked.clear()
        assert await sweep.lately(clickhouse) == 0
        if len(asked) == 1:
            break
    assert ["system.parts" in query for query in asked] == [True]
    readers.store(second.says(FINE))
    assert await sweep.lately(clickhouse) == 1
    assert len(readers.read(second)) == 1


async def test_a_whole_sweep_finds_what_was_loaded_long_ago(
    sweep: Sweep, readers: Readers, clickhouse: ClickHouseClient
) -> None:
    text = Text()
    event = text.says(FINE)
    clickhouse.command(
        "insert into raw.events (event_id, event_type, subject, company_id, event_time, source_time, data,"
        " loaded_at) values ({id:UUID}, 'kintell.rating.created', {subject:String}, {company:UUID},"
        " {at:DateTime64(3)}, {at:DateTime64(3)}, {data:String}, '2020-01-01 00:00:00')",
        {
            "id": str(event.id), "subject": text.subject, "company": str(text.company_id),
            "at": WRITTEN.strftime("%Y-%m-%d %H:%M:%S"), "data": _data(text),
        },
    )  # fmt: skip
    await sweep.lately(clickhouse)
    assert readers.read(text) == []
    assert await sweep.whole(clickhouse) >= 1
    assert len(readers.read(text)) == 1
    assert await sweep.whole(clickhouse) == 0


def _data(text: Text) -> str:
    return (
        f'{{"ratingId":"{text.rating_id}","sessionId":"{text.rating_id}","fromRole":"participant",'
        f'"feedbackText":"{FINE}","createdAt":"{WRITTEN.isoformat()}"}}'
    )
