"""History is only added to: each addition is what was computed, and what was believed before stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.journey.history import Belief, Row, additions, at, believed

START = datetime(2026, 3, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def steps(*days: int) -> list[Belief]:
    """A flag that is set on the first of these days, cleared on the second, set on the third …"""
    return [Belief(day(number), position % 2 == 0) for position, number in enumerate(days)]


def test_a_step_that_follows_is_one_row() -> None:
    assert additions(steps(1), steps(1, 5)) == [Belief(day(5), False)]


def test_an_earlier_beginning_is_written_from_there_on() -> None:
    assert additions(steps(5, 9), steps(3, 9)) == steps(3, 9)


def test_a_step_that_never_was_is_taken_back_where_it_was() -> None:
    assert additions(steps(5), []) == [Belief(day(5), False)]
    assert additions(steps(5, 7), steps(9)) == [Belief(day(5), False), Belief(day(9), True)]


def test_what_is_the_same_adds_nothing() -> None:
    assert additions(steps(1, 2, 3), steps(1, 2, 3)) == []


timelines = st.lists(st.integers(0, 20), max_size=6, unique=True).map(lambda days: steps(*sorted(days)))


@settings(max_examples=100, deadline=None)
@given(st.lists(timelines, min_size=1, max_size=5))
def test_every_revision_is_believed_from_its_time_on(timelines: list[list[Belief]]) -> None:
    rows: list[Row] = []
    versions = []
    for revision, computed in enumerate(timelines, start=1):
        rows += [Row(revision, *one) for one in additions(believed(rows), computed)]
        versions.append(list(rows))
    for known, computed in zip(versions, timelines, strict=True):
        assert believed(known) == computed
        for number in range(-1, 22):
            expected = at(computed, day(number))
            assert at(believed(known), day(number)) == newest(known, day(number)) == expected


def newest(rows: list[Row], moment: datetime) -> bool:
    """As the API asks Postgres: of all that begins before, the highest revision, and there the latest."""
    before = [row for row in rows if row.valid_from <= moment]
    return max(before, key=lambda row: (row.revision, row.valid_from)).value if before else False
