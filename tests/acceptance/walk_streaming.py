"""Live updates: a publication arrives, what was missed comes later, and nobody hears of another company."""

from __future__ import annotations

import asyncio

import httpx

from tests.acceptance.programme import COMPANY, OTHER_COMPANY, Programme
from tests.serving.sse import Event, SseClient


def test_a_publication_arrives_live(published: Programme) -> None:
    update = published.our_updates.wait_for(
        lambda event: (
            event.name == "metric.updated"
            and (data := event.data["data"])["metric"] == "sessions_count"  # type: ignore[index]
            and data["period"] == published.month
        ),
        within_s=60,
        what="last month's sessions",
    )
    assert update.data["data"]["value"] == len(published.sessions)  # type: ignore[index]


def test_a_client_that_comes_back_gets_exactly_what_it_missed(published: Programme) -> None:
    followed = tuple(published.our_updates.events)
    assert len(followed) > 10
    away_since = followed[len(followed) // 2]
    client = SseClient(published.ours.stream, published.ours.key, f"{away_since.epoch}-{away_since.id}")
    missed = [event for event in followed if event.id > away_since.id]
    assert asyncio.run(_take(client, len(missed))) == missed


async def _take(client: SseClient, count: int) -> list[Event]:
    try:
        return await client.take(count)
    finally:
        await client.http.aclose()


def test_a_company_gets_its_own_events_alone(published: Programme) -> None:
    for followed, company in ((published.our_updates, COMPANY), (published.their_updates, OTHER_COMPANY)):
        assert followed.events
        assert {event.data["companyId"] for event in followed.events} == {str(company)}
    url = f"{published.ours.stream}?companyId={OTHER_COMPANY}"
    refused = httpx.get(url, headers=published.ours.headers, timeout=60)
    assert refused.status_code == 403
    assert httpx.get(published.ours.stream, timeout=60).status_code == 401
