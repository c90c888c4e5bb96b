"""Pictures of a load: how long the slowest waited, how it went over time, and what each part held.

matplotlib is imported only here, without its windows and global state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.load.histogram import Histogram

INCHES = (9, 3.2)
DPI = 90
_SHARES = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999)


def draw(
    path: Path,
    *,
    tails: Mapping[str, Histogram],
    timelines: Mapping[str, Sequence[Mapping[str, Any]]],
    samples: Sequence[Mapping[str, Any]],
) -> None:
    """Write one PNG with a picture for each that has something to show."""
    from matplotlib.figure import Figure

    waits = any(any(sample["waiting"].values()) for sample in samples)
    panels: list[tuple[Callable[[Any, Any], None], object]] = [
        (panel, content)
        for panel, content in (
            (_tails, tails),
            (_timelines, timelines),
            (_memory, samples),
            (_waiting, samples if waits else ()),
        )
        if content
    ]
    figure = Figure(figsize=(INCHES[0], INCHES[1] * len(panels)), dpi=DPI, layout="constrained")
    for axes, (panel, content) in zip(figure.subplots(len(panels), squeeze=False)[:, 0], panels, strict=True):
        panel(axes, content)
        axes.grid(visible=True, alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def _tails(axes: Any, tails: Mapping[str, Histogram]) -> None:
    """By the number of nines, as HdrHistogram draws it: the tail has as much room as the rest."""
    for name, histogram in tails.items():
        if histogram.counts:
            points = [(1 / max(1 - share, 1e-6), ms) for share, ms in histogram.curve()]
            axes.plot(*zip(*points, strict=True), label=name, drawstyle="steps-pre")
    axes.set(xscale="log", yscale="log", xlabel="share of all", ylabel="ms, from when it was due")
    axes.set_xticks([1 / (1 - share) for share in _SHARES], [f"{share:.5g}" for share in _SHARES])
    axes.minorticks_off()
    axes.legend(fontsize="small")


def _timelines(axes: Any, timelines: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    for name, lines in timelines.items():
        for quantile, style in (("p50", ":"), ("p99", "-")):
            points = [(line["s"], line[quantile]) for line in lines if quantile in line]
            if points:
                axes.plot(*zip(*points, strict=True), style, label=f"{name} {quantile}", linewidth=1)
    axes.set(yscale="log", xlabel="s", ylabel="ms, each second")
    axes.legend(fontsize="small", ncols=3)


def _memory(axes: Any, samples: Sequence[Mapping[str, Any]]) -> None:
    names = sorted({name for sample in samples for name in sample["memory_mib"]})
    held = [[sample["memory_mib"].get(name, 0) for sample in samples] for name in names]
    axes.stackplot([sample["s"] for sample in samples], held, labels=names)
    axes.set(xlabel="s", ylabel="memory, MiB")
    axes.legend(fontsize="x-small", ncols=4, loc="lower left")


def _waiting(axes: Any, samples: Sequence[Mapping[str, Any]]) -> None:
    names = sorted({name for sample in samples for name, count in sample["waiting"].items() if count})
    for name in names:
        axes.plot(
            [sample["s"] for sample in samples],
            [sample["waiting"].get(name, 0) for sample in samples],
            label=name,
            linewidth=1,
        )
    axes.set(xlabel="s", ylabel="waiting", ylim=(0, None))
    if names:
        axes.legend(fontsize="x-small", ncols=4)
