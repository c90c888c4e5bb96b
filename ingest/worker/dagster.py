"""Tells Dagster what was loaded, as materializations of the asset `raw/events`.

A courtesy to whoever looks at the asset graph: while Dagster is away the counts add up and are told later,
and nothing here slows or stops the loading.
"""

from __future__ import annotations

import asyncio

import aiohttp
import structlog

from ingest.load_report import LoadReport

log = structlog.get_logger(__name__)

TRACES = "traces"  # of the metadata: where the marts' builds find what to link to
ASSET = "raw/events"
EVERY_S = 10.0  # a materialization is a row in Dagster's event log: per batch would be thousands an hour
TIMEOUT_S = 5.0


class LoadReporter:
    """Adds up loads and reports them from time to time."""

    def __init__(self, dagster_url: str, *, every_s: float = EVERY_S) -> None:
        self._address = f"{dagster_url.rstrip('/')}/report_asset_materialization/{ASSET}"
        self._every_s = every_s
        self._untold = LoadReport()

    def add(self, report: LoadReport) -> None:
        self._untold += report

    async def run(self) -> None:
        """Report until cancelled."""
        is_away = False
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as session:
            while True:
                await asyncio.sleep(self._every_s)
                if not self._untold.row_count:
                    continue
                telling, self._untold = self._untold, LoadReport()
                try:
                    async with session.post(self._address, json={"metadata": _metadata(telling)}) as response:
                        response.raise_for_status()
                except (aiohttp.ClientError, TimeoutError) as error:
                    self._untold += telling
                    if not is_away:
                        log.info("Dagster is away; loads are reported later", error=type(error).__name__)
                    is_away = True
                else:
                    is_away = False


def _metadata(report: LoadReport) -> dict[str, int | float | str | None]:
    return {
        "loaded_row_count": report.row_count,
        "lag_s": round(report.lag_s, 3),
        "first_sequence": report.first_sequence,
        "last_sequence": report.last_sequence,
        "already_loaded_count": report.already_loaded_count,
        "unreadable_count": report.unreadable_count,
        **({TRACES: " ".join(report.traces)} if report.traces else {}),
    }
