"""Dashboards as values: what is asked and how it is shown, without Grafana's many words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

# What Grafana calls the units we use.
Unit = Literal["short", "s", "bytes", "percentunit", "ops", "reqps", "currencyUSD", "dateTimeFromNow", "bool"]

_COLUMNS, _WIDTH, _HEIGHT = 24, 8, 8
_DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}


@dataclass(frozen=True)
class Query:
    """PromQL, and how its series are called in the legend."""

    expr: str
    legend: str


@dataclass(frozen=True)
class Panel:
    """One question. `help` says what a good answer looks like."""

    title: str
    help: str
    queries: Sequence[Query]
    unit: Unit = "short"
    kind: Literal["timeseries", "stat"] = "timeseries"


@dataclass(frozen=True)
class Dashboard:
    name: str  # of its file, and its place in Grafana's addresses
    title: str
    help: str
    panels: Sequence[Panel]


def ask(title: str, help_: str, *queries: tuple[str, str], unit: Unit = "short") -> Panel:
    """A panel over time."""
    return Panel(title, help_, [Query(*query) for query in queries], unit)


def now(title: str, help_: str, expr: str, *, unit: Unit = "short", legend: str = "") -> Panel:
    """A panel with the newest number alone."""
    return Panel(title, help_, [Query(expr, legend)], unit, "stat")


def grafana(dashboard: Dashboard) -> dict[str, Any]:
    """The dashboard as Grafana imports it."""
    return {
        "uid": f"impact-{dashboard.name}",
        "title": f"Impact platform: {dashboard.title}",
        "description": dashboard.help,
        "tags": ["impact-platform"],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "timezone": "utc",
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {
            "list": [
                {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}
            ]
        },
        "panels": [_panel(place, panel) for place, panel in enumerate(dashboard.panels)],
    }


def _panel(place: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(place * _WIDTH, _COLUMNS)
    return {
        "id": place + 1,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.help,
        "datasource": _DATASOURCE,
        "gridPos": {"x": column, "y": row * _HEIGHT, "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": _OPTIONS[panel.kind],
        "targets": [
            {
                "refId": chr(ord("A") + number),
                "datasource": _DATASOURCE,
                "expr": query.expr,
                "legendFormat": query.legend,
                **({"instant": True} if panel.kind == "stat" else {}),
            }
            for number, query in enumerate(panel.queries)
        ],
    }


_OPTIONS: dict[str, dict[str, Any]] = {
    "timeseries": {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    "stat": {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}, "colorMode": "none"},
}
