"""The numbers as a customer sees them: read from the API, with the company's own key."""

from __future__ import annotations

import asyncio
import time
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
