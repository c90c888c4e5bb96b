"""A client that follows a company's live updates all the while, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from tests.serving.sse import Event, SseClient

RETRY_S = 0.5


class Listener:
    """Connects again whenever its connection ends, from where it was, as EventSource does."""

    def __init__(self, url: str, key: str, last_event_id: str | None = None) -> None:
        self.events: list[Event] = []
        self.began_at: str | None = None  # the id that everything it received is behind
        self._url, self._key, self._from = url, key, last_event_id
        self._over = threading.Event()

    @contextmanager
    def following(self, within_s: float = 60.0) -> Iterator[Listener]:
        """Follow until the block ends. When it begins, nothing published from then on is missed."""
        thread = threading.Thread(target=lambda: asyncio.run(self._follow()), daemon=True)
        thread.start()
        give_up_at = time.monotonic() + within_s
        while self.began_at is None:
            assert time.monotonic() < give_up_at, f"{self._url} does not stream"
            time.sleep(0.05)
        try:
            yield self
        finally:
            self._over.set()
            thread.join(30)

    def named(self, *names: str) -> list[Event]:
        return [event for event in tuple(self.events) if event.name in names]

    def wait_for(self, is_it: Callable[[Event], bool], *, within_s: float, what: str) -> Event:
        """The first event of which this is true."""
        give_up_at = time.monotonic() + within_s
        while True:
            for event in tuple(self.events):
                if is_it(event):
                    return event
            assert time.monotonic() < give_up_at, f"no update within {within_s:.0f} s: {what}"
            time.sleep(0.1)

    async def _follow(self) -> None:
        client = SseClient(self._url, self._key, self._from)

        async def end() -> None:
            while not self._over.is_set():
                if self.began_at is None:
                    self.began_at = client.last_event_id
                await asyncio.sleep(0.05)

        async def follow() -> None:
            while True:
                try:
                    await client.follow(self.events)
                except httpx.HTTPError:
                    await asyncio.sleep(RETRY_S)

        following = asyncio.create_task(follow())
        await asyncio.wait([asyncio.create_task(end()), following], return_when=asyncio.FIRST_COMPLETED)
        following.cancel()
        await asyncio.wait([following])
        await client.http.aclose()
