"""The page and the figures of a soak, out of what it left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tests.soak.judging import Claim, claims, exit_status, limit_of
from tests.soak.runs import MIB, Run, tenths, trends
from tests.soak.trends import SHORTEST_S, WARM_UP_SHARE, Trend


def opening(run: Run, title: str, *about: str) -> list[str]:
    """The first lines of a report: what was run, on what, for how long."""
    plan = run.plan
    return [
        f"# {title}",
        "",
        f"`{plan['command']}` on {plan['cores']} cores, {plan['machine']}, Python {plan['python']},"
        f" {plan['at']}; load before {plan['load_before'][0]}. Sent for {run.seconds / 60:.1f} minutes.",
        *about,
        "",
    ]


def table(found: Sequence[Claim]) -> list[str]:
    words = {True: "holds", False: "**fails**", None: "open"}
    rows = [f"| {one.says} | {one.found} | {words[one.holds]} |" for one in found]
    return ["| what has to hold | found | |", "|---|---|---|", *rows, ""]


def figures(run: Run, limits: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the page shows and what it was made of, for `<report>.json`."""
    return {
        "plan": run.plan,
        "seconds": run.seconds,
        "claims": [asdict(one) for one in claims(run, limits)],
        "exit_status": exit_status(claims(run, limits)),
        "latency_ms_by_tenth": [part.summary() for part in tenths(run)],
        "trends": {
            number: {part: asdict(one) if one else None for part, one in trends(run, number).items()}
            for number in ("memory", "fds", "threads")
        },
        "happenings": run.happenings,
        "outcome": run.outcome,
        "samples": [
            {name: one[name] for name in ("at", "waiting", "memory", "processes", "updates") if name in one}
            for one in run.samples[:: max(1, len(run.samples) // 120)]
        ],
    }


def page(run: Run, limits: Mapping[str, Any], picture: str | None = None) -> str:
    lines = [
        *opening(
            run,
            "A soak with everything switched on",
            "Deliveries (new facts, corrections, repetitions, texts), readers, live streams, journey,",
            "screening, local scoring, refreshes as things arrive, one erasure, one report to a partner.",
            "Sender, clients, partner and platform share the machine.",
        ),
        *table(claims(run, limits)),
        *([f"![memory, queues and latency over time]({picture})", ""] if picture else []),
        *_latency_table(run),
        *_growth_table(run, limits),
        "How to run it, to read it and to plant a leak: [endurance](../endurance.md).",
        "",
    ]
    return "\n".join(lines)


def _latency_table(run: Run) -> list[str]:
    rows = [(number, part.summary()) for number, part in enumerate(tenths(run), 1) if part.total]
    return [
        "Latency of an accepted delivery, from when it was due, by tenth of the run:",
        "",
        "| tenth | p50 ms | p95 ms | p99 ms | max ms |",
        "|---:|---:|---:|---:|---:|",
        *(
            f"| {n} | {ms['p50']:.1f} | {ms['p95']:.1f} | {ms['p99']:.1f} | {ms['max']:.0f} |"
            for n, ms in rows
        ),
        "",
    ]


def _growth_table(run: Run, limits: Mapping[str, Any]) -> list[str]:
    lines = [
        f"Growth per hour after the warm-up (the first {WARM_UP_SHARE:.0%}), by Theil and Sen, and between"
        " what it lies with 95 %. Memory is what a process holds (what several share counts once), of"
        " Dagster's its own without the runs below it:",
        "",
        "| process | memory MiB, begin → end | MiB an hour | between | limit | | open files an hour"
        " | threads an hour |",
        "|---|---:|---:|---:|---:|---|---:|---:|",
    ]
    memory, fds, threads = (trends(run, number) for number in ("memory", "fds", "threads"))
    for part, one in memory.items():
        if one is None:
            continue
        limit = limit_of(part, run.plan, limits)
        lines.append(
            f"| {part} | {one.first / MIB:.1f} → {one.last / MIB:.1f} | {one.per_hour / MIB:+.2f} |"
            f" {one.low / MIB:+.2f} … {one.high / MIB:+.2f} | {limit / MIB:.0f} | {one.verdict(limit)} |"
            f" {_plain(fds[part])} | {_plain(threads[part])} |"
        )
    if not any(memory.values()):
        return [f"Too short to speak of growth: {SHORTEST_S:g} s after the warm-up are needed.", ""]
    return [*lines, ""]


def _plain(one: Trend | None) -> str:
    return f"{one.per_hour:+.1f} ({one.low:+.1f} … {one.high:+.1f})" if one else ""
