"""The numbers as a customer sees them: read from the API, with the company's own key."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from orchestration.demo.ledger import GRAINS, Cell
from orchestration.demo.state import CompanyKey
from orchestration.stack.errors import PlatformError

UNREACHABLE_AFTER_S = 120
_NOT_NUMBERS = frozenset({"period", "period_start", "period_end"})


class ApiError(PlatformError):
    """The API does not answer as it should; carries its status and problem document."""


async def served(
    session: aiohttp.ClientSession, url: str, keys: tuple[CompanyKey, ...]
) -> dict[Cell, dict[str, float | None]]:
    """Every figure of every company, month and quarter."""
    found: dict[Cell, dict[str, float | None]] = {}
    for key in keys:
        for grain in GRAINS:
            parameters = {"grain": grain, "limit": "500"}  # 500 months are 41 years
            page = await get(session, f"{url}/v1/companies/{key.company_id}/metrics", parameters, key)
            for item in page["items"]:
                found[Cell(key.company_id, grain, item["period"])] = {
                    name: value for name, value in item.items() if name not in _NOT_NUMBERS
                }
    return found


async def get(
    session: aiohttp.ClientSession, url: str, parameters: dict[str, str], key: CompanyKey
) -> dict[str, Any]:
    """An answer of the API; ApiError if there is none for two minutes, or none to be had."""
    give_up_at = time.monotonic() + UNREACHABLE_AFTER_S
    while True:
        try:
            async with session.get(
                url, params=parameters, headers={"Authorization": f"Bearer {key.api_key}"}
            ) as response:
                if response.status == 200:
                    return dict(await response.json())
                problem = f"{response.status}: {(await response.text())[:300]}"
                if response.status < 500 and response.status != 429:
                    raise ApiError(f"GET {url} answered {problem}")
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = type(error).__name__
        if time.monotonic() > give_up_at:
            raise ApiError(
                f"GET {url} has failed for {UNREACHABLE_AFTER_S} s ({problem}); see `impact status`"
            )
        await asyncio.sleep(0.5)


@dataclass(frozen=True)
class ImpactScore:
    """A company's volunteer impact score of its latest quarter, or why there is none."""

    company: str
    period: str
    score: float | None
    band: str | None
    missing_reason: str | None


async def impact_scores(
    session: aiohttp.ClientSession, url: str, keys: tuple[CompanyKey, ...]
) -> list[ImpactScore]:
    found = []
    for key in keys:
        answer = await get(session, f"{url}/v1/companies/{key.company_id}/vis", {"top": "0"}, key)
        if vis := answer["aggregate"]:
            found.append(
                ImpactScore(key.name, answer["period"], vis["vis"], vis["band"], vis["missing_reason"])
            )
    return found


async def items(
    session: aiohttp.ClientSession, url: str, about: Mapping[str, str], key: CompanyKey
) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = {**about, "limit": "500", **({"cursor": cursor} if cursor else {})}
        try:
            page = await get(session, url, asked, key)
        except ApiError:
            if not cursor:
                raise
            found, cursor = [], ""  # a publication came between two pages: from the first again
            continue
        found += page["items"]
        cursor = page["next_cursor"]
    return found
