"""Starts NATS again once a full disk has room again. Loaded by supervisord as an RPC interface.

A stream that could not write keeps its error (nats-server 2.15): it takes no message more until the server is
started anew, also when there is room, and `/healthz` says so. What was acknowledged is on disk. Why here and
not by whoever cannot publish: docs/decisions/0085-nats-is-started-again-after-a-full-disk.md
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import urllib.error
import urllib.request
from contextlib import suppress
from threading import Thread
from typing import Any

from supervisor import events  # type: ignore[import-untyped]

NAMESPACE = "revival"
ROOM_BYTES = 64 << 20  # with less it would be full again before it is up
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


class Revival:
    """Looks every five seconds, in a thread: supervisord's own may not wait for anybody."""

    def __init__(self, supervisord: Any, url: str, folder: str) -> None:
        self._supervisord, self._url, self._folder = supervisord, url, folder
        self._looking: Thread | None = None
        self._seen = 0
        events.subscribe(events.Tick5Event, self._tick)

    def _tick(self, _event: Any) -> None:
        if self._looking is None or not self._looking.is_alive():
            self._looking = Thread(target=self._look, name="revival", daemon=True)
            self._looking.start()

    def _look(self) -> None:
        said = write_error(self._url)
        has_room = said is not None and shutil.disk_usage(self._folder).free >= ROOM_BYTES
        self._seen = self._seen + 1 if has_room else 0
        if self._seen < LOOKS:
            return
        self._seen = 0
        pid = self._supervisord.process_groups["stores"].processes["nats"].pid
        if pid:  # supervisord starts it again, as it does with each child that ends
            self._supervisord.options.logger.warn(f"nats is started again, since there is room now: {said}")
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)


def interface(supervisord: Any, *, url: str, folder: str, **_config: Any) -> Revival:
    return Revival(supervisord, url, folder)
