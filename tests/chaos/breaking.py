"""A soak's day with a schedule of faults over it, and whether everything that was promised still holds."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.faults import Faults
from tests.chaos.place import APPLICATIONS, Place, whole
from tests.chaos.schedule import STORES, Fault, Kind, schedule
from tests.serving.running import free_port
from tests.soak.judging import Claim, counts, delivered_claim, erased_claim, failures_of
from tests.soak.report import opening, table
from tests.soak.runs import Run, tenths
from tests.soak.soaking import Book, Plan, environment, spend

KINDS: tuple[Kind, ...] = ("kill", "pause", "slow", "cut", "disk", "clock")
HEALED_WITHIN_S = 300.0
PATIENCE_S = 180.0


@dataclass(frozen=True)
class ChaosPlan(Plan):
    """How a day is disturbed."""

    rate: float = 50.0
    minutes: float = 10.0
    clients: int = 20
    readers: int = 5
    every_fault_s: float = 15.0

    @property
    def command(self) -> str:
        return (
            f"impact chaos --seed {self.seed} --minutes {self.minutes:g} --rate {self.rate:g}"
            f" --every {self.every_fault_s:g} --clients {self.clients} --readers {self.readers}"
        )

    def faults(self) -> list[Fault]:
        """None in the last tenth: what is broken then would be mended before anything is done."""
        return schedule(
            self.seed, 0.9 * self.seconds, every_s=self.every_fault_s, processes=(*STORES, *APPLICATIONS),
            kinds=KINDS,
        )  # fmt: skip


def chaos(plan: ChaosPlan, folder: Path, told: Callable[[str], None] = print) -> None:
    """Run the plan on a platform of its own; everything that is to be known of it is in the folder then."""
    book, port = Book(folder, plan), free_port()
    with whole(folder, told, environment=environment(port, plan), wants_disk=True) as place:
        if place.disk is None:
            told("no disk can be filled: mounting a small one needs root and CAP_SYS_ADMIN")
        faults = Faults(place, book.record)

        async def disturb() -> dict[str, Any]:
            await faults.run(plan.faults())
            return {
                "faults": [str(fault) for fault in sorted(faults.done, key=lambda fault: fault.at)],
                "faults_by_kind": dict(Counter(fault.kind for fault in faults.done)),
                "faults_left_out": [str(fault) for fault in faults.left_out],
                "healed_after_s": await _healed(place),
            }

        asyncio.run(spend(plan, place.target, port, book, told, disturb=disturb, patience_s=PATIENCE_S))


async def _healed(place: Place) -> float | None:
    """Seconds from the end of the faults until every part was healthy; None if one stayed ill."""
    started = time.monotonic()
    while time.monotonic() - started < HEALED_WITHIN_S:
        if await asyncio.to_thread(place.is_healthy):
            return time.monotonic() - started
        await asyncio.sleep(0.5)
    return None


def claims(run: Run) -> list[Claim]:
    """What has to hold however much was broken."""
    outcome = run.outcome
    if outcome is None:
        return [Claim("the run came to its end", "no", None)]
    books, streams = outcome["books"], outcome["streams"]
    differences = {name: count for name, count in books.items() if name.startswith(("events_", "facts_"))}
    differences.pop("events_expected")
    texts, healed, failed = outcome["texts"], outcome.get("healed_after_s"), failures_of(run)
    left = {step: count for step, count in outcome["waiting"].items() if count}
    return [
        Claim("the run came to its end", "yes" if outcome["is_complete"] else "interrupted",
              outcome["is_complete"]),
        Claim(
            "the ledger is equal: nothing lost, nothing doubled",
            f"sent {books['sent']:,}, accepted {books['accepted']:,}, on the receiver's disk"
            f" {books['at_receiver']:,}; {counts(differences)}",
            not any(differences.values()) and books["sent"] == books["accepted"] == books["at_receiver"],
        ),
        Claim("every part came back",
              "one did not" if healed is None else f"{healed:.0f} s after the last fault",
              healed is not None),
        Claim("nothing waits in the end", counts(left) or "nothing", not left),
        Claim(
            "each client of the live stream got every update once, or was told of a gap",
            f"{streams['clients']} clients, {streams['received']:,} received of {streams['published']:,}"
            f" published, {streams['connections']:,} connections; inexact {streams['inexact']}, gaps"
            f" {streams['gaps']}, resets {streams['resets']}",
            not any(streams[name] for name in ("inexact", "ended_with_an_error", "of_other_companies"))
            and streams["received"] > 0,
        ),
        erased_claim(run),
        delivered_claim(run),
        Claim(
            "every text was screened and scored, and the last refresh succeeded",
            f"{texts['arrived']:,} arrived, {texts['screened']:,} screened, {texts['to_score']:,} left;"
            f" quiet after {outcome['quiet_after_s'] or 0:.0f} s",
            texts["arrived"] == texts["screened"] > 0 and not texts["to_score"]
            and outcome["quiet_after_s"] is not None,
        ),
        Claim("nothing else failed", "; ".join(failed) or "nothing", not failed),
    ]  # fmt: skip


def page(run: Run) -> str:
    """The report as Markdown."""
    outcome = run.outcome or {}
    answers: Counter[str] = Counter()
    for one in run.samples:
        answers.update(one["answers"])
    lines = [
        *opening(
            run,
            "A day on which things break",
            "The day of a soak; applications reach their stores through proxies, the stores' disk is small.",
        ),
        *table(claims(run)),
        f"Requests by answer: {counts(answers)}. Faults: {counts(outcome.get('faults_by_kind', {}))};"
        f" not done: {', '.join(outcome.get('faults_left_out', [])) or 'none'}.",
        "",
        *_latency(run),
        "The schedule, in seconds since the start:",
        "",
        *(f"- {fault}" for fault in outcome.get("faults", _recorded(run.happenings))),
        "",
    ]
    return "\n".join(lines)


def _recorded(happenings: Sequence[Mapping[str, Any]]) -> list[str]:
    return [one["fault"] for one in happenings if one["what"] == "fault"]


def _latency(run: Run) -> list[str]:
    rows = [part.summary() for part in tenths(run) if part.total]
    if not rows:
        return []
    medians, worst = [row["p50"] for row in rows], max(row["max"] for row in rows) / 1000
    return [
        f"A delivery was accepted {min(medians):.1f} to {max(medians):.1f} ms after it was due (medians of"
        f" the tenths), and {worst:.0f} s at the latest.",
        "",
    ]
