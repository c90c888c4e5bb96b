"""What an evaluation adds: rows of history, flags and milestones as they are now, and what others are told.

Plain values. A person's flags are those of rules in force for the company; of several rules that set one flag
the first by priority decides. Others are told when a flag is set or cleared, not when its reason changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from orchestration.journey.history import Belief, additions
from orchestration.journey.outcome import Outcome
from orchestration.journey.people import Key, Person, Reached, Standing, States, Told
from orchestration.journey.rules.durations import spell
from orchestration.journey.rules.model import Rule
from orchestration.journey.states import State
from orchestration.journey.timeline import Line, Past
from orchestration.journey.versions import Version, Versions

Cause = Literal["event", "time", "expiry", "rules", "correction"]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A row of `journey.flag_history`."""

    key: Key
    version: Version
    belief: Belief
    revision: int
    cause: Cause
    is_in_force: bool
    outcome: Outcome | None  # None: the rule is not computed any more


@dataclass(frozen=True, slots=True)
class FlagChange:
    """A flag as it is from now on."""

    key: Key
    flag: str
    version: Version
    is_set: bool
    value: Any
    previous_value: Any
    since: datetime
    expires_at: datetime | None
    is_told: bool  # False: another rule is the reason now, the value is the same
    reason: str


@dataclass(frozen=True, slots=True)
class MilestoneChange:
    """A milestone that a person has reached, or has never reached after all."""

    key: Key
    milestone: str
    version: Version
    reached_at: datetime | None  # None: nothing leads to it any more
    outcome: Outcome | None
    reason: str


@dataclass(frozen=True, slots=True)
class Began:
    """A rule that sends events of its own has begun to hold."""

    key: Key
    version: Version
    at: datetime
    reason: str


@dataclass
class Changes:
    """What follows from one evaluation of one person."""

    person: Person  # as it is to be written; `version` is still the one that was read
    history: list[HistoryRow] = field(default_factory=list)
    flags: list[FlagChange] = field(default_factory=list)
    milestones: list[MilestoneChange] = field(default_factory=list)
    began: list[Began] = field(default_factory=list)


def changes_of(
    person: Person,
    versions: Versions,
    lines: Mapping[str, Line],
    past: Past,
    believed: Mapping[str, Sequence[Belief]] | None,
    now: datetime,
) -> Changes:
    """What follows for a person from every rule's way up to now.

    `believed` is what history says of the whole past, where that was computed anew; None where the lines go
    on from the person's states.
    """
    changes = Changes(person)
    rules: dict[str, Standing] = {}
    for rule_id, line in lines.items():
        before = person.states.rules.get(rule_id, Standing(State(), False))
        version = versions.at(rule_id, now) or versions.of(rule_id)[0]
        is_in_force = version.is_in_force_for(person.key.company_id)
        steps = [Belief(step.at, step.value) for step in line.steps]
        rows = steps if believed is None else additions(believed.get(rule_id, ()), steps)
        has_turned = is_in_force != before.is_in_force and line.state.value and before.state.value
        if has_turned and not rows:
            rows = [Belief(max(version.effective_from, line.state.since or now), True)]
        revision = before.state.revision + bool(rows)
        finals = {step.at for step in line.steps if step.is_final}
        for belief in rows:
            counting = versions.at(rule_id, belief.valid_from) or version
            outcome = past.ask(counting.rule, belief.valid_from) if counting.is_computed else None
            cause = _cause(belief, person, past, versions, rule_id, finals)
            # The end of what others were told is theirs to see, whatever ended it.
            is_shown = is_in_force or (before.is_in_force and not belief.value)
            changes.history.append(
                HistoryRow(person.key, counting, belief, revision, cause, is_shown, outcome)
            )
        began = line.state.value and is_in_force and not (before.state.value and before.is_in_force)
        if began and version.rule.then.emit_event:
            changes.began.append(
                Began(person.key, version, line.state.since or now, _because(version, past, now))
            )
        state = State(
            line.state.holds, line.state.holds_since, line.state.value, line.state.since,
            line.state.is_spent, revision,
        )  # fmt: skip
        if state != State():
            rules[rule_id] = Standing(state, is_in_force)
    flags = _flags(changes, versions, rules, past, now)
    milestones = _milestones(changes, versions, lines, rules, past, now, is_whole=believed is not None)
    changes.person = replace(person, states=States(rules, flags, milestones))
    return changes


def _cause(
    belief: Belief, person: Person, past: Past, versions: Versions, rule_id: str, finals: set[datetime]
) -> Cause:
    if belief.valid_from in {one.effective_from for one in versions.of(rule_id)}:
        return "rules"
    if person.version and belief.valid_from <= person.evaluated_through:
        return "correction"
    if belief.valid_from in finals:
        return "expiry"
    is_of_activity = any(one.occurred_at == belief.valid_from for one in past.activities)
    return "event" if is_of_activity else "time"


def _flags(
    changes: Changes, versions: Versions, rules: Mapping[str, Standing], past: Past, now: datetime
) -> dict[str, Told]:
    """The flags that are set now; what differs from before is added to the changes."""
    key, before = changes.person.key, changes.person.states.flags
    deciding: dict[str, Version] = {}
    for rule_id, standing in rules.items():
        version = versions.at(rule_id, now)
        if (
            version is None
            or not (standing.state.value and standing.is_in_force)
            or version.rule.flag is None
        ):
            continue
        other = deciding.get(version.rule.flag)
        if other is None or _rank(version) < _rank(other):
            deciding[version.rule.flag] = version
    after: dict[str, Told] = {}
    for flag, version in deciding.items():
        told, setting = before.get(flag), version.rule.then.set_flag
        after[flag] = Told(version.rule.id, setting.value if setting else True)
        if told != after[flag]:
            state = rules[version.rule.id].state
            since, ttl = state.since or now, setting.ttl if setting else None
            changes.flags.append(
                FlagChange(
                    key, flag, version, True, after[flag].value, told.value if told else False, since,
                    since + ttl if ttl else None, told is None or told.value != after[flag].value,
                    _because(version, past, now),
                )
            )  # fmt: skip
    for flag in before.keys() - after.keys():
        rule_id = before[flag].rule_id
        version = versions.at(rule_id, now) or versions.of(rule_id)[-1]
        last = rules.get(rule_id)
        is_off = last is not None and not last.state.value and last.state.since is not None
        ended_at = last.state.since if last and is_off else version.effective_from
        changes.flags.append(
            FlagChange(
                key, flag, version, False, False, before[flag].value, ended_at or now, None, True,
                _because_not(version, past, now),
            )
        )  # fmt: skip
    return after


def _milestones(
    changes: Changes, versions: Versions, lines: Mapping[str, Line], rules: Mapping[str, Standing],
    past: Past, now: datetime, *, is_whole: bool,
) -> dict[str, Reached]:  # fmt: skip
    """The milestones reached so far; what differs from before is added to the changes."""
    key, after = changes.person.key, dict(changes.person.states.milestones)
    for rule_id, line in lines.items():
        version = versions.at(rule_id, now)
        milestone = version.rule.milestone if version else None
        if version is None or milestone is None:
            continue
        known = after.get(milestone)
        first = min((step.at for step in line.steps if step.value), default=None)
        if known is None:
            standing = rules.get(rule_id)
            reached_at = first or (standing.state.since if standing and standing.state.value else None)
            if reached_at is None or standing is None or not standing.is_in_force:
                continue
        elif known.rule_id == rule_id and is_whole and first != known.reached_at:
            reached_at = first
        else:
            continue
        outcome = past.ask(version.rule, reached_at) if reached_at and version.is_computed else None
        changes.milestones.append(
            MilestoneChange(
                key, milestone, version, reached_at, outcome, _because(version, past, reached_at or now)
            )
        )
        if reached_at is None:
            del after[milestone]
        else:
            after[milestone] = Reached(rule_id, reached_at)
    return after


def _rank(version: Version) -> tuple[int, str]:
    return -version.rule.priority, version.rule.id


def _because(version: Version, past: Past, at: datetime) -> str:
    """The figures that led to it, such as `language sessions 3`."""
    if not version.is_computed:
        return f"the rule is {version.rule.state}"
    facts = past.ask(version.rule, at).facts
    said = [
        f"{name.replace('_', ' ')} {_figure(version.rule, name, value)}"
        for name, value in facts.items()
        if value is not None
    ]
    return ", ".join(said) or "nothing is known against it"


def _because_not(version: Version, past: Past, at: datetime) -> str:
    if not version.is_computed:
        return f"the rule is {version.rule.state}"
    missing = [one.distance for one in past.ask(version.rule, at).unmet]
    return "; ".join(missing) or "its time is over, or another rule cleared it"


def _figure(rule: Rule, name: str, value: float) -> str:
    if rule.facts[name].aggregate == "time_since":
        return spell(timedelta(minutes=max(1, value // 60)))
    return f"{value:.0f}" if value == int(value) else f"{value:.3g}"
