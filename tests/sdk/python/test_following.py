"""Live updates come once and in order, whatever happens to the connection; what is lost is said."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from uuid import UUID

import pytest
from nats.js import JetStreamContext

from impact_client import ApiUnreachable, AsyncImpact, Gap, Impact, Reset, UnexpectedAnswer, Update, problems
from impact_client.updates import Conflated, event_of
from ingest.stores import StoreSettings, nats_client
from orchestration.stack.layout import HOST, Layout
from tests.sdk.python.conftest import QUICK
from tests.sdk.python.scripted import Scripted, hangs_up, problem, streams
from tests.serving.running import OURS, Api, free_port, running_api, wait_until_ready
from tests.serving.sse import position, publish_update


def block(event_id: str, name: str = "metric.updated", **data: object) -> str:
    body = {"type": name, "companyId": str(OURS), "time": "2026-11-27T04:21:06.612342Z", "data": data}
    return f"id: {event_id}\nevent: {name}\ndata: {json.dumps(body)}"


async def test_nothing_is_lost_or_doubled_over_a_restart(
    embedded_stores: Layout, store_settings: StoreSettings, our_key: str, tmp_path: Path
) -> None:
    nats = await nats_client(store_settings, name="publisher of the tests")
    js: JetStreamContext = nats.jetstream()
    port = free_port()
    environment = {"IMPACT_PORT_API": str(port), "STREAM_RETRY_MS": "50", "STREAM_HEARTBEAT_S": "0.5"}
    values: list[object] = []
    async with AsyncImpact(f"http://{HOST}:{port}", our_key, company_id=OURS, retries=QUICK) as impact:
        stream = impact.stream.updates(topics=["metrics"], last_event_id=await position(js))

        async def follow() -> None:
            async with stream as updates:
                async for event in updates:
                    assert isinstance(event, Update)
                    assert event.company_id == OURS
                    values.append(event.data["value"])
                    if len(values) == 4:
                        return

        following = asyncio.create_task(follow())
        for round_number in range(2):
            with running_api(embedded_stores, tmp_path / "api.log", **environment) as api:
                await asyncio.to_thread(wait_until_ready, api)
                for number in range(2):
                    await publish_update(js, OURS, 10 * round_number + number)
                async with asyncio.timeout(60):
                    while len(values) < 2 * (round_number + 1):  # noqa: ASYNC110 the follower has no event
                        await asyncio.sleep(0.02)
        await following
        assert stream.last_event_id == await position(js)
    await nats.close()
    assert values == [0, 1, 10, 11]


def test_a_place_that_is_gone_is_a_reset_and_the_stream_goes_on(api: Api, our_key: str) -> None:
    with (
        Impact(api.url, our_key) as impact,
        impact.stream.updates(last_event_id="not-an-id") as updates,
    ):
        event = next(iter(updates))
        assert event == Reset(event.id, "malformed")
        assert updates.last_event_id == event.id


def test_a_company_of_others_is_refused_at_once(api: Api, our_key: str) -> None:
    other = UUID("bbbbbbbb-0000-4000-8000-000000000002")
    with (
        Impact(api.url, our_key, company_id=other) as impact,
        pytest.raises(problems.CompanyForbidden),
    ):
        next(iter(impact.stream.updates()))


def test_a_silent_connection_is_given_up_and_resumed_behind_its_last_sign(script: Scripted) -> None:
    script.answers = [
        streams("retry: 10", block("a-1", value=1), ": keep-alive\nid: a-5", silent_s=3),
        hangs_up,
        problem("unavailable", 503, retry_after="0"),
        streams(block("a-6", value=6)),
    ]
    with (
        Impact(script.url, "teei_test_x", retries=QUICK) as impact,
        impact.stream.updates(silence_s=0.2) as updates,
    ):
        events = iter(updates)
        assert [next(events).id, next(events).id] == ["a-1", "a-6"]
    assert [asked.headers.get("last-event-id") for asked in script.asked] == [None, "a-5", "a-5", "a-5"]


def test_a_token_that_ends_with_the_stream_is_replaced(script: Scripted) -> None:
    tokens = iter(["first", "second"])
    script.answers = [
        streams("retry: 10", block("a-1")), problem("unauthenticated", 401), streams(block("a-2"))
    ]  # fmt: skip
    with Impact(script.url, lambda: next(tokens)) as impact, impact.stream.updates() as updates:
        events = iter(updates)
        assert [next(events).id, next(events).id] == ["a-1", "a-2"]
    assert [asked.headers["authorization"] for asked in script.asked] == [
        "Bearer first", "Bearer first", "Bearer second"
    ]  # fmt: skip


def test_it_gives_up_when_it_is_told_to(script: Scripted) -> None:
    script.answers = [streams("retry: 10")]
    with Impact(script.url, "teei_test_x") as impact, pytest.raises(ApiUnreachable, match="3 connections"):
        next(iter(impact.stream.updates(give_up_after=3)))
    assert len(script.asked) == 3


def test_a_page_instead_of_a_stream_is_said_to_be_one(script: Scripted) -> None:
    from tests.sdk.python.scripted import says

    script.answers = [says(200, b"<html>", "text/html")]
    with Impact(script.url, "teei_test_x") as impact, pytest.raises(UnexpectedAnswer, match="no stream"):
        next(iter(impact.stream.updates()))


def test_what_the_stream_says_of_itself_has_types() -> None:
    span = json.dumps({"from": "a-2", "to": "a-4"})
    assert event_of("a-4", "gap", span) == Gap("a-4", "a-2", "a-4")
    assert event_of("a-1", "conflated", span) == Conflated("a-1", "a-2", "a-4")
    with pytest.raises(UnexpectedAnswer, match=r"a-1 \(metric.updated\)"):
        event_of("a-1", "metric.updated", '{"data": {}}')
