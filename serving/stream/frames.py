"""Server-sent events as bytes on the wire."""

from __future__ import annotations

from typing import Any

import orjson

KEEP_ALIVE = b": keep-alive\n\n"

# What a stream may carry (the catalogue of live updates). Others are passed on, but counted as `other`.
EVENT_NAMES = frozenset(
    {
        "metric.updated",
        "sroi.updated",
        "vis.updated",
        "journey.flag.updated",
        "journey.milestone.reached",
        "impact.delivery.updated",
        "safety.flag.raised",
        "report.generated",
    }
)


def event(sequence: int, name: str, data: bytes) -> bytes:
    """One update. A line break inside the JSON would end the field early, so each line is its own."""
    lines = b"\ndata: ".join(data.splitlines()) or b"{}"
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (sequence, name.encode(), lines)


def position(sequence: int) -> bytes:
    """Sets the client's last event id without an event, so that a quiet stream resumes exactly as well."""
    return b"id: %d\n\n" % sequence


def retry(milliseconds: int) -> bytes:
    return b"retry: %d\n\n" % milliseconds


def reset(sequence: int, reason: str) -> bytes:
    """The client's history cannot be continued: it fetches the figures again and goes on from here."""
    return _notice(sequence, "reset", {"reason": reason})


def gap(first: int, last: int) -> bytes:
    """Some of these sequences may have been for this client, and the log no longer has them."""
    return _notice(last, "gap", {"from": first, "to": last})


def _notice(sequence: int, name: str, data: dict[str, Any]) -> bytes:
    return event(sequence, name, orjson.dumps(data))
