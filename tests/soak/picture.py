"""A soak as a picture: memory by process, what waits, and the latency of deliveries, over time."""

from __future__ import annotations

from pathlib import Path

from tests.load.histogram import Histogram
from tests.soak.runs import MIB, Run


def draw(run: Run, path: Path) -> None:
    """Write the PNG. Needs matplotlib, which a checkout has: ImportError without it."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (memory, waiting, latency) = pyplot.subplots(3, 1, figsize=(10, 11), sharex=True)
    memory.set_prop_cycle(color=matplotlib.colormaps["tab20"].colors)
    for part in run.parts:
        at, values = run.series(part, "memory")
        memory.plot([one / 60 for one in at], [one / MIB for one in values], label=part, linewidth=1)
    memory.set_ylabel("memory, MiB")
    memory.legend(fontsize=7, ncols=4)
    looks = run.while_sending
    at = [one["at"] / 60 for one in looks]
    for step in sorted({step for one in looks for step in one["waiting"]}):
        counts = [one["waiting"].get(step, 0) for one in looks]
        if any(counts):
            waiting.plot(at, counts, label=step, linewidth=1)
    waiting.set_ylabel("waiting")
    waiting.legend(fontsize=7, ncols=4)
    parts = [Histogram.from_json(one["latency"]) for one in looks]
    for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99")):
        points = [(minute, part.ms(share)) for minute, part in zip(at, parts, strict=True) if part.total]
        latency.plot([one[0] for one in points], [one[1] for one in points], label=name, linewidth=1)
    latency.set_ylabel("latency of a delivery, ms")
    latency.set_yscale("log")
    latency.set_xlabel("minutes")
    latency.legend(fontsize=7)
    for happening in run.happenings:
        for axes in (memory, waiting, latency):
            axes.axvline(happening["at"] / 60, color="grey", linewidth=0.5, linestyle=":")
        memory.text(happening["at"] / 60, memory.get_ylim()[1], f" {happening['what']}", fontsize=6, va="top")
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
