"""Goals, funnels, returns, hours, a cohort and benchmarks as the API has them, beside the ledger's."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import aiohttp

from orchestration.demo.ledger import GRAINS, Ledger
from orchestration.demo.periods import Period, label
from orchestration.demo.progress import COHORT, COHORT_METRICS
from orchestration.demo.served import get, items
from orchestration.demo.state import CompanyKey

# By company, what it is, and of what it is; None where it is withheld or nobody can know.
Figures = dict[tuple[str, ...], float | None]
PEERS = ("industry", "region", "size", "all")
_RATIO, _VALUE, _COST = "ratio", "value", "cost"


def expected(ledger: Ledger) -> Figures:
    """Of benchmarks nothing: the peers of one of three companies are too few to be shown."""
    found: Figures = {}
    for (company, period, goal), count in ledger.returns.goals().items():
        found[_cell(company, "activities for goal", period, goal)] = count
    for (company, *stage), people in ledger.returns.funnels().items():
        found[str(company), "people at stage", *stage] = people
    for (company, period, scenario), worth in ledger.returns.returns().items():
        for name in (_RATIO, _VALUE, _COST):
            found[_cell(company, "return on work found", period, scenario, name)] = getattr(worth, name)
    for (company, period), hours in ledger.returns.hours().items():
        found[_cell(company, "hours of the impact score", period)] = hours
    for (company, metric, period), figure in ledger.progress.cohorts().items():
        for name in ("n", "value_sum", "p50"):
            value = None if figure is None else getattr(figure, "median" if name == "p50" else name)
            found[_cell(company, "cohort", period, metric, name)] = value
    return found


async def shown(session: aiohttp.ClientSession, address: str, key: CompanyKey, wanted: Figures) -> Figures:
    """What the API says of a company. Returns and impact scores of the periods that are wanted."""
    company, found = str(key.company_id), Figures()
    for grain in GRAINS:
        for item in await items(session, f"{address}/sdg", {"grain": grain}, key):
            found[company, "activities for goal", item["period"], str(item["sdg_goal"])] = item[
                "activities_count"
            ]
    for item in await items(session, f"{address}/funnels", {}, key):
        stage = (item["program_type"], item["cohort_quarter"], item["stage"])
        found[company, "people at stage", *stage] = item["people_count"]
    for period in sorted({cell[2] for cell in wanted if cell[:2] == (company, "return on work found")}):
        asked = {"period": period, "variant": "employment_npv"}
        for result in (await get(session, f"{address}/sroi", asked, key))["results"] or ():
            for name in (_RATIO, _VALUE, _COST):
                found[company, "return on work found", period, result["scenario"], name] = result[name]
    for period in sorted({cell[2] for cell in wanted if cell[:2] == (company, "hours of the impact score")}):
        vis = (await get(session, f"{address}/vis", {"period": period, "top": "0"}, key))["aggregate"]
        if vis is not None:
            found[company, "hours of the impact score", period] = vis["hours"]
    for cohort in await items(session, f"{address}/cohorts", {}, key):
        if cohort["name"] == COHORT:
            found |= await _cohort(session, f"{address}/cohorts/{cohort['cohort_id']}/metrics", key)
    for peers in PEERS:
        for item in await items(session, f"{address}/benchmarks", {"compare_with": peers}, key):
            if not item["is_suppressed"]:
                cell = (company, "benchmark", item["period"], peers, item["metric"])
                found[cell] = item["p50"]
    return found


def differences(wanted: Figures, got: Figures) -> Iterator[str]:
    """Every number that only one side has or withholds, or that differs by more than a billionth of it."""
    for cell in sorted(wanted.keys() | got.keys()):
        one, other = (_said(side, cell) for side in (wanted, got))
        if one != other and not _alike(one, other):
            yield f"{', '.join(cell[1:])} of company {cell[0]}: should be {one}, served {other}"


async def _cohort(session: aiohttp.ClientSession, url: str, key: CompanyKey) -> Figures:
    found = Figures()
    for grain in GRAINS:
        for metric in COHORT_METRICS:
            for item in await items(session, url, {"grain": grain, "metric": metric}, key):
                for name in ("n", "value_sum", "p50"):
                    found[str(key.company_id), "cohort", item["period"], metric, name] = item[name]
    return found


def _cell(company: UUID, what: str, period: Period, *rest: object) -> tuple[str, ...]:
    return str(company), what, label(period), *map(str, rest)


def _said(side: Figures, cell: tuple[str, ...]) -> Any:
    return side.get(cell, "missing")


def _alike(one: Any, other: Any) -> bool:
    # Money is served to a millionth.
    are_numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return are_numbers and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)
