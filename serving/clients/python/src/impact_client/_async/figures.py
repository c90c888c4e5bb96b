"""A company's own figures, period by period."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Literal
from uuid import UUID

from impact_client._answers import given, only
from impact_client._async.group import Group, each
from impact_client._generated.api.companies import (
    reporting_get_at_a_glance,
    reporting_get_history,
    reporting_get_metrics,
)
from impact_client._generated.api.value import (
    reporting_get_goals,
    reporting_get_outcomes,
    reporting_get_sroi,
    reporting_get_tile,
    reporting_get_tiles,
    reporting_get_vis,
)
from impact_client.models import (
    AtAGlance,
    CompanyMetrics,
    CompanyVis,
    Goals,
    History,
    OutcomeItem,
    OutcomeSeries,
    PeriodMetrics,
    Sroi,
    TileFigure,
    Tiles,
)
from impact_client.names import MetricName

Grain = Literal["month", "quarter"]


class Figures(Group):
    """What was put in, what came of it, what it was worth."""

    async def get_at_a_glance(self, period: str, *, company_id: UUID | str | None = None) -> AtAGlance:
        """A month or quarter on one page."""
        answer = await reporting_get_at_a_glance.asyncio_detailed(
            self._company(company_id), client=self._client, period=period
        )
        return only(AtAGlance, answer)

    async def get_metrics(
        self,
        company_id: UUID | str | None = None,
        *,
        grain: Grain = "month",
        first: str | None = None,
        last: str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> CompanyMetrics:
        """All figures, one item per month or quarter, oldest first: one page."""
        answer = await reporting_get_metrics.asyncio_detailed(
            self._company(company_id),
            client=self._client,
            grain=grain,
            from_=given(first),
            to=given(last),
            limit=limit,
            cursor=given(cursor),
        )
        return only(CompanyMetrics, answer)

    def iter_metrics(
        self,
        company_id: UUID | str | None = None,
        *,
        grain: Grain = "month",
        first: str | None = None,
        last: str | None = None,
        limit: int = 100,
    ) -> AsyncIterator[PeriodMetrics]:
        """The items of `get_metrics` over all pages; `limit` is the length of a page."""
        return each(self.get_metrics, company_id, grain=grain, first=first, last=last, limit=limit)

    async def get_history(
        self,
        metric: MetricName,
        *,
        months: int = 12,
        company_id: UUID | str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> History:
        """One figure of the last months, oldest first."""
        answer = await reporting_get_history.asyncio_detailed(
            self._company(company_id),
            client=self._client,
            metric=metric,
            months=months,
            limit=limit,
            cursor=given(cursor),
        )
        return only(History, answer)

    async def get_sroi(
        self,
        company_id: UUID | str | None = None,
        *,
        period: str | None = None,
        variant: Literal["employment_npv", "outcome_value"] | None = None,
        scenario: Literal["low", "base", "high"] | None = None,
    ) -> Sroi:
        """Social return on investment of a period, by default of the latest quarter, with its inputs."""
        answer = await reporting_get_sroi.asyncio_detailed(
            self._company(company_id),
            client=self._client,
            period=given(period),
            variant=given(variant),
            scenario=given(scenario),
        )
        return only(Sroi, answer)

    async def get_vis(
        self, company_id: UUID | str | None = None, *, period: str | None = None, top: int = 10
    ) -> CompanyVis:
        """Volunteer impact score with its parts, and who contributed most, by pseudonym."""
        answer = await reporting_get_vis.asyncio_detailed(
            self._company(company_id), client=self._client, period=given(period), top=top
        )
        return only(CompanyVis, answer)

    async def get_outcomes(
        self,
        company_id: UUID | str | None = None,
        *,
        dimensions: Sequence[str] | None = None,
        grain: Grain = "quarter",
        first: str | None = None,
        last: str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> OutcomeSeries:
        """Scores of what participants wrote, per period and dimension: one page."""
        answer = await reporting_get_outcomes.asyncio_detailed(
            self._company(company_id),
            client=self._client,
            dimensions=given(",".join(dimensions) if dimensions else None),
            grain=grain,
            from_=given(first),
            to=given(last),
            limit=limit,
            cursor=given(cursor),
        )
        return only(OutcomeSeries, answer)

    def iter_outcomes(
        self,
        company_id: UUID | str | None = None,
        *,
        dimensions: Sequence[str] | None = None,
        grain: Grain = "quarter",
        first: str | None = None,
        last: str | None = None,
        limit: int = 100,
    ) -> AsyncIterator[OutcomeItem]:
        """The items of `get_outcomes` over all pages."""
        return each(
            self.get_outcomes, company_id, dimensions=dimensions, grain=grain, first=first, last=last, limit=limit
        )

    async def get_tiles(
        self,
        company_id: UUID | str | None = None,
        *,
        tile: Literal["language", "mentorship", "upskilling", "weei"] | None = None,
        grain: Grain = "quarter",
        first: str | None = None,
        last: str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Tiles:
        """Figures of the programme tiles, or of one of them: one page."""
        company = self._company(company_id)
        if tile is None:
            answer = await reporting_get_tiles.asyncio_detailed(
                company, client=self._client, grain=grain, from_=given(first), to=given(last), limit=limit,
                cursor=given(cursor),
            )  # fmt: skip
        else:
            answer = await reporting_get_tile.asyncio_detailed(
                company, tile, client=self._client, grain=grain, from_=given(first), to=given(last),
                limit=limit, cursor=given(cursor),
            )  # fmt: skip
        return only(Tiles, answer)

    def iter_tiles(
        self,
        company_id: UUID | str | None = None,
        *,
        tile: Literal["language", "mentorship", "upskilling", "weei"] | None = None,
        grain: Grain = "quarter",
        first: str | None = None,
        last: str | None = None,
        limit: int = 100,
    ) -> AsyncIterator[TileFigure]:
        """The items of `get_tiles` over all pages."""
        return each(self.get_tiles, company_id, tile=tile, grain=grain, first=first, last=last, limit=limit)

    async def get_goals(
        self,
        company_id: UUID | str | None = None,
        *,
        grain: Grain = "quarter",
        first: str | None = None,
        last: str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Goals:
        """Activities per Sustainable Development Goal: one page."""
        answer = await reporting_get_goals.asyncio_detailed(
            self._company(company_id),
            client=self._client,
            grain=grain,
            from_=given(first),
            to=given(last),
            limit=limit,
            cursor=given(cursor),
        )
        return only(Goals, answer)
