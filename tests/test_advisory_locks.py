"""Each advisory lock of Postgres has a number of its own: two that share one would wait for each other."""

from __future__ import annotations

import re
from collections import Counter

from orchestration.stack.layout import PROJECT

NUMBER = re.compile(r"\b7_?163_?202_?(\d{3})\b")


def test_no_two_locks_share_a_number() -> None:
    sources = [
        path
        for room in ("ingest", "nlp", "orchestration", "serving")
        for path in (PROJECT / room).rglob("*")
        if path.suffix in (".py", ".sql")
    ]
    uses = Counter(number for path in sources for number in NUMBER.findall(path.read_text("utf-8")))
    assert len(uses) > 10
    assert [number for number, count in uses.items() if count > 1] == []
