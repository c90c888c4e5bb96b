"""What a customer's dashboard reads beside the figures of periods, and what the ledger expects there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import aiohttp

from orchestration.demo import worth
from orchestration.demo.ledger import GRAINS, GRANULARITIES, TRENDS, Cell, Ledger, period_of, same
from orchestration.demo.programmes import TileCell
from orchestration.demo.served import items
from orchestration.demo.state import CompanyKey
from orchestration.demo.worth import Figures

Retained = tuple[UUID, str, str, int]


@dataclass
class Dashboard:
    """Every number that is not nought. Retention also where it is withheld, as None, and so is the worth."""

    trends: dict[tuple[Cell, str], float] = field(default_factory=dict)
    tiles: dict[TileCell, float] = field(default_factory=dict)
    retention: dict[Retained, tuple[int, int] | None] = field(default_factory=dict)
    worth: Figures = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.trends) + len(self.tiles) + len(self.retention) + len(self.worth)


def expected(ledger: Ledger) -> Dashboard:
    trends = {(cell, name): value for cell, row in ledger.trends().items() for name, value in row.items()}
    return Dashboard(trends, ledger.programmes.tiles(), ledger.retention(), worth.expected(ledger))


async def shown(
    session: aiohttp.ClientSession, url: str, keys: tuple[CompanyKey, ...], wanted: Dashboard
) -> Dashboard:
    """What the API tells each company, with its own key."""
    found = Dashboard()
    for key in keys:
        company, address = key.company_id, f"{url}/v1/companies/{key.company_id}"
        for granularity in GRANULARITIES:
            for metric in TRENDS:
                about = {"metric": metric, "granularity": granularity}
                for item in await items(session, f"{address}/trends", about, key):
                    if item["value"]:
                        start = datetime.fromisoformat(item["period_start"])
                        cell = Cell(company, granularity, period_of(granularity, start))
                        found.trends[cell, metric] = item["value"]
        for grain in GRAINS:
            for item in await items(session, f"{address}/tiles", {"grain": grain}, key):
                if item["value"]:
                    start_on = date.fromisoformat(item["period_start"])
                    tile = TileCell(company, grain, start_on, item["tile"], item["metric"])
                    found.tiles[tile] = item["value"]
        for item in await items(session, f"{address}/retention", {}, key):
            retained = (company, item["program_type"], item["cohort_month"], item["months_since"])
            found.retention[retained] = (
                None if item["is_suppressed"] else (item["cohort_size"], item["active_count"])
            )
        found.worth |= await worth.shown(session, address, key, wanted.worth)
    return found


def differences(wanted: Dashboard, got: Dashboard) -> Iterator[str]:
    """Every number that only one side has, or that differs by more than 1e-9."""
    yield from _differing("trend", wanted.trends, got.trends)
    # Tiles have more numbers than the ledger knows: those of bookings.
    known = {(cell.tile, cell.metric) for cell in wanted.tiles}
    yield from _differing(
        "tile", wanted.tiles, {cell: n for cell, n in got.tiles.items() if (cell.tile, cell.metric) in known}
    )
    for cell in sorted(wanted.retention.keys() | got.retention.keys(), key=str):
        one, other = (side.retention.get(cell, "missing") for side in (wanted, got))
        if one != other:
            yield f"retention of {cell}: should be {one}, served {other}"
    yield from worth.differences(wanted.worth, got.worth)


def _differing(what: str, wanted: Mapping[Any, float], got: Mapping[Any, float]) -> Iterator[str]:
    for cell in sorted(wanted.keys() | got.keys(), key=str):
        one, other = wanted.get(cell, 0.0), got.get(cell, 0.0)
        if not same(one, other):
            yield f"{what} {cell}: should be {one}, served {other}"
