"""Figures as tables of a page, and the section of a page that a command owns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nlp.safety.evaluation.measures import Agreement, Share

PAGE = Path("docs/reports/safety.md")
RAW = Path("docs/reports/safety.json")


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def share(one: Share) -> str:
    """`0.98 (0.93–1.00) of 42`; a dash where there is nothing to share."""
    if not one.count:
        return "–"
    low, high = one.interval
    return f"{one.value:.3f} ({low:.3f}–{high:.3f}) of {one.count}"


def f1(one: Agreement) -> str:
    low, high = one.f1_interval
    return f"{one.f1:.3f} ({low:.3f}–{high:.3f})"


def write(name: str, title: str, body: str, raw: Any) -> None:
    """Replace a command's own section of the page, and its figures in the file of raw figures."""
    start, end = f"<!-- {name}: written by a command -->", f"<!-- end of {name} -->"
    section = f"{start}\n## {title}\n\n{body}\n{end}\n"
    page = PAGE.read_text("utf-8") if PAGE.exists() else "# Safety and redaction, measured\n"
    if start in page:
        before, rest = page.split(start, 1)
        page = before + section + rest.split(end, 1)[1].lstrip("\n")
    else:
        page = page.rstrip("\n") + "\n\n" + section
    PAGE.write_text(page, "utf-8")
    figures = json.loads(RAW.read_text("utf-8")) if RAW.exists() else {}
    RAW.write_text(json.dumps({**figures, name: raw}, indent=1, sort_keys=True) + "\n", "utf-8")
