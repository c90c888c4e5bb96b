"""Steps what a process of ours reads as the time, by the number of seconds in the file `CHAOS_CLOCK`.

`time.time` and `time.time_ns` only: `datetime.now` is written in C and asks the kernel, as do the stores.
Python imports a module of this name at its start; only `impact chaos` puts this folder on the path.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
import time

OURS = ("ingest.webhooks", "ingest.worker", "orchestration.gate", "orchestration.journey", "serving")

if (path := os.environ.get("CHAOS_CLOCK")) and any(name in sys.orig_argv for name in OURS):
    with open(path, "rb") as file:  # noqa: PTH123 - at the start of every process, so nothing more is imported
        _step = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)
    _time = time.time

    def _stepped() -> float:
        return _time() + float(struct.unpack_from("<d", _step)[0])

    time.time = _stepped
    time.time_ns = lambda: int(_stepped() * 1e9)
