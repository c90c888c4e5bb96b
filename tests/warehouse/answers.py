"""The questions of docs/analytics.md, and their answers as the page shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from numbers import Number
from pathlib import Path
from typing import Any

from clickhouse_connect.driver.query import QueryResult

from orchestration.stack.layout import PROJECT

PAGE = Path(PROJECT / "docs" / "analytics.md")
_QUESTION = re.compile(
    r"^### ([^\n]+)$.*?```sql\n(.+?)```\n\n((?:\|[^\n]*\n)*)", flags=re.MULTILINE | re.DOTALL
)


def questions(page: str) -> Mapping[str, tuple[str, str]]:
    """The SQL and the shown answer of each question."""
    return {title: (sql, shown) for title, sql, shown in _QUESTION.findall(page)}


def with_answer(page: str, question: str, answer: str) -> str:
    """The page with another answer below a question's SQL."""

    def replaced(found: re.Match[str]) -> str:
        if found[1] != question:
            return found[0]
        return found[0][: found.start(3) - found.start()] + answer

    return _QUESTION.sub(replaced, page)


def as_table(result: QueryResult) -> str:
    """A result as a Markdown table: text on the left, everything else on the right, a dash for null."""
    columns = list(zip(*result.result_rows, strict=True))
    rule = [
        ":-" if all(isinstance(value, str) or value is None for value in column) else "-:"
        for column in columns
    ]
    lines = [
        f"| {' | '.join(result.column_names)} |",
        f"|{'|'.join(rule)}|",
        *(f"| {' | '.join(map(_cell, row))} |" for row in result.result_rows),
    ]
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Number) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
