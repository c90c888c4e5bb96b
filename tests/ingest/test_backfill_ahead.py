"""Items made ahead in threads, one stage ahead of another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from ingest.backfill.ahead import ahead


def _threads() -> int:
    return sum(thread.name == "backfill-ahead" for thread in threading.enumerate())


def test_stages_in_a_row_keep_order_and_end_together() -> None:
    before = _threads()
    first = ahead(iter(range(1000)), depth=1)
    with closing(ahead((number * 2 for number in first), depth=1)) as doubled:
        assert list(doubled) == list(range(0, 2000, 2))
    assert _threads() == before


def test_closing_the_last_stage_stops_those_before_it() -> None:
    before = _threads()
    first = ahead(iter(range(1_000_000)), depth=1)
    with closing(ahead(first, depth=1)) as second:
        assert next(second) == 0
    assert _threads() == before


def test_an_error_of_the_first_stage_arrives_at_the_end() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("third row")

    with closing(ahead(ahead(broken(), depth=1), depth=1)) as second:
        assert next(second) == 1
        with pytest.raises(ValueError, match="third row"):
            next(second)
