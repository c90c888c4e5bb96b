"""One rule's way through a person's past: at which moments its conditions changed, and its flag with them.

From moment to moment by what the interpreter says may change next, so every change is found at its very time,
whether an activity or time alone brought it. What counts at a moment is the version of the rule of that
moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from orchestration.journey.interpreter import Activity, Asked
from orchestration.journey.outcome import Outcome
from orchestration.journey.people import Key
from orchestration.journey.rules.model import Rule
from orchestration.journey.states import State, Step, advance, deadline
from orchestration.journey.versions import Version, Versions


@dataclass
class Past:
    """A person's activities, and what rules say of them at any moment."""

    key: Key
    activities: Sequence[Activity]  # the newest version of each, by the time they happened
    _asked: dict[str, Asked] = field(default_factory=dict)  # by rule hash

    @property
    def begins_at(self) -> datetime | None:
        return self.activities[0].occurred_at if self.activities else None

    def ask(self, rule: Rule, at: datetime) -> Outcome:
        """The rule's answer as of a moment, from all that is known now."""
        return self._of(rule).at(at, company_id=self.key.company_id, person_id=self.key.person_id)

    def holds(self, rule: Rule, at: datetime) -> tuple[bool, datetime | None]:
        """Whether the rule is known to hold as of a moment, and when time alone may change that next."""
        holds, next_change_at = self._of(rule).holds(at)
        return holds is True, next_change_at

    def _of(self, rule: Rule) -> Asked:
        asked = self._asked.get(rule.hash)
        if asked is None:
            asked = self._asked[rule.hash] = Asked(rule, self.activities)
        return asked


@dataclass(frozen=True)
class Line:
    """How a rule went through a stretch of time."""

    state: State
    steps: Sequence[Step]
    next_change_at: datetime | None


def follow(
    versions: Versions,
    past: Past,
    states: Mapping[str, State],
    start: datetime,
    through: datetime,
    *,
    only: Collection[str] | None = None,
) -> dict[str, Line]:
    """Every rule from its state at `start` on; a rule without a state has never held.

    With `only`, the others are known to have stayed as they were.
    """
    lines: dict[str, Line] = {}
    clearings: dict[str, list[datetime]] = {}  # of flags, by rules that come before
    for rule_id in versions.rule_ids:
        if only is not None and rule_id not in only:
            lines[rule_id] = Line(states.get(rule_id, State()), [], None)
            continue
        line = _follow(versions.of(rule_id), past, states.get(rule_id, State()), start, through, clearings)
        lines[rule_id] = line
        for step in line.steps:
            version = versions.at(rule_id, step.at)
            if step.value and version is not None and version.is_in_force_for(past.key.company_id):
                for flag in version.rule.then.clear_flag:
                    clearings.setdefault(flag, []).append(step.at)
    return lines


def _follow(
    versions: Sequence[Version],
    past: Past,
    state: State,
    start: datetime,
    through: datetime,
    clearings: Mapping[str, Sequence[datetime]],
) -> Line:
    steps: list[Step] = []
    next_change_at: datetime | None = None
    for version, begins_at, ends_at in _stretches(versions, start, through):
        cleared = deque(
            sorted(at for at in clearings.get(version.rule.flag or "", ()) if begins_at < at <= ends_at)
        )

        def go(moments: Sequence[tuple[datetime, bool | None]], until: datetime) -> None:
            nonlocal state
            state, more = advance(state, version.policy, moments, until)  # noqa: B023 - used within the turn
            steps.extend(more)

        at: datetime | None = begins_at
        while at is not None and (at < ends_at or at == ends_at == through):
            while cleared and cleared[0] < at:
                go([(cleared[0], None)], cleared.popleft())
            holds, turns_at = past.holds(version.rule, at) if version.is_computed else (False, None)
            go([(at, holds)], at)
            next_change_at = None if is_settled(version, state) else turns_at
            at = next_change_at
        for moment in cleared:
            go([(moment, None)], moment)
        go([], ends_at)
        waiting = [one for one in (next_change_at, deadline(state, version.policy)) if one is not None]
        next_change_at = min(waiting, default=None)
    return Line(state, steps, next_change_at)


def is_settled(version: Version, state: State) -> bool:
    """Whether nothing that happens later can change what the rule says: reached, and kept for good."""
    return state.value and version.policy.is_sticky and version.policy.expires_after is None


def _stretches(
    versions: Sequence[Version], start: datetime, through: datetime
) -> Iterator[tuple[Version, datetime, datetime]]:
    """Which version counts from when to when, from `start` to `through`."""
    borders = sorted(
        {start, *(one.effective_from for one in versions if start < one.effective_from <= through)}
    )
    for begins_at, ends_at in zip(borders, [*borders[1:], through], strict=True):
        counting = [one for one in versions if one.effective_from <= begins_at]
        if counting:
            yield counting[-1], begins_at, ends_at
