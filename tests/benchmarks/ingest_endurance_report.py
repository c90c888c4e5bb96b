"""The page of `tests.benchmarks.ingest_endurance`."""

from __future__ import annotations

from typing import Any


def report(result: dict[str, Any]) -> str:
    lines = [
        "# The way in, for minutes on end",
        "",
        *(
            f"- `{made['command']}` on {made['machine']}, {made['at']}, load before {made['load_before'][0]}"
            f"{_disk(made)}"
            for made in _made(result)
        ),
        "",
        *_closed_loop(result.get("closed_loop")),
        "Latency of the 2xx, from when the request was due:",
        "",
        "| requests/s | minutes | requests | answers | p50 ms | p95 ms | p99 ms | p99.9 ms | max ms |",
        "|---:|---:|---:|---|---:|---:|---:|---:|---:|",
    ]
    for run in result["runs"]:
        answers = ", ".join(f"{count:,} x {status}" for status, count in run["statuses"].items())
        ms = run["ms"]
        lines.append(
            f"| {run['rate']:,.0f} | {run['seconds'] / 60:g} | {run['sent']:,} | {answers} | {ms['p50']:.1f}"
            f" | {ms['p95']:.1f} | {ms['p99']:.1f} | {ms['p999']:.1f} | {ms['max']:.0f} |"
        )
    lines += [
        "",
        "From when the request was due until its row was inserted in ClickHouse; what waited when the last"
        " request had been answered:",
        "",
        "| requests/s | p50 s | p95 s | p99 s | max s | waiting in inbox, broker, loader | emptied in s"
        " | rows stored | worker's memory MiB, highest |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for run in result["runs"]:
        s, waiting = run["request_to_row_s"], run["backlog_at_end"]
        highest = max((sample["rss_mib"]["worker"] for sample in run["samples"]), default=0)
        lines.append(
            f"| {run['rate']:,.0f} | {s['p50']:.2f} | {s['p95']:.2f} | {s['p99']:.2f} | {s['max']:.2f}"
            f" | {waiting['inbox']:,}, {waiting['broker']:,}, {waiting['loader']:,} | {run['drained_s']:g}"
            f" | {run['stored']:,} | {highest} |"
        )
    lines += ["", *_usage(result["runs"])]
    lines += [
        "",
        "Every accepted delivery was stored once. Samples of every 5 s are in the JSON beside this page.",
        "",
    ]
    return "\n".join(lines)


def _disk(made: dict[str, Any]) -> str:
    if "sync_ms" not in made:
        return ""
    return ", 8 KB on disk in {p50} ms (p99 {p99})".format(**made["sync_ms"])


def _made(result: dict[str, Any]) -> list[dict[str, Any]]:
    """What was run, each command once."""
    made = [*([result["closed_loop"]] if "closed_loop" in result else []), *result["runs"]]
    return list({one["command"]: one for one in made}.values())


def _closed_loop(closed: dict[str, Any] | None) -> list[str]:
    if closed is None:
        return []
    lines = ["| closed loop, 64 connections | measured | ratio to the bare app |", "|---|---:|---:|"]
    for one in closed["measured"]:
        ratio = f"{one['value'] / one['reference']:.2f}" if one["reference"] else ""
        lines.append(f"| {one['name']} | {one['value']:,.1f} {one['unit']} | {ratio} |")
    return [*lines, ""]


def _usage(runs: list[dict[str, Any]]) -> list[str]:
    """The parts that any run spent 5 µs of CPU a delivery on, the most expensive first."""
    us = [run["cpu"]["us_per_delivery"] for run in runs]
    names = {name for one in us for name, value in one.items() if value >= 5}
    ordered = sorted(names, key=lambda name: -max(one.get(name, 0) for one in us))
    lines = [
        "CPU per accepted delivery in µs, until the last was in the warehouse, and how much of all cores was"
        " in use meanwhile, by the platform or by anything else:",
        "",
        f"| requests/s | {' | '.join(ordered)} | cores in use | by these parts |",
        f"|---:|{'---:|' * (len(ordered) + 2)}",
    ]
    for run, one in zip(runs, us, strict=True):
        cells = " | ".join(f"{one.get(name, 0):,}" for name in ordered)
        cores = int(run["machine"].split()[0])
        by_parts = sum(one.values()) / 1e6 * run["stored"] / (run["seconds"] + run["drained_s"]) / cores
        busy = run["cpu"]["machine_busy_share"]
        lines.append(f"| {run['rate']:,.0f} | {cells} | {busy:.0%} | {by_parts:.0%} |")
    return lines
