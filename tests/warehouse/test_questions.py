"""The questions in docs/analytics.md are asked of a real warehouse; the page names the tables that exist."""

from __future__ import annotations

import re

import pytest

from orchestration.stack.layout import PROJECT
from tests.warehouse.conftest import Warehouse

PAGE = (PROJECT / "docs" / "analytics.md").read_text(encoding="utf-8")
QUESTIONS = dict(re.findall(r"^### (.+?)$.*?```sql\n(.+?)```", PAGE, flags=re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered(filled_warehouse: Warehouse, question: str) -> None:
    sql = re.sub(r"\b(marts|raw)\.", rf"{filled_warehouse.prefix}\1.", QUESTIONS[question])
    assert filled_warehouse.client.query(sql).result_rows


def test_the_page_draws_the_marts_that_exist(filled_warehouse: Warehouse) -> None:
    drawn = set(re.findall(r"\b(?:dim|fct|metrics)_\w+", PAGE.split("```mermaid")[1].split("```")[0]))
    nodes = filled_warehouse.artifact("clickhouse", "manifest")["nodes"].values()
    assert drawn == {
        node["name"] for node in nodes
        if node["resource_type"] == "model" and node["path"].startswith("marts/")
    }  # fmt: skip
