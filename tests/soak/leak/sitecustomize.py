"""Plants a leak in one process of a soak: 1 KB that is never given back for each delivery it takes in.

Python imports a module of this name at its start. Only `impact soak --plant-leak` puts this folder on the
path, to show that its verdict on memory would notice.
"""

from __future__ import annotations

import os
import sys

BYTES_PER_EVENT = 1024

if os.environ.get("SOAK_PLANTED_LEAK") == "receiver" and "ingest.webhooks" in sys.orig_argv:
    from ingest.webhooks.inbox import Inbox

    _kept: list[bytearray] = []
    _put = Inbox.put

    def _leaking(self: Inbox, delivery: object, done: object) -> None:
        _kept.append(bytearray(BYTES_PER_EVENT))
        _put(self, delivery, done)  # type: ignore[arg-type]

    Inbox.put = _leaking  # type: ignore[method-assign, assignment]
