"""Server-sent events as bytes on the wire."""

from __future__ import annotations

from typing import Any

import orjson


def event(epoch: str, sequence: int, name: str, data: bytes) -> bytes:
    """One update. A line break inside the JSON would end the field early, so each line is its own."""
    lines = b"\ndata: ".join(data.splitlines()) or b"{}"
    return b"id: %b-%d\nevent: %b\ndata: %b\n\n" % (epoch.encode(), sequence, name.encode(), lines)


def position(epoch: str, sequence: int) -> bytes:
    """Sets the client's last event id without an event, so that a quiet stream resumes exactly as well."""
    return b"id: %b-%d\n\n" % (epoch.encode(), sequence)


def keep_alive(epoch: str, sequence: int) -> bytes:
    """A sign of life. Its id keeps a client whose topics are quiet from falling out of the log."""
    return b": keep-alive\n" + position(epoch, sequence)


def retry(milliseconds: int) -> bytes:
    return b"retry: %d\n\n" % milliseconds


def reset(epoch: str, sequence: int, reason: str) -> bytes:
    """The client's history cannot be continued: it fetches the figures again and goes on from here."""
    return _notice(epoch, sequence, "reset", {"reason": reason})


def gap(epoch: str, first: int, last: int) -> bytes:
    """Some of these sequences may have been for this client, and the log no longer has them."""
    return _notice(epoch, last, "gap", {"from": f"{epoch}-{first}", "to": f"{epoch}-{last}"})


def conflated(epoch: str, after: int, last: int) -> bytes:
    """Of each figure that changed in between, only the newest value follows. Keeps the client's id."""
    return _notice(epoch, after, "conflated", {"from": f"{epoch}-{after + 1}", "to": f"{epoch}-{last}"})


def _notice(epoch: str, sequence: int, name: str, data: dict[str, Any]) -> bytes:
    return event(epoch, sequence, name, orjson.dumps(data))
