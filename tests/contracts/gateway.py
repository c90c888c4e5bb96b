"""The part of a gateway that stands before reporting: it hands requests on, and keeps what is still right.

It is the consumer behind `gateway-reporting`: what it relies on is what the contract says.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import httpx


class Answer(NamedTuple):
    status: int
    body: Any
    remaining: int | None  # requests this minute, for the gateway's own back-pressure
    request_id: str


class ReportingGateway:
    """Asks for one caller at a time. A figure it has is asked for by its validator, and sent again on 304."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)
        self._kept: dict[str, tuple[str, Any]] = {}

    def get(self, path: str, credential: str | None) -> Answer:
        headers = {}
        if credential is not None:
            headers["Authorization"] = f"Bearer {credential}"
        if path in self._kept:
            headers["If-None-Match"] = self._kept[path][0]
        answer = self._http.get(path, headers=headers)
        body = self._kept[path][1] if answer.status_code == 304 else answer.json()
        if answer.status_code == 200:
            self._kept[path] = answer.headers["ETag"], body
        remaining = answer.headers.get("X-RateLimit-Remaining")
        return Answer(
            answer.status_code,
            body,
            None if remaining is None else int(remaining),
            answer.headers["X-Request-ID"],
        )

    def close(self) -> None:
        self._http.close()
