"""Live updates: every one, in order, over as many connections as it takes."""

from __future__ import annotations

import random
import time
from collections.abc import Generator, Iterator, Sequence
from types import TracebackType
from typing import Self
from uuid import UUID

import httpx
from httpx_sse import EventSource, SSEError

from impact_client._answers import only
from impact_client._generated.api.stream import stream_get_stats
from impact_client._sync.group import Group
from impact_client.errors import ApiUnreachable, ImpactProblem, UnexpectedAnswer
from impact_client.models import StreamStats
from impact_client.updates import StreamEvent, event_of

PATH = "/v1/stream/updates"
_LONGEST_WAIT_S = 32.0
_PASSING = frozenset({408, 429, 500, 502, 503, 504})


class Stream(Group):
    """A company's updates as they happen."""

    def updates(
        self,
        *,
        topics: Sequence[str] | None = None,
        last_event_id: str | None = None,
        conflate: bool = False,
        company_id: UUID | str | None = None,
        silence_s: float = 45.0,
        give_up_after: int | None = None,
    ) -> Updates:
        """Follow the company's updates, from now on or from behind `last_event_id`.

        It connects again by itself, behind the last event it has: when the server ends the stream, when the
        connection breaks, and when nothing, not even a heartbeat, has come for `silence_s`. With a function
        as the client's key, a token that has ended is replaced on the way. It ends with an exception
        when asking
        again would not help, or after `give_up_after` connections in a row that brought nothing.
        """
        params: dict[str, str] = {}
        if topics is not None:
            params["topics"] = ",".join(topics)
        if conflate:
            params["conflate"] = "true"
        company = company_id or self._company_id
        if company is not None:
            params["companyId"] = str(company)
        return Updates(self._http, params, last_event_id, silence_s, give_up_after)

    def get_stats(self) -> StreamStats:
        """How many live streams the process that answers is serving."""
        return only(StreamStats, stream_get_stats.sync_detailed(client=self._client))


class Updates:
    """An endless iterator of updates, and of what the stream says of itself.

    `last_event_id` is the place in the stream: keep it with what the last event changed, and another process
    goes on exactly there. Leave a loop through the context manager, and the connection is closed at once.
    """

    def __init__(
        self,
        http: httpx.Client,
        params: dict[str, str],
        last_event_id: str | None,
        silence_s: float,
        give_up_after: int | None,
    ) -> None:
        self.last_event_id = last_event_id
        self._http = http
        self._params = params
        self._silence_s = silence_s
        self._give_up_after = give_up_after
        self._retry_s = 2.0
        self._events = self._follow()

    def __iter__(self) -> Iterator[StreamEvent]:
        return self._events

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the stream."""
        self._events.close()

    def _follow(self) -> Generator[StreamEvent, None]:
        fruitless = 0
        while True:
            wait_s = self._retry_s
            before = self.last_event_id
            try:
                for event in self._connection():
                    yield event
                    fruitless = 0
            except (httpx.TransportError, ApiUnreachable) as error:
                failure: Exception | None = error
            except ImpactProblem as problem:
                if problem.status not in _PASSING:
                    raise
                failure, wait_s = problem, problem.retry_after_s or wait_s
            else:
                failure = None
            # A place that moved is a sign of life too: heartbeats carry it.
            fruitless = 0 if self.last_event_id != before else fruitless + 1
            if self._give_up_after is not None and fruitless >= self._give_up_after:
                raise ApiUnreachable(
                    f"GET {PATH}: {fruitless} connections in a row brought nothing"
                ) from failure
            if failure is not None:
                longest = max(wait_s, min(_LONGEST_WAIT_S, self._retry_s * 2 ** min(fruitless - 1, 10)))
                wait_s = longest * (0.5 + random.random() / 2)  # noqa: S311 spreads clients, keeps no secret
            time.sleep(wait_s)

    def _connection(self) -> Generator[StreamEvent, None]:
        """The events of one connection."""
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if self.last_event_id is not None:
            headers["Last-Event-ID"] = self.last_event_id
        usual = self._http.timeout
        timeout = httpx.Timeout(
            connect=usual.connect, read=self._silence_s, write=usual.write, pool=usual.pool
        )
        with self._http.stream(
            "GET", PATH, params=self._params, headers=headers, timeout=timeout
        ) as response:
            try:
                for sent in EventSource(response).iter_sse():
                    if sent.retry is not None:
                        self._retry_s = sent.retry / 1000
                    if sent.id:  # also of heartbeats, which have nothing else
                        self.last_event_id = sent.id
                    if sent.data:
                        yield event_of(sent.id, sent.event, sent.data)
            except SSEError as error:
                raise UnexpectedAnswer(
                    "the answer is no stream of events; is something in between?"
                ) from error
