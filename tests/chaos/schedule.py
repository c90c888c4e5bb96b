"""What breaks when: the same seed gives the same schedule, so that what it found can be found again."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["kill", "pause", "slow", "cut", "disk", "clock"]
STORES = ("nats", "postgres", "clickhouse")
# How long each lasts, in seconds, and by how much it is done, where that means something.
LASTS: Mapping[Kind, tuple[float, float]] = {
    "kill": (0.0, 0.0), "pause": (1.0, 8.0), "slow": (3.0, 12.0), "cut": (0.5, 5.0), "disk": (3.0, 8.0),
    "clock": (5.0, 15.0),
}  # fmt: skip
SLOWEST_S = 0.3  # each way, for each piece that comes through
# A signature may be 300 s old: with what is in flight, a clock that is wrong by less refuses nobody.
FARTHEST_STEP_S = 240.0


@dataclass(frozen=True)
class Fault:
    """What is done to one part, in seconds since the start. `size`: seconds of delay, or of the step."""

    at: float
    kind: Kind
    victim: str
    seconds: float = 0.0
    size: float = 0.0

    def __str__(self) -> str:
        size = f" by {self.size:+.2g} s" if self.size else ""
        return f"{self.at:.1f} s: {self.kind} {self.victim}{size}" + (
            f" for {self.seconds:.1f} s" if self.seconds else ""
        )


def schedule(
    seed: int,
    seconds: float,
    *,
    every_s: float,
    processes: Sequence[str],
    kinds: Collection[Kind] = ("kill", "pause", "slow", "cut"),
    scale: float = 1.0,
) -> list[Fault]:
    """Faults about `every_s` apart; each kind comes once in a round, and each victim in a round of its kind.

    `scale` shortens how long they last. `kill` and `pause` hit any process, the others what they can.
    """
    chance = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    victims: dict[Kind, list[str]] = {kind: [] for kind in kinds}
    found: list[Fault] = []
    round_: list[Kind] = []
    at = 0.0
    while True:
        at += chance.uniform(0.5, 1.5) * every_s
        if at >= seconds:
            return found
        if not round_:
            round_ = sorted(kinds)
            chance.shuffle(round_)
        kind = round_.pop()
        if not victims[kind]:
            victims[kind] = list(_victims(kind, processes))
            chance.shuffle(victims[kind])
        low, high = LASTS[kind]
        found.append(
            Fault(
                round(at, 2), kind, victims[kind].pop(), round(scale * chance.uniform(low, high), 2),
                _size(kind, chance),
            )
        )  # fmt: skip


def _victims(kind: Kind, processes: Sequence[str]) -> Sequence[str]:
    if kind in ("kill", "pause"):
        return processes
    if kind in ("slow", "cut"):
        return STORES
    return ("stores",) if kind == "disk" else ("applications",)


def _size(kind: Kind, chance: random.Random) -> float:
    if kind == "slow":
        return round(chance.uniform(0.02, SLOWEST_S), 3)
    if kind == "clock":
        return round(chance.choice((-1, 1)) * chance.uniform(20, FARTHEST_STEP_S), 1)
    return 0.0
