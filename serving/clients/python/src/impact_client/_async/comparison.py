"""A company's figures over time, between groups, and beside peers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from impact_client._answers import given, only
from impact_client._async.group import Group, each
from impact_client._generated.api.comparison import (
    reporting_compare_cohorts,
    reporting_get_benchmarks,
    reporting_get_cohort_metrics,
    reporting_get_funnels,
    reporting_get_retention,
    reporting_get_trends,
    reporting_list_cohorts,
)
from impact_client.models import (
    Benchmark,
    Benchmarks,
    CohortComparison,
    CohortMetrics,
    Cohorts,
    Funnels,
    Retention,
    Trend,
    TrendPoint,
)

Grain = Literal["month", "quarter"]
Granularity = Literal["day", "week", "month", "quarter"]
CompareWith = Literal["industry", "region", "size", "all"]


class Comparison(Group):
    """Numbers of groups are withheld where the group is too small to stay unrecognised."""

    async def get_trends(
        self,
        metric: str,
        *,
        granularity: Granularity = "month",
        first: date | None = None,
        last: date | None = None,
        company_id: UUID | str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Trend:
        """One metric by day, week, month or quarter, without gaps: one page."""
        answer = await reporting_get_trends.asyncio_detailed(
            self._company(company_id),
            client=self._client,
            metric=metric,
            granularity=granularity,
            from_=given(first),
            to=given(last),
            limit=limit,
            cursor=given(cursor),
        )
        return only(Trend, answer)

    def iter_trends(
        self,
        metric: str,
        *,
        granularity: Granularity = "month",
        first: date | None = None,
        last: date | None = None,
        company_id: UUID | str | None = None,
        limit: int = 500,
    ) -> AsyncIterator[TrendPoint]:
        """The points of `get_trends` over all pages."""
        return each(
            self.get_trends, metric, granularity=granularity, first=first, last=last, company_id=company_id,
            limit=limit,
        )  # fmt: skip

    async def list_cohorts(
        self, company_id: UUID | str | None = None, *, limit: int = 100, cursor: str | None = None
    ) -> Cohorts:
        """The groups of people the company watches: one page."""
        answer = await reporting_list_cohorts.asyncio_detailed(
            self._company(company_id), client=self._client, limit=limit, cursor=given(cursor)
        )
        return only(Cohorts, answer)

    async def get_cohort_metrics(
        self,
        cohort_id: UUID | str,
        *,
        metric: str | None = None,
        grain: Grain = "quarter",
        first: str | None = None,
        last: str | None = None,
        company_id: UUID | str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> CohortMetrics:
        """The figures of one group: one page."""
        answer = await reporting_get_cohort_metrics.asyncio_detailed(
            self._company(company_id),
            UUID(str(cohort_id)),
            client=self._client,
            metric=given(metric),
            grain=grain,
            from_=given(first),
            to=given(last),
            limit=limit,
            cursor=given(cursor),
        )
        return only(CohortMetrics, answer)

    async def compare_cohorts(
        self,
        cohort_ids: Sequence[UUID | str],
        metric: str,
        *,
        grain: Grain = "quarter",
        first: str | None = None,
        last: str | None = None,
        company_id: UUID | str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> CohortComparison:
        """One metric of up to 20 groups, period by period: one page."""
        answer = await reporting_compare_cohorts.asyncio_detailed(
            self._company(company_id),
            client=self._client,
            cohort_ids=",".join(str(cohort) for cohort in cohort_ids),
            metric=metric,
            grain=grain,
            from_=given(first),
            to=given(last),
            limit=limit,
            cursor=given(cursor),
        )
        return only(CohortComparison, answer)

    async def get_retention(
        self,
        company_id: UUID | str | None = None,
        *,
        program_type: str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Retention:
        """Who of a month's newcomers was active later: one page."""
        answer = await reporting_get_retention.asyncio_detailed(
            self._company(company_id),
            client=self._client,
            program_type=given(program_type),
            limit=limit,
            cursor=given(cursor),
        )
        return only(Retention, answer)

    async def get_funnels(
        self,
        company_id: UUID | str | None = None,
        *,
        program_type: str | None = None,
        quarter: str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Funnels:
        """How far the people of a quarter came: one page."""
        answer = await reporting_get_funnels.asyncio_detailed(
            self._company(company_id),
            client=self._client,
            program_type=given(program_type),
            quarter=given(quarter),
            limit=limit,
            cursor=given(cursor),
        )
        return only(Funnels, answer)

    async def benchmarks(
        self,
        company_id: UUID | str | None = None,
        *,
        compare_with: CompareWith = "industry",
        metric: str | None = None,
        period: str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Benchmarks:
        """The company's values beside its peers': one page."""
        answer = await reporting_get_benchmarks.asyncio_detailed(
            self._company(company_id),
            client=self._client,
            compare_with=compare_with,
            metric=given(metric),
            period=given(period),
            limit=limit,
            cursor=given(cursor),
        )
        return only(Benchmarks, answer)

    def iter_benchmarks(
        self,
        company_id: UUID | str | None = None,
        *,
        compare_with: CompareWith = "industry",
        metric: str | None = None,
        period: str | None = None,
        limit: int = 100,
    ) -> AsyncIterator[Benchmark]:
        """The items of `benchmarks` over all pages."""
        return each(
            self.benchmarks, company_id, compare_with=compare_with, metric=metric, period=period, limit=limit
        )
