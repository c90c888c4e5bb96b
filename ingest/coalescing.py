"""Many changes of one figure within a moment become one update: from the first value to the newest."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from ingest.updates import UPDATES

_REMEMBERED = 100_000  # figures sent within the window; beyond it those of earlier windows are forgotten

Key = tuple[Any, ...]


class Announcement(NamedTuple):
    """A row of `serving.announcements`."""

    announcement_id: int
    company_id: UUID
    name: str
    message_id: str
    data: bytes
    announced_at: datetime
    sealed_at: datetime | None  # since when it may have been sent
    is_merged: bool = False


class Batch(NamedTuple):
    sending: list[Announcement]
    outdated: list[int]  # ids of rows that a newer one says as well
    held_s: float  # seconds until a figure that was left may be sent; infinite when none was


class Coalescing:
    """The first change of a figure goes at once; what follows within the window goes as one, at its end."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._sent_at: dict[Key, float] = {}

    def batch(self, rows: Sequence[Announcement], now: float) -> Batch:
        """What to send of the oldest rows. A row that may have been sent before is sent as it is."""
        sending: dict[Key, Announcement] = {}
        outdated: list[int] = []
        held_s = math.inf
        for row in rows:
            key = _key(row)
            if row.sealed_at is None and key is not None:
                wait_s = self._sent_at.get(key, -math.inf) + self._window_s - now
                if wait_s > 0:
                    held_s = min(held_s, wait_s)
                    continue
                earlier = sending.get(key)
                if earlier is not None:
                    # Taken out and put in again: the merged update has the place of the newer one.
                    del sending[key]
                    outdated.append(earlier.announcement_id)
                    row = _merged(earlier, row)
                    if _is_back(row):
                        outdated.append(row.announcement_id)
                        continue
                sending[key] = row
            else:
                sending[(row.announcement_id,)] = row
        return Batch(list(sending.values()), outdated, held_s)

    def sent(self, rows: Iterable[Announcement], now: float) -> None:
        if len(self._sent_at) > _REMEMBERED:
            self._sent_at = {key: at for key, at in self._sent_at.items() if at + self._window_s > now}
        for row in rows:
            if (key := _key(row)) is not None:
                self._sent_at[key] = now


def _key(row: Announcement) -> Key | None:
    kind = UPDATES.get(row.name)
    if kind is None or not kind.key:
        return None
    return (row.company_id, row.name, kind.key_of(msgspec.json.decode(row.data)))


def _merged(earlier: Announcement, newer: Announcement) -> Announcement:
    before, after = msgspec.json.decode(earlier.data), msgspec.json.decode(newer.data)
    if "previousValue" in before:
        after["previousValue"] = before["previousValue"]
    return newer._replace(data=msgspec.json.encode(after), is_merged=True)


def _is_back(row: Announcement) -> bool:
    """Whether the figure has its old value again: nothing to tell."""
    data = msgspec.json.decode(row.data)
    return "value" in data and "previousValue" in data and data["value"] == data["previousValue"]
