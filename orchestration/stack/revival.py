"""Starts NATS and ClickHouse again once a full disk has room again. supervisord loads it as an RPC interface.

A stream that could not write keeps its error (nats-server 2.15): it takes no message more until the server is
started anew, also when there is room, and `/healthz` says so. A merge that was cut short leaves a part
without content, which ClickHouse (26.9, embedded) takes for good; started anew, it puts the part aside and
has those again that it was merged from. What was acknowledged is on disk. Why here and not by whoever cannot
go on: docs/decisions/0085-nats-is-started-again-after-a-full-disk.md
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from supervisor import events  # type: ignore[import-untyped]

NAMESPACE = "revival"
# With less, NATS would be full again before it is up. ClickHouse has to be started before the parts are gone
# that a hollow one was merged from, and needs no more than to write down its configuration.
ROOM_BYTES = {"nats": 64 << 20, "clickhouse": 1 << 20}
LOOKS = 2  # one may meet a disk that is just being cleared
TIMEOUT_S = 3.0
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def write_error(url: str) -> str | None:
    """What NATS says of a stream that cannot write; None where it is well, starting or away."""
    try:
        with _direct.open(url, timeout=TIMEOUT_S):
            return None
    except urllib.error.HTTPError as error:
        with error, suppress(ValueError, OSError):
            said = str(json.load(error).get("error", ""))
            return said if "write error" in said else None
    except OSError:
        pass
    return None


def hollow_part(folder: str) -> str | None:
    """What says that a part of ClickHouse's tables has no content; None where all have."""
    for count in Path(folder).glob("store/*/*/*/count.txt"):  # how many rows it has: never empty
        with suppress(OSError):  # merged meanwhile
            if not count.stat().st_size and not count.parent.name.startswith(("tmp", "delete_tmp")):
                return f"part {count.parent.name} of {count.parent.parent.name} has no content"
    return None


class Revival:
    """Looks every five seconds, in a thread: supervisord's own may not wait for anybody."""

    def __init__(self, supervisord: Any, complaints: dict[str, tuple[str, Callable[[], str | None]]]) -> None:
        """`complaints`: by the store's name its folder, and what looks whether only a new start helps it."""
        self._supervisord, self._complaints = supervisord, complaints
        self._looking: Thread | None = None
        self._seen = dict.fromkeys(complaints, 0)
        events.subscribe(events.Tick5Event, self._tick)

    def _tick(self, _event: Any) -> None:
        if self._looking is None or not self._looking.is_alive():
            self._looking = Thread(target=self._look, name="revival", daemon=True)
            self._looking.start()

    def _look(self) -> None:
        for name, (folder, complaint) in self._complaints.items():
            said = complaint()
            has_room = said is not None and shutil.disk_usage(folder).free >= ROOM_BYTES[name]
            self._seen[name] = self._seen[name] + 1 if has_room else 0
            if self._seen[name] >= LOOKS:
                self._seen[name] = 0
                self._start_again(name, str(said))

    def _start_again(self, name: str, said: str) -> None:
        pid = self._supervisord.process_groups["stores"].processes[name].pid
        if pid:  # supervisord starts it again, as it does with each child that ends
            self._supervisord.options.logger.warn(f"{name} is started again, since there is room now: {said}")
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)


def interface(
    supervisord: Any, *, nats_url: str, nats_folder: str, clickhouse_folder: str, **_config: Any
) -> Revival:
    """Of a store that is somebody else's, the folder is empty."""
    complaints: dict[str, tuple[str, Callable[[], str | None]]] = {}
    if nats_folder:
        complaints["nats"] = nats_folder, lambda: write_error(nats_url)
    if clickhouse_folder:
        complaints["clickhouse"] = clickhouse_folder, lambda: hollow_part(clickhouse_folder)
    return Revival(supervisord, complaints)
