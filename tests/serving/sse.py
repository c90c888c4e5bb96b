"""A client of server-sent events for tests: it remembers its last event id as browsers do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import httpx
import orjson
from nats.js import JetStreamContext

from ingest.streams import update_subject
from serving.stream.log import log_state


class Event(NamedTuple):
    id: int  # the sequence; the epoch before it is in `epoch`
    name: str
    data: dict[str, object]
    epoch: str = ""


@dataclass
class SseClient:
    """Reads events of one company; `last_event_id` follows the rules of EventSource."""

    url: str
    key: str
    last_event_id: str | None = None
    comments: int = 0
    retry_ms: int | None = None
    http: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=60))

    async def events(self, **params: str) -> AsyncGenerator[Event, None]:
        """The events of one connection, until it ends."""
        headers = {"Authorization": f"Bearer {self.key}"}
        if self.last_event_id is not None:
            headers["Last-Event-ID"] = self.last_event_id
        async with self.http.stream("GET", self.url, headers=headers, params=params or None) as response:
            assert response.status_code == 200, await response.aread()
            assert response.headers["content-type"].startswith("text/event-stream")
            fields: dict[str, str] = {}
            async for line in response.aiter_lines():
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value
                else:
                    self.last_event_id = fields.get("id", self.last_event_id)
                    if "retry" in fields:
                        self.retry_ms = int(fields["retry"])
                    if "data" in fields:
                        epoch, _, sequence = fields["id"].partition("-")
                        yield Event(int(sequence), fields["event"], orjson.loads(fields["data"]), epoch)
                    fields = {}

    async def follow(self, received: list[Event]) -> None:
        """Append the events of one connection, until it ends."""
        async for event in self.events():
            received.append(event)  # noqa: PERF401 each is to be seen at once

    async def take(self, count: int, within_s: float = 60.0) -> list[Event]:
        """The next events of a new connection, which is then dropped."""
        taken: list[Event] = []
        if count == 0:
            return taken
        async with asyncio.timeout(within_s):
            events = self.events()
            try:
                async for event in events:
                    taken.append(event)
                    if len(taken) == count:
                        break
            finally:
                await events.aclose()
        return taken


@asynccontextmanager
async def sse_client(url: str, key: str, last_event_id: str | None = None) -> AsyncIterator[SseClient]:
    client = SseClient(url, key, last_event_id)
    try:
        yield client
    finally:
        await client.http.aclose()


async def position(js: JetStreamContext) -> str:
    """An event id that everything published from now on is behind."""
    state = await log_state(js._nc)  # type: ignore[attr-defined]
    return f"{state.epoch}-{state.last}"


async def publish_update(
    js: JetStreamContext, company: UUID, number: int, name: str = "metric.updated", **data: object
) -> int:
    """One update of a company; returns its sequence in the stream."""
    body = {
        "type": name,
        "companyId": str(company),
        "data": {"metric": "sessions_count", "value": number, **data},
    }
    ack = await js.publish(update_subject(company, name), orjson.dumps(body))
    return ack.seq
