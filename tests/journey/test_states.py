"""A flag follows its conditions by its hold times and expiry, however a history is cut into evaluations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.journey.states import Policy, State, Step, advance, deadline

START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
Moments = list[tuple[datetime, bool]]


def on(days: float) -> datetime:
    return START + days * DAY


def steps(
    policy: Policy, moments: list[tuple[float, bool]], through: float = 100
) -> list[tuple[float, bool]]:
    _, found = advance(State(), policy, [(on(day), holds) for day, holds in moments], on(through))
    return [((one.at - START) / DAY, one.value) for one in found]


def test_without_hold_times_a_flag_follows_at_once() -> None:
    assert steps(Policy(), [(1, True), (4, False), (6, True)]) == [(1, True), (4, False), (6, True)]


def test_a_flag_is_set_once_its_conditions_have_held_long_enough() -> None:
    policy = Policy(hold_on=3 * DAY)
    assert steps(policy, [(1, True), (3, False), (10, True)]) == [(13, True)]
    assert steps(policy, [(1, True)], through=3) == []


def test_a_short_gap_does_not_clear_a_flag() -> None:
    policy = Policy(hold_off=2 * DAY)
    assert steps(policy, [(1, True), (5, False), (6, True), (9, False)]) == [(1, True), (11, False)]


def test_an_expired_flag_is_set_again_only_when_its_conditions_hold_anew() -> None:
    policy = Policy(expires_after=10 * DAY)
    assert steps(policy, [(1, True)]) == [(1, True), (11, False)]
    assert steps(policy, [(1, True), (20, False), (30, True)], 35) == [(1, True), (11, False), (30, True)]
    state, [_, last] = advance(State(), policy, [(on(1), True)], on(50))
    assert (last, state.is_spent) == (Step(on(11), False, is_final=True), True)


def test_a_flag_that_expires_while_it_is_being_cleared_can_be_set_again() -> None:
    policy = Policy(hold_off=10 * DAY, expires_after=10 * DAY)
    assert steps(policy, [(1, True), (8, False), (30, True)], 35) == [(1, True), (11, False), (30, True)]


def test_a_flag_that_another_rule_clears_is_set_again_only_when_its_conditions_hold_anew() -> None:
    moments = [(on(1), True), (on(5), None), (on(8), False), (on(9), True)]
    _, found = advance(State(), Policy(), moments, on(20))
    assert found == [Step(on(1), True), Step(on(5), False, is_final=True), Step(on(9), True)]


def test_a_sticky_flag_stays() -> None:
    assert steps(Policy(is_sticky=True), [(2, True), (3, False), (4, True)]) == [(2, True)]


def test_it_says_when_time_alone_changes_the_flag() -> None:
    policy = Policy(hold_on=3 * DAY, expires_after=10 * DAY)
    waiting, _ = advance(State(), policy, [(on(1), True)], on(2))
    assert deadline(waiting, policy) == on(4)
    holding, _ = advance(waiting, policy, [], on(4))
    assert deadline(holding, policy) == on(14)
    assert deadline(State(), policy) is None


days = st.integers(0, 12).map(lambda day: day * DAY)
policies = st.builds(
    Policy, hold_on=days, hold_off=days, expires_after=st.none() | days.filter(bool), is_sticky=st.booleans()
)
histories = st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=12, unique_by=lambda one: one[0])


@settings(max_examples=150, deadline=None)
@given(policies, histories, st.lists(st.integers(0, 60), max_size=6))
def test_cutting_a_history_changes_nothing(
    policy: Policy, history: list[tuple[int, bool]], cuts: list[int]
) -> None:
    moments = [(on(day), holds) for day, holds in sorted(history)]
    whole_state, whole = advance(State(), policy, moments, on(70))
    state, found, done = State(), list[Step](), START - DAY
    for cut in [*sorted(on(day) for day in cuts), on(70)]:
        some = [one for one in moments if done < one[0] <= cut]
        state, more = advance(state, policy, some, cut)
        found += more
        done = cut
    assert (state, [(one.at, one.value) for one in found]) == (
        whole_state,
        [(one.at, one.value) for one in whole],
    )


@pytest.mark.parametrize("policy", [Policy(), Policy(hold_on=DAY, hold_off=2 * DAY)])
def test_values_alternate(policy: Policy) -> None:
    _, found = advance(
        State(), policy, [(on(day), bool(day % 3)) for day in range(30)], on(60)
    )  # fmt: skip
    assert all(one.value != two.value for one, two in pairwise(found))
    assert found
