"""What a soak or a day of chaos has left behind: its folder, read, however it ended."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.load.histogram import Histogram
from tests.soak.trends import Trend, trend

MIB, GIB = 1 << 20, 1 << 30
TENTHS = 10


@dataclass(frozen=True)
class Run:
    """A run's folder, read."""

    plan: Mapping[str, Any]
    samples: Sequence[Mapping[str, Any]]
    happenings: Sequence[Mapping[str, Any]]
    outcome: Mapping[str, Any] | None

    @classmethod
    def read(cls, folder: Path) -> Run:
        outcome = folder / "outcome.json"
        return cls(
            json.loads((folder / "plan.json").read_text()),
            _lines(folder / "samples.jsonl"),
            _lines(folder / "happenings.jsonl"),
            json.loads(outcome.read_text()) if outcome.exists() else None,
        )

    @property
    def seconds(self) -> float:
        """How long it was sent for."""
        ended = [one["at"] for one in self.happenings if one["what"] == "sent everything"]
        return float(ended[0] if ended else self.samples[-1]["at"] if self.samples else 0)

    @property
    def while_sending(self) -> Sequence[Mapping[str, Any]]:
        return [one for one in self.samples if one["at"] <= self.seconds + 1]

    def series(self, part: str, number: str) -> tuple[list[float], list[float]]:
        looks = [one for one in self.while_sending if part in one["processes"]]
        return [one["at"] for one in looks], [float(one["processes"][part][number]) for one in looks]

    @property
    def parts(self) -> list[str]:
        return list(dict.fromkeys(name for one in self.samples for name in one["processes"]))


def _lines(path: Path) -> list[dict[str, Any]]:
    """All lines but one that was cut off when the run was killed."""
    found = []
    for line in path.read_text().splitlines() if path.exists() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    return found


def tenths(run: Run) -> list[Histogram]:
    """Latencies by tenth of the sending, by when they were answered."""
    parts = [Histogram() for _ in range(TENTHS)]
    for one in run.while_sending:
        at = min(int(one["at"] / max(run.seconds, 1) * TENTHS), TENTHS - 1)
        parts[at].merge(Histogram.from_json(one["latency"]))
    return parts


def trends(run: Run, number: str) -> dict[str, Trend | None]:
    return {part: trend(*run.series(part, number)) for part in run.parts}
