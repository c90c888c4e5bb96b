"""Figures of one company, from the latest publication of the warehouse, and what is behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal
from uuid import UUID

import httpx

from impact_client._answers import given, only
from impact_client._generated.api.evidence import reporting_get_evidence
from impact_client._sync.comparison import Comparison
from impact_client._sync.figures import Figures, Grain
from impact_client._sync.group import each
from impact_client.models import CsrdExport, Evidence, EvidenceEvent


class Reporting(Figures, Comparison):
    """Periods are text: `2026-09` is a month, `2026-Q3` a quarter.

    `get_…` gives one page of a list and `iter_…` its items over all pages; `FiguresChanged` is raised when
    figures were published anew in between, since the pages would make a list that never was.
    """

    def get_csrd(
        self,
        company_id: UUID | str | None = None,
        *,
        grain: Grain = "quarter",
        first: str | None = None,
        last: str | None = None,
    ) -> CsrdExport:
        """Data points for a sustainability report, each with its unit and the reason of a missing number."""
        return CsrdExport.from_dict((self._csrd("json", company_id, grain, first, last)).json())

    def export(
        self,
        company_id: UUID | str | None = None,
        *,
        format: Literal["csv", "json", "parquet"] = "csv",  # noqa: A002 the API's own name
        grain: Grain = "quarter",
        first: str | None = None,
        last: str | None = None,
    ) -> bytes:
        """The same data points as the bytes of a file."""
        return (self._csrd(format, company_id, grain, first, last)).content

    def _csrd(
        self, kind: str, company_id: UUID | str | None, grain: Grain, first: str | None, last: str | None
    ) -> httpx.Response:
        # Not by the generated call, which knows one kind of answer per status where this route has three.
        params = {"format": kind, "grain": grain, "from": first, "to": last}
        return self._http.get(
            f"/v1/companies/{self._company(company_id)}/export/csrd",
            params={name: value for name, value in params.items() if value is not None},
        )

    def get_evidence(
        self,
        metric_id: str,
        *,
        first: date | None = None,
        last: date | None = None,
        company_id: UUID | str | None = None,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Evidence:
        """The events that a number was computed from, newest first: one page."""
        answer = reporting_get_evidence.sync_detailed(
            metric_id,
            client=self._client,
            from_=given(first),
            to=given(last),
            company_id=self._own(company_id),
            limit=limit,
            cursor=given(cursor),
        )
        return only(Evidence, answer)

    def iter_evidence(
        self,
        metric_id: str,
        *,
        first: date | None = None,
        last: date | None = None,
        company_id: UUID | str | None = None,
        limit: int = 100,
    ) -> Iterator[EvidenceEvent]:
        """The events of `get_evidence` over all pages."""
        return each(self.get_evidence, metric_id, first=first, last=last, company_id=company_id, limit=limit)
