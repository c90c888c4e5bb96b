"""Which metrics a query names, read off its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestration.monitoring.dashboards import DASHBOARDS

# Quoted strings, matchers, ranges, and lists of labels: what is left are functions, operators and metrics.
_NOT_METRICS = re.compile(r"\"[^\"]*\"|'[^']*'|\{[^}]*\}|\[[^\]]*\]|\b(?:by|on|without|ignoring)\s*\([^)]*\)")
_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\s*\()\b(?!\()")
_WORDS = frozenset({"and", "or", "unless", "by", "on", "bool", "sum", "max", "min"})


def metrics_of(expr: str) -> set[str]:
    return {name for name in _NAME.findall(_NOT_METRICS.sub(" ", expr)) if name not in _WORDS}


def panel_queries() -> Iterator[tuple[str, str]]:
    """Where a query is shown, and the query as Prometheus understands it: Grafana fills in the interval."""
    for dashboard in DASHBOARDS:
        for panel in dashboard.panels:
            for query in panel.queries:
                yield f"{dashboard.name}: {panel.title}", query.expr.replace("$__rate_interval", "5m")
