"""How each fault is done, and undone. Faults may overlap; at the end everything is mended."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import psutil

from tests.chaos.proxy import Proxies
from tests.chaos.schedule import Fault

BACK_WITHIN_S = 60.0
FILLED_IN = 64 << 20  # bytes at a time
LEFT = 1 << 20


class Breakable(Protocol):
    """What faults are done to."""

    proxies: Proxies
    disk: Path | None

    def processes(self, name: str) -> list[psutil.Process]:
        """A part's process and those below it; none while it is down."""

    def step_clock(self, seconds: float) -> None: ...


class Faults:
    """Does a schedule. `done` says what was done when; `record` hears of it at once."""

    def __init__(self, place: Breakable, record: Callable[..., None]) -> None:
        self._place, self._record = place, record
        self.done: list[Fault] = []
        self.left_out: list[Fault] = []

    async def run(self, faults: Sequence[Fault]) -> None:
        started = time.monotonic()
        try:
            async with asyncio.TaskGroup() as under_way:
                for fault in faults:
                    await asyncio.sleep(max(0.0, started + fault.at - time.monotonic()))
                    under_way.create_task(self._do(fault))
        finally:
            self.mend()

    def mend(self) -> None:
        """Whatever was done and not undone yet is undone."""
        for store in self._place.proxies.by_store:
            self._place.proxies.mend(store)
        self._place.step_clock(0.0)
        if self._place.disk:
            self._filler.unlink(missing_ok=True)
        for fault in self.done:
            if fault.kind == "pause":
                for process in self._place.processes(fault.victim):
                    with contextlib.suppress(psutil.Error):
                        process.resume()

    async def _do(self, fault: Fault) -> None:
        do = getattr(self, f"_{fault.kind}")
        if await do(fault):
            self.done.append(fault)
            self._record("fault", fault=str(fault), kind=fault.kind, victim=fault.victim)
        else:
            self.left_out.append(fault)

    async def _kill(self, fault: Fault) -> bool:
        if not (found := await self._there(fault.victim)):
            return False
        with contextlib.suppress(psutil.Error):
            found[0].kill()
        return True

    async def _pause(self, fault: Fault) -> bool:
        if not (found := await self._there(fault.victim)):
            return False
        try:
            for process in found:
                with contextlib.suppress(psutil.Error):
                    process.suspend()
            await asyncio.sleep(fault.seconds)
        finally:
            for process in found:
                with contextlib.suppress(psutil.Error):
                    process.resume()
        return True

    async def _slow(self, fault: Fault) -> bool:
        self._place.proxies.slow(fault.victim, fault.size)
        await asyncio.sleep(fault.seconds)
        self._place.proxies.slow(fault.victim, 0.0)
        return True

    async def _cut(self, fault: Fault) -> bool:
        self._place.proxies.cut(fault.victim)
        await asyncio.sleep(fault.seconds)
        self._place.proxies.mend(fault.victim)
        return True

    async def _clock(self, fault: Fault) -> bool:
        self._place.step_clock(fault.size)
        await asyncio.sleep(fault.seconds)
        self._place.step_clock(0.0)
        return True

    async def _disk(self, fault: Fault) -> bool:
        if self._place.disk is None:
            return False
        try:
            await asyncio.to_thread(self._fill)
            await asyncio.sleep(fault.seconds)
        finally:
            self._filler.unlink(missing_ok=True)
        return True

    @property
    def _filler(self) -> Path:
        assert self._place.disk is not None
        return self._place.disk / "filler"

    def _fill(self) -> None:
        with self._filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while psutil.disk_usage(str(self._filler.parent)).free > LEFT:
                file.write(bytes(FILLED_IN))

    async def _there(self, name: str) -> list[psutil.Process]:
        """The part's processes; one that has not come back from its last fault is waited for a while."""
        until = time.monotonic() + BACK_WITHIN_S
        while not (found := await asyncio.to_thread(self._place.processes, name)):
            if time.monotonic() > until:
                return []
            await asyncio.sleep(0.2)
        return found
