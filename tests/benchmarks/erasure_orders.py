"""Random orders of an erasure and of what goes on arriving: `python -m tests.benchmarks.erasure --orders N`.

Each order is a person of its own, who arrives by some of six doors before their erasure, while it runs, and
after it: new and repeated webhooks, a file of history, a redriven dead letter, a load, rows restored from a
backup. Then every store is asked what it knows of them. What was found is kept in
docs/reports/erasure_orders.{md,json}: the command goes on with orders it has not gone through.
"""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

from ingest.stores import clickhouse_client, nats_client, postgres_pool
from orchestration.privacy.erasure.erasing import Place
from tests.benchmarks import reports
from tests.privacy.erasure.lives import DOORS, ERASE, Life, acts_of, live
from tests.privacy.erasure.own_stores import stores_of_its_own

Result = dict[str, Any]

_TITLES = {
    "webhook": "a new webhook, dated into the future", "repeat": "a webhook repeated",
    "backfill": "a file of history, with a refused row", "redrive": "a dead letter, replayed",
    "load": "what was published, loaded",
    "restore": "rows of a backup put back, then `impact privacy restored`",
}  # fmt: skip


def run(orders: int, *, first: int = 0, minutes: float, folder: Path = reports.FOLDER) -> int:
    """Go through the orders that were not gone through yet; 1 if somebody came back in any."""
    raw = folder / "erasure_orders.json"
    kept: dict[str, Result] = json.loads(raw.read_text())["measured"] if raw.exists() else {}
    # One whose acts are others now has not been gone through.
    kept = {seed: one for seed, one in kept.items() if one["acts"] == acts_of(_order(int(seed)))}
    waiting = [seed for seed in range(first, orders) if str(seed) not in kept]
    if waiting:
        with (
            tempfile.TemporaryDirectory(prefix="impact-orders-") as home,
            stores_of_its_own(Path(home)) as place,
        ):
            asyncio.run(_each(place, waiting, kept, monotonic() + minutes * 60, orders, folder))
    print(_said(kept))
    return 1 if any(any(one["left"].values()) for one in kept.values()) else 0


async def _each(
    place: Place, seeds: list[int], kept: dict[str, Result], until: float, orders: int, folder: Path
) -> None:
    nats = await nats_client(place.settings, name="benchmark")
    async with await postgres_pool(place.settings) as pool:
        with (
            closing(clickhouse_client(place.settings)) as clickhouse,
            tempfile.TemporaryDirectory() as files,
        ):
            for seed in seeds:
                if monotonic() > until:
                    break
                began, acts = monotonic(), acts_of(_order(seed))
                left = await live(Life(place, pool, nats, clickhouse, Path(files)), acts)
                seconds = round(monotonic() - began, 1)
                kept[str(seed)] = {"acts": acts, "left": left, "seconds": seconds}
                _write(kept, orders, folder)
                came_back = f"CAME BACK: {left}" if any(left.values()) else "gone"
                print(f"order {seed}, {', '.join(acts)}: {came_back} ({seconds} s)", flush=True)
    await nats.close()


def _order(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311


def _write(results: dict[str, Result], orders: int, folder: Path) -> None:
    counts: dict[str, Counter[str]] = {door: Counter() for door in DOORS}
    for one in results.values():
        at = next(place for place, act in enumerate(one["acts"]) if ERASE in act)
        for place, act in enumerate(one["acts"]):
            when = "before" if place < at else "after" if place > at else "while"
            for door in act.split("+"):
                if door != ERASE:
                    counts[door][when] += 1
                    counts[door]["came back"] += any(one["left"].values())
    columns = ("before", "while", "after", "came back")
    head = ["the person arrives by", "before the erasure", "while it ran", "after it", "and came back"]
    rows = [[_TITLES[door], *(str(counts[door][one]) for one in columns)] for door in DOORS]
    reports.write(
        "erasure_orders", "Erasures against what goes on arriving", [head, *rows], results,
        command=f"python -m tests.benchmarks.erasure --orders {orders}", notes=_said(results), folder=folder,
    )  # fmt: skip


def _said(results: dict[str, Result]) -> str:
    came_back = sum(any(one["left"].values()) for one in results.values())
    return f"{len(results)} random orders, {came_back} people came back."
