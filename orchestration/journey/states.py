"""From what a rule's conditions say at each moment to what its flag says: hold times, expiry, milestones.

Plain values: the same moments lead to the same steps, however they are cut into evaluations. So a history
that was written bit by bit can be proven by computing it in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Policy:
    """How a flag follows its conditions. All zero: at once, both ways."""

    hold_on: timedelta = _NONE  # the conditions have to hold for so long before the flag is set
    hold_off: timedelta = _NONE  # and to fail for so long before it is cleared
    expires_after: timedelta | None = (
        None  # from when it was set; it is set again when the conditions hold anew
    )
    is_sticky: bool = False  # once set, it stays until it expires or another rule clears it


@dataclass(frozen=True, slots=True)
class State:
    """What the next evaluation of one rule goes on from. A rule that has never held is this, untouched."""

    holds: bool = False  # the conditions
    holds_since: datetime | None = None  # since when they say what they say; None: from the beginning
    value: bool = False  # the flag
    since: datetime | None = None
    is_spent: bool = (
        False  # expired or cleared by another rule: not set again while the conditions go on holding
    )
    revision: int = 0  # of the newest row of history


@dataclass(frozen=True, slots=True)
class Step:
    """The flag has this value from then on."""

    at: datetime
    value: bool
    is_final: bool = False  # expired, or cleared by another rule: the conditions may hold on


def advance(
    state: State, policy: Policy, moments: Iterable[tuple[datetime, bool | None]], through: datetime
) -> tuple[State, list[Step]]:
    """The state after these moments, the last of them not after `through`, and the flag's steps on the way.

    A moment says whether the conditions hold from then on; None: another rule clears the flag.
    """
    steps: list[Step] = []
    for at, holds in moments:
        state = _run_out(state, policy, at, steps)
        if holds is None:
            if state.value:
                steps.append(Step(at, False, is_final=True))
                state = State(state.holds, state.holds_since, False, at, state.holds, state.revision)
        elif holds != state.holds:
            state = State(holds, at, state.value, state.since, state.is_spent and holds, state.revision)
            state = _run_out(state, policy, at, steps)
    return _run_out(state, policy, through, steps), list(_visible(steps))


def deadline(state: State, policy: Policy) -> datetime | None:
    """When the flag changes by time alone while the conditions stay as they are; None if it does not."""
    candidates = [at for at, _ in _timers(state, policy)]
    return min(candidates, default=None)


def _run_out(state: State, policy: Policy, through: datetime, steps: list[Step]) -> State:
    """Let all timers run out that do so up to then."""
    while True:
        due = [one for one in _timers(state, policy) if one[0] <= through]
        if not due:
            return state
        at, step = min(due, key=lambda one: one[0])
        steps.append(step)
        state = State(
            state.holds, state.holds_since, step.value, at,
            (state.is_spent or step.is_final) and state.holds, state.revision,
        )  # fmt: skip


def _timers(state: State, policy: Policy) -> Iterator[tuple[datetime, Step]]:
    if state.holds_since is None:
        return
    if not state.value:
        if state.holds and not state.is_spent:
            at = state.holds_since + policy.hold_on
            yield at, Step(at, True)
    elif not policy.is_sticky and state.since is not None:
        if not state.holds:
            # Not before it was set: a hold time may have run out while the conditions failed already.
            at = max(state.holds_since + policy.hold_off, state.since)
            yield at, Step(at, False)
        if policy.expires_after is not None:
            at = state.since + policy.expires_after
            yield at, Step(at, False, is_final=True)


def _visible(steps: list[Step]) -> Iterator[Step]:
    """Of steps at one moment the last; and none that leaves the value as it was."""
    latest: dict[datetime, Step] = {}
    for step in steps:
        latest[step.at] = step
    before: bool | None = not steps[0].value if steps else None
    for step in latest.values():
        if step.value != before:
            yield step
        before = step.value
