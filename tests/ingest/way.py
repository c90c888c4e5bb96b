"""The way behind the receiver, for tests that follow a request to its event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg
from nats.aio.client import Client as NatsClient

from ingest.events import Event, decode, encode
from ingest.normalise.normaliser import Normaliser
from ingest.relay import Relay
from ingest.sealing import tokens
from tests.ingest.senders import AnySender, Sent
from tests.text_keys import text_keys


class Way:
    """Relay and normaliser, worked until nothing waits; and a sender for every source."""

    def __init__(self, pool: asyncpg.Pool, nats: NatsClient, senders: Callable[[str], AnySender]) -> None:
        self.js = nats.jetstream()
        self._keys = text_keys(pool)
        self._relay = Relay(pool, self.js, Normaliser(pool, self.js, self._keys).take)
        self.sender = senders

    async def events(self, *sent: Sent) -> list[Event]:
        """The events of accepted requests, in the order of the stream.

        Fails for a request that was not accepted, and for an event with an email in it.
        """
        for one in sent:
            assert one.response.status_code == 202, one.response.text
        origins = {one.origin for one in sent}
        events = [event for event in await self.work() if event.origin in origins]
        assert not [event.origin for event in events if b"@" in encode(event)]
        return events

    async def work(self) -> list[Event]:
        """Relay and normalise all that waits; returns the new events."""
        before = (await self.js.stream_info("EVENTS")).state.last_seq
        while await self._relay.move():
            pass
        last = (await self.js.stream_info("EVENTS")).state.last_seq
        messages = [await self.js.get_msg("EVENTS", seq=n) for n in range(before + 1, last + 1)]
        return [decode(m.data or b"") for m in messages]

    async def text(self, event: Event, field: str) -> str | None:
        """What one of an event's fields says, opened."""
        place = tokens.place_of(event.type, event.subject, field)
        [text] = await self._keys.texts([(getattr(event.data, field), place)])
        return text

    async def event(self, source: str, payload: object, path: str | None = None, **how: Any) -> Event:
        [event] = await self.events(self.sender(source).send(payload, path, **how))
        return event
