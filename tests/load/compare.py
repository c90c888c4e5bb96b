"""`impact load compare`: is this checkout slower than another version? Measured by turns."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil

from orchestration.console import out
from orchestration.stack.layout import PROJECT
from tests.benchmarks import reports
from tests.load import verdict
from tests.load.verdict import Ratio, Verdict
from tests.load.versions import Slice, Version, checked_out, running
from tests.load.watch import busy_s

OLDER, NEWER = "older", "newer"
IDLE_SHARE = 0.10  # of all cores, over one second: the machine is idle enough to measure
LOUD_SHARE = 0.25  # a pair beside so much of something else is measured anew
AGAIN = 2  # times as many slices as were asked for, at most
WARM_UP_S = 2.0
UNITS = {"cpu_us_each": "CPU time for each delivery", "p50_ms": "p50", "p99_ms": "p99"}
DECIDING = ("cpu_us_each", "p50_ms")  # a tail of a few seconds says more of the machine


def compare(
    reference: str, *, pairs: int, rate: float, seconds: float, plant: float, patience_s: float
) -> tuple[dict[str, Any], Verdict]:
    """Measure `pairs` of slices and judge them. `plant`: this checkout's receiver costs that share more."""
    with ExitStack() as both:
        older = both.enter_context(running(OLDER, both.enter_context(checked_out(reference))))
        planted_us = 0.0
        if plant:
            planted_us = plant * older.measure(rate, max(seconds, WARM_UP_S)).cpu_us_each
        newer = both.enter_context(running(NEWER, PROJECT, slowed_us=planted_us))
        for version in (older, newer):
            version.measure(rate, WARM_UP_S)  # what is cold at first would count for one of them
        kept, dropped = _by_turns((older, newer), pairs, rate, seconds, patience_s)
    ratios = {unit: ratio_of(kept, unit) for unit in UNITS}
    judged = judge(ratios, loudness(kept))
    return {
        "reference": reference, "rate": rate, "seconds": seconds, "planted_share": plant,
        "planted_us": round(planted_us, 1),
        "ratios": {unit: ratio.to_dict() for unit, ratio in ratios.items()},
        "pairs": [[one.to_dict() for one in pair] for pair in kept],
        "dropped_pairs": [[one.to_dict() for one in pair] for pair in dropped],
        "tolerance": verdict.TOLERANCE, "detectable": verdict.DETECTABLE,
    }, judged  # fmt: skip


def loudness(pairs: Sequence[tuple[Slice, Slice]]) -> float:
    """The share of the cores that others used beside the middle pair."""
    return statistics.median(max(one.foreign_share for one in pair) for pair in pairs)


def judge(ratios: dict[str, Ratio], loud: float) -> Verdict:
    """Slower if a deciding figure says so; not slower if CPU time is, which other loads hardly move.

    Beside too much of something else even a version and itself differ: then it is undecided.
    """
    if loud > LOUD_SHARE:
        return Verdict.UNDECIDED
    if any(ratios[unit].verdict is Verdict.SLOWER for unit in DECIDING):
        return Verdict.SLOWER
    return ratios[DECIDING[0]].verdict


def ratio_of(pairs: Sequence[tuple[Slice, Slice]], unit: str) -> Ratio:
    return verdict.compare(
        [getattr(one, unit) for one, _ in pairs], [getattr(other, unit) for _, other in pairs]
    )


def _by_turns(
    versions: tuple[Version, Version], pairs: int, rate: float, seconds: float, patience_s: float
) -> tuple[list[tuple[Slice, Slice]], list[tuple[Slice, Slice]]]:
    """Pairs of older and newer, either first by turns; and those that something else was too loud for."""
    kept: list[tuple[Slice, Slice]] = []
    dropped: list[tuple[Slice, Slice]] = []
    while len(kept) < pairs:
        order = versions if (len(kept) + len(dropped)) % 2 == 0 else versions[::-1]
        found: dict[str, Slice] = {}
        for version in order:
            _await_idle(patience_s)
            found[version.name] = version.measure(rate, seconds)
            if not found[version.name].is_balanced:
                raise RuntimeError(f"the account of a slice of the {version.name} version did not balance")
        pair = (found[OLDER], found[NEWER])
        is_loud = max(one.foreign_share for one in pair) > LOUD_SHARE
        (dropped if is_loud and len(dropped) < (AGAIN - 1) * pairs else kept).append(pair)
        out.print(f"  {len(kept)} of {pairs} pairs, {len(dropped)} beside too much else", style="dim")
    return kept, dropped


def _await_idle(patience_s: float) -> None:
    """Return when nothing else needs the cores, or after so long: then the slice says how loud it was."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        before = busy_s(psutil.cpu_times())
        time.sleep(1)
        if (busy_s(psutil.cpu_times()) - before) / (os.cpu_count() or 1) < IDLE_SHARE:
            return


def write(found: dict[str, Any], judged: Verdict, folder: Path, name: str = "load_compare") -> str:
    rows = [["this checkout as a multiple of the other", "ratio", "95 % from", "to", "verdict"]]
    for unit, label in UNITS.items():
        ratio = found["ratios"][unit]
        rows.append(
            [label, *(f"{ratio[place]:.3f}" for place in ("middle", "low", "high")), ratio["verdict"]]
        )
    foreign = [one["foreign_share"] for pair in found["pairs"] for one in pair]
    planted = (
        f" {found['planted_share']:.0%} were planted in this checkout." if found["planted_share"] else ""
    )
    return reports.write(
        name,
        f"This checkout against {found['reference']}: {judged.value}",
        rows,
        found,
        command=" ".join(["impact", *sys.argv[1:]]),
        notes=f"{len(found['pairs'])} pairs of {found['seconds']:g} s at {found['rate']:g} deliveries a"
        f" second, by turns; {len(found['dropped_pairs'])} more were dropped, because others used more than"
        f" {LOUD_SHARE:.0%} of the cores; beside those kept, {max(foreign):.0%} at most.{planted} Slower is"
        f" what is beyond {verdict.TOLERANCE:.0%} with 95 % confidence, undecided what may be slower by"
        f" {verdict.DETECTABLE:.0%}.",
        folder=folder,
    )


def recorded_noise(path: Path) -> tuple[list[float], list[float]]:
    """The CPU times of the pairs in a report of a version compared with itself."""
    pairs = json.loads(path.read_text("utf-8"))["measured"]["pairs"]
    return [pair[0]["cpu_us_each"] for pair in pairs], [pair[1]["cpu_us_each"] for pair in pairs]
