"""Dagster shows which dead letters wait, and a job processes them anew, once."""

from __future__ import annotations

import asyncio
import uuid

import dagster as dg
import pytest

from ingest.dead_letters import DeadLetter
from ingest.failures import ErrorClass
from ingest.jetstream import publish_all
from ingest.stores import StoreSettings, nats_client, postgres_pool
from tests.ingest.pipeline import Pipeline


@pytest.fixture
def kind(store_settings: StoreSettings) -> str:
    """Three letters of a kind of their own."""
    kind = f"k-{uuid.uuid4().hex}"

    async def keep() -> None:
        nats = await nats_client(store_settings, name="test")
        async with await postgres_pool(store_settings) as pool:
            pipeline = Pipeline(pool, nats)
            await publish_all(pipeline.js, [letter(kind, number).message() for number in range(3)])
            await pipeline.index_dead_letters()
        await nats.close()

    asyncio.run(keep())
    return kind


def letter(kind: str, number: int) -> DeadLetter:
    return DeadLetter(
        source="kintell", kind=kind, key=f"kintell:{kind}/{number}", delivery_id=f"{kind}/{number}",
        reason="KeyError", payload=b"{}", return_subject=f"inbox.kintell.{kind}",
        error_class=ErrorClass.UNKNOWN,
    )  # fmt: skip


def look(definitions: dg.Definitions) -> tuple[bool, int]:
    """Whether the check passes, and how many letters the asset counts as waiting."""
    result = definitions.resolve_job_def("count_dead_letters").execute_in_process()
    [check] = result.get_asset_check_evaluations()
    [materialization] = result.asset_materializations_for_node("ingest__dead_letters")
    return check.passed, materialization.metadata["waiting_count"].value


def test_waiting_letters_are_counted_and_replayed_by_a_job(definitions: dg.Definitions, kind: str) -> None:
    passed, before = look(definitions)
    assert not passed
    assert before >= 3
    job = definitions.resolve_job_def("replay_dead_letters")
    config = {"ops": {"replay_letters": {"config": {"kind": kind, "error_class": "unknown"}}}}
    for replayed_count in (3, 0):
        result = job.execute_in_process(run_config=config)
        [output] = [event for event in result.all_events if event.is_successful_output]
        assert output.step_output_data.metadata["replayed_count"].value == replayed_count
    assert look(definitions)[1] == before - 3
