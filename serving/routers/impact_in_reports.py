"""How deliveries kept what was promised over months: what an operator hands to a company."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from serving.auth import CallersPool, own_or_asked
from serving.openapi import IMPACT_IN_PROBLEMS
from serving.permissions import AnalyticsReader
from serving.problems import invalid_parameter
from serving.queries import impact_in_sla
from serving.routers.impact_in import PROMISE, ForCompany, PlatformFilter, judged
from serving.routers.impact_in_schemas import PlatformSla, SlaException, SlaMonth, SlaReport

router = APIRouter(prefix="/v1/impact-in", tags=["impact-in"])

MOST_MONTHS = 24
USUAL_MONTHS = 3
_MONTH = r"^20\d{2}-(0[1-9]|1[0-2])$"
Month = Annotated[
    str | None, Query(alias="from", pattern=_MONTH, description="First month; without it, three to the last.")
]
LastMonth = Annotated[
    str | None, Query(alias="to", pattern=_MONTH, description="Last month; without it, the one that runs.")
]


@router.get("/sla-report", responses=IMPACT_IN_PROBLEMS)
async def get_sla_report(
    caller: AnalyticsReader, pool: CallersPool, first: Month = None, last: LastMonth = None,
    platform: PlatformFilter = None, company_id: ForCompany = None,
) -> SlaReport:  # fmt: skip
    """How deliveries kept what was promised, month by month, and each one that did not."""
    last_month = _place(last) if last else _place(f"{datetime.now(UTC):%Y-%m}")
    first_month = _place(first) if first else last_month - USUAL_MONTHS + 1
    if not 0 < last_month - first_month + 1 <= MOST_MONTHS:
        raise invalid_parameter(
            "query.from", f"a report takes from one to {MOST_MONTHS} months: from is {_name(first_month)}"
            f" and to is {_name(last_month)}",
        )  # fmt: skip
    window = impact_in_sla.Window(
        own_or_asked(caller, company_id), _start(first_month), _start(last_month + 1), platform
    )
    found = await impact_in_sla.by_month(pool, window)
    exceptions = await impact_in_sla.exceptions(pool, window)
    count = exceptions[0]["all_count"] if exceptions else 0
    return SlaReport(
        first_month=_name(first_month), last_month=_name(last_month), promise=PROMISE,
        overall=[_sla(row) for (_, month), row in sorted(found.items(), key=_in_order) if month is None],
        items=[
            SlaMonth(month=f"{month:%Y-%m}", **vars(_sla(row)))
            for (_, month), row in sorted(found.items(), key=_in_order)
            if month is not None
        ],
        exceptions=[SlaException(**{k: v for k, v in row.items() if k != "all_count"}) for row in exceptions],
        exceptions_left_out=count - len(exceptions),
    )  # fmt: skip


def _sla(row: dict[str, Any]) -> PlatformSla:
    return judged({name: value for name, value in row.items() if name != "month"})


def _in_order(entry: tuple[tuple[str, date | None], object]) -> tuple[str, date]:
    platform, month = entry[0]
    return platform, month or date.min


def _place(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:]) - 1


def _name(place: int) -> str:
    return f"{place // 12:04}-{place % 12 + 1:02}"


def _start(place: int) -> datetime:
    return datetime(place // 12, place % 12 + 1, 1, tzinfo=UTC)
