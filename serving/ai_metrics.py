"""What Prometheus sees of model calls: the ledger's totals, whichever process made the calls.

Labels are bounded: companies are the first thousand that had a call paid, the others are `other`; models are
those of the registry. Read when somebody scrapes, so a process that has ended is counted all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import asyncpg
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from nlp.spend.budget import MICRODOLLARS
from serving.queries import ai

MOST_COMPANIES = 1000
_BY_MODEL = ["provider", "model", "company_id"]


async def collector(pool: asyncpg.Pool) -> Collector:
    """What the ledger says now."""
    totals = await ai.totals(pool, MOST_COMPANIES)
    budgets = await ai.budgets(pool, MOST_COMPANIES, datetime.now(UTC).date())
    return _Ledger(totals, budgets, await ai.alerts(pool))


class _Ledger(Collector):
    def __init__(
        self,
        totals: Iterable[Mapping[str, Any]],
        budgets: Iterable[Mapping[str, Any]],
        alerts: Mapping[int, int],
    ) -> None:
        self._totals, self._budgets, self._alerts = totals, budgets, alerts

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "ai_requests", "Attempts to call a model.", labels=[*_BY_MODEL, "status"]
        )
        tokens = CounterMetricFamily("ai_tokens_used", "Tokens paid for.", labels=[*_BY_MODEL, "kind"])
        cost = CounterMetricFamily("ai_cost_dollars", "Cost of model calls, in US dollars.", labels=_BY_MODEL)
        duration = SummaryMetricFamily(
            "ai_request_duration_seconds", "Seconds until a model answered.", labels=_BY_MODEL
        )
        sums: dict[tuple[str, str, str], list[float]] = {}
        for row in self._totals:
            by_model = (row["provider"], row["model"], row["company_id"])
            requests.add_metric([*by_model, row["outcome"]], row["calls_count"])
            one = sums.setdefault(by_model, [0.0] * 5)
            for place, name in enumerate(("input_tokens", "output_tokens", "cost_microdollars")):
                one[place] += row[name]
            if row["outcome"] == "answered":
                one[3] += row["calls_count"]
                one[4] += row["latency_ms"]
        for by_model, (input_tokens, output_tokens, microdollars, calls, latency_ms) in sums.items():
            tokens.add_metric([*by_model, "input"], input_tokens)
            tokens.add_metric([*by_model, "output"], output_tokens)
            cost.add_metric(by_model, microdollars / MICRODOLLARS)
            duration.add_metric(by_model, count_value=int(calls), sum_value=latency_ms / 1000)
        yield from (requests, tokens, cost, duration, *self._of_q2q())
        limit = GaugeMetricFamily("ai_budget_limit_dollars", "The month's cap.", labels=["company_id"])
        remaining = GaugeMetricFamily(
            "ai_budget_remaining_dollars", "What is neither spent nor put aside of it.", labels=["company_id"]
        )
        for row in self._budgets:
            cap, committed = row["cap_microdollars"], row["committed_microdollars"]
            limit.add_metric([row["company_id"]], cap / MICRODOLLARS)
            remaining.add_metric([row["company_id"]], max(0, cap - committed) / MICRODOLLARS)
        yield from (limit, remaining)
        alerts = CounterMetricFamily(
            "ai_budget_alerts",
            "Months of companies in which a threshold was reached; 100 is a refused call.",
            labels=["threshold"],
        )
        for threshold, count in sorted(self._alerts.items()):
            alerts.add_metric([str(threshold)], count)
        yield alerts

    def _of_q2q(self) -> Iterator[Metric]:
        """The same of calls that labelled texts, which are most of them."""
        requests = CounterMetricFamily("q2q_requests", "Calls that labelled texts.", labels=_BY_MODEL)
        tokens = CounterMetricFamily("q2q_tokens", "Tokens paid for them.", labels=_BY_MODEL)
        cost = CounterMetricFamily("q2q_cost_dollars", "Their cost, in US dollars.", labels=_BY_MODEL)
        sums: dict[tuple[str, str, str], list[int]] = {}
        for row in self._totals:
            one = sums.setdefault((row["provider"], row["model"], row["company_id"]), [0, 0, 0])
            for place, name in enumerate(("q2q_calls_count", "q2q_tokens", "q2q_cost_microdollars")):
                one[place] += row[name]
        for by_model, (calls, tokens_count, microdollars) in sums.items():
            requests.add_metric(by_model, calls)
            tokens.add_metric(by_model, tokens_count)
            cost.add_metric(by_model, microdollars / MICRODOLLARS)
        yield from (requests, tokens, cost)
