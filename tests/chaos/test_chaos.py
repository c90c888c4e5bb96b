"""Some seconds of chaos on the way in: whatever is killed, paused, slowed or cut off, sent = stored.

The whole platform is broken by a command: `impact chaos --seed 1 --minutes 10`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import psutil
import uvloop

from tests.chaos.faults import Faults
from tests.chaos.place import Place, stores_behind_proxies
from tests.chaos.proxy import Proxies
from tests.chaos.schedule import STORES, schedule
from tests.soak import storm as storms

PROCESSES = (*STORES, *storms.PROCESSES)


class WayIn:
    """Stores, receiver and worker, to be broken."""

    disk = None

    def __init__(self, place: Place, platform: storms.Platform) -> None:
        self.proxies: Proxies = place.proxies
        self._place, self._platform = place, platform

    def processes(self, name: str) -> list[psutil.Process]:
        if name in STORES:
            return self._place.processes(name)
        kept = self._platform.kept[name]
        return [psutil.Process(kept.pid)] if kept.pid and kept.is_healthy() else []

    def step_clock(self, seconds: float) -> None: ...


def test_whatever_breaks_everything_sent_is_stored_once(tmp_path: Path) -> None:
    done: Counter[str] = Counter()
    faults = schedule(7, 7.0, every_s=0.6, processes=PROCESSES, scale=0.15)
    with stores_behind_proxies(tmp_path, lambda line: None) as place:
        platform = storms.Platform(place.stores, place.apps)
        breaking = Faults(WayIn(place, platform), lambda what, **fault: done.update([fault["kind"]]))
        try:
            storm = uvloop.run(
                storms.run(platform, seconds=8, rate=40, seed=7, disturb=lambda: breaking.run(faults))
            )
        finally:
            for kept in platform.kept.values():
                kept.stop()
    assert done  # how many there are in these seconds is the machine's affair
    assert {"sent": len(storm.ledger.sent), **storm.waiting, **storm.differences} == {
        "sent": 320, **dict.fromkeys([*storm.waiting, *storm.differences], 0),
    }  # fmt: skip
    assert storm.is_exact


def test_a_seed_is_a_schedule() -> None:
    kinds = ("kill", "pause", "slow", "cut", "disk", "clock")
    plans = [schedule(seed, 600, every_s=10, processes=PROCESSES, kinds=kinds) for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]
    assert {fault.kind for fault in plans[0]} == set(kinds)
    assert {fault.victim for fault in plans[0] if fault.kind == "kill"} <= set(PROCESSES)
    assert [fault.at for fault in plans[0]] == sorted(fault.at for fault in plans[0])
    assert all(abs(fault.size) < 300 for fault in plans[0])  # a signature's time is good for so long
