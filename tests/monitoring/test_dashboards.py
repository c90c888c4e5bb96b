"""The dashboards' files are what the code makes, and Grafana can show them. Their queries are asked of a real
Prometheus in `tests/whole_platform/test_with_monitoring.py`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from orchestration.monitoring import files
from orchestration.monitoring.dashboards import DASHBOARDS
from orchestration.monitoring.panels import Dashboard, ask, grafana
from tests.monitoring.promql import metrics_of

NAMES = [dashboard.name for dashboard in DASHBOARDS]
_LEGEND = re.compile(r"\{\{(\w+)\}\}")


def test_the_files_are_as_the_code_has_them() -> None:
    assert files.differing() == [], "`impact monitoring write` mends that"


def test_a_changed_missing_or_left_over_file_is_named(tmp_path: Path) -> None:
    for name, text in files.contents().items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "privacy.json").write_text("{}", "utf-8")
    (tmp_path / "freshness.json").unlink()
    (tmp_path / "forgotten.json").write_text("{}", "utf-8")
    assert files.differing(tmp_path) == ["forgotten.json", "freshness.json", "privacy.json"]


def test_dashboards_are_told_apart() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert len({dashboard.title for dashboard in DASHBOARDS}) == len(NAMES)


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=NAMES)
def test_a_dashboard_can_be_shown(dashboard: Dashboard) -> None:
    assert problems(grafana(dashboard)) == []


def test_what_cannot_be_shown_is_found() -> None:
    """The lint sees what it is for."""
    shown = grafana(Dashboard("x", "x", "x", (ask("One", "Help.", ("rate(a_total[5m])", "{{b}}")),) * 2))
    shown["panels"][1]["gridPos"]["x"] = 4
    shown["panels"][1]["targets"][0]["legendFormat"] = ""
    shown["panels"][1]["targets"][0]["expr"] = "sum by (c) (rate(a_total[5m]))"
    shown["panels"][0]["targets"][0]["expr"] = "sum by (c) (rate(a_total[5m]))"
    assert problems(shown) == [
        "One: its legend names {'b'}, which the query leaves out",
        "One: a title that another panel has",
        "One: lies over another panel",
        "One: a series without a name",
    ]


def problems(shown: dict[str, Any]) -> list[str]:
    """What is wrong with a dashboard's JSON."""
    assert json.loads(json.dumps(shown)) == shown
    found: list[str] = []
    titles: set[str] = set()
    taken: set[tuple[int, int]] = set()
    ids: set[int] = set()
    for panel in shown["panels"]:
        title = panel["title"]
        if title in titles:
            found.append(f"{title}: a title that another panel has")
        if panel["id"] in ids:
            found.append(f"{title}: an id that another panel has")
        if not (panel["description"].endswith(".") and panel["targets"]):
            found.append(f"{title}: says nothing of what is good, or asks nothing")
        place = panel["gridPos"]
        cells = {
            (place["x"] + column, place["y"] + row)
            for column in range(place["w"])
            for row in range(place["h"])
        }
        if cells & taken or place["x"] + place["w"] > 24:
            found.append(f"{title}: lies over another panel")
        for target in panel["targets"]:
            if panel["type"] == "timeseries" and not target["legendFormat"]:
                found.append(f"{title}: a series without a name")
            if (kept := _kept_labels(target["expr"])) is not None:
                lost = set(_LEGEND.findall(target["legendFormat"])) - kept
                if lost:
                    found.append(f"{title}: its legend names {lost}, which the query leaves out")
        titles.add(title)
        ids.add(panel["id"])
        taken |= cells
    return found


def _kept_labels(expr: str) -> set[str] | None:
    """The labels that an aggregation leaves; None where nothing is aggregated."""
    if not (by := re.findall(r"\bby \(([^)]*)\)", expr)):
        return set() if re.match(r"(sum|max|min)\(", expr) else None
    return {label.strip() for group in by for label in group.split(",")}


def test_metrics_are_read_off_a_query() -> None:
    query = 'histogram_quantile(0.95, sum by (le, route) (rate(a_bucket{b="c_d"}[5m]))) / clamp_min(e, 1) > 2'
    assert metrics_of(query) == {"a_bucket", "e"}
    assert metrics_of("time() - max(retention_at) > 26 * 3600") == {"retention_at"}
    assert metrics_of('a{x="y"} > 0 and on (instance) sum by (i) (rate(b_total[5m])) == 0') == {
        "a",
        "b_total",
    }
