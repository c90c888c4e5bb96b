"""docs/metrics.md tells the truth: examples come out as printed, no metric and no version is left out."""

from __future__ import annotations

import re

import pytest

from orchestration.formulas.registry import registry
from orchestration.stack.layout import PROJECT
from tests.warehouse.conftest import Warehouse

PAGE = (PROJECT / "docs" / "metrics.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sql\n(.+?)```\n```text\n(.+?)```", PAGE, flags=re.DOTALL)
LABELS = {"company_id", "period_grain", "period", "period_start", "period_end"}


@pytest.mark.parametrize(("sql", "output"), EXAMPLES)
def test_an_example_comes_out_as_printed(warehouse: Warehouse, sql: str, output: str) -> None:
    assert warehouse.client.raw_query(sql, fmt="TSVWithNames").decode() == output


def test_every_formula_is_there_with_its_version() -> None:
    assert EXAMPLES
    for formula in registry().formulas:
        assert re.search(rf"{re.escape(formula)}/\d", PAGE), formula


def test_every_metric_of_the_dashboard_and_the_tiles_is_explained(filled_warehouse: Warehouse) -> None:
    columns = set(filled_warehouse.columns("marts.metrics_company_period")) - LABELS
    tiles = {metric for (metric,) in filled_warehouse.rows("marts.program_tiles", "distinct metric")}
    assert tiles
    assert [name for name in sorted(columns | tiles) if f"`{name}`" not in PAGE] == []
