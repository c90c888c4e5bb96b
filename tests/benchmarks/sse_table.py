"""The results of `tests.benchmarks.sse` as rows of a table."""

from __future__ import annotations

from tests.benchmarks.sse_bench import Figures

_HEAD = [
    "measurement",
    "result",
    "p50",
    "p99",
    "min/max per client",
    "cores",
    "clients' cores",
    "memory",
    "ratio",
]


def table(results: list[Figures]) -> list[list[str]]:
    """Deliveries are compared with sse-starlette's best in this run."""
    reference = max((r["deliveries_per_s"] for r in results if r["name"] == "sse-starlette"), default=None)
    return [_HEAD, *(_row(one, reference) for one in results)]


def _row(result: Figures, reference: float | None) -> list[str]:
    if "deliveries_per_s" in result:
        return _deliveries(result, reference)
    said, memory = "", "–"
    if "ratio_of_p99" in result:
        each = ", ".join(f"{one:.2f}" for one in result["ratios"])
        said = f"median {result['ratio_of_p99']:.2f} of without ({each})"
    elif "all_ms" in result:
        said = f"first {result['first_byte_ms']:.1f} ms, all {result['all_ms']:.0f} ms"
    else:
        said, memory = f"{result['kb_per_stream']:.1f} KB each", f"{result['rss_mb']:,.0f} MB"
    return [result["name"], said, "–", "–", "–", "–", "–", memory, "–"]


def _deliveries(result: Figures, reference: float | None) -> list[str]:
    latency = result["latency_ms"]
    stalled = f", {result['stalled']} stalled" if result["stalled"] else ""
    return [
        f"{result['name']}: {result['clients']:,} clients{stalled}, {result['rate']:,.0f} events/s",
        f"{result['deliveries_per_s']:,.0f} deliveries/s",
        f"{latency['p50']:,.1f} ms" if latency else "–",
        f"{latency['p99']:,.1f} ms" if latency else "–",
        f"{result['fairness']:.3f}",
        f"{result['server_cores']:.2f}",
        f"{result['client_cores']:.2f}",
        f"{result['rss_mb']:,.0f} MB",
        f"{result['deliveries_per_s'] / reference:.1f}" if reference else "–",
    ]
