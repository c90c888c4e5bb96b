"""The questions in docs/analytics.md have the answers shown, and the page draws the tables that exist."""

from __future__ import annotations

import os
import re

import pytest

from tests.warehouse.answers import PAGE, as_table, questions, with_answer
from tests.warehouse.conftest import Warehouse

TEXT = PAGE.read_text(encoding="utf-8")
QUESTIONS = questions(TEXT)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_the_answer_shown(filled_warehouse: Warehouse, question: str) -> None:
    sql, shown = QUESTIONS[question]
    sql = re.sub(r"\b(marts|raw)\.", rf"{filled_warehouse.prefix}\1.", sql)
    answer = as_table(filled_warehouse.client.query(sql))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        PAGE.write_text(with_answer(PAGE.read_text(encoding="utf-8"), question, answer), encoding="utf-8")
    else:
        assert answer == shown, "if this change is meant: UPDATE_SNAPSHOTS=1 pytest " + __file__


def test_the_page_asks_at_least_fifteen_questions() -> None:
    assert len(QUESTIONS) >= 15


def test_the_page_draws_the_marts_that_exist(filled_warehouse: Warehouse) -> None:
    diagram = "".join(part.split("```")[0] for part in TEXT.split("```mermaid")[1:])
    drawn = {
        name for pair in re.findall(r"^ +(\w+) [|o}]\S+ (\w+) :", diagram, re.MULTILINE) for name in pair
    }
    nodes = filled_warehouse.artifact("clickhouse", "manifest")["nodes"].values()
    assert drawn == {
        node["name"] for node in nodes
        if node["resource_type"] == "model" and node["path"].startswith("marts/")
    }  # fmt: skip
