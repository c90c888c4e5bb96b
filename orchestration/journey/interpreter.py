"""The answers of `evaluation` from a list of plain activities: for dry runs, and as the second opinion."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from orchestration.journey.outcome import EVIDENCE_PER_FACT, Outcome, in_milliseconds, moment, unmet
from orchestration.journey.rules.conditions import Comparison, compare, leaves, verdict
from orchestration.journey.rules.facts import Compared, Fact, Filter
from orchestration.journey.rules.model import Rule

LARGEST = 1e6  # in either direction: what is larger is no rating, level, share or length of an activity
MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Activity:
    """One version of what a person did, a row of `journey.events`. A missing text is empty."""

    event_id: UUID
    event_type: str
    subject: str
    occurred_at: datetime
    source_time: datetime
    recorded_at: datetime
    is_deleted: bool = False
    kind: str = ""
    status: str = ""
    role: str = ""
    language: str = ""
    label: str = ""
    provider: str = ""
    level: float | None = None
    score: float | None = None
    minutes: float | None = None
    progress: float | None = None


def interpret(
    rules: Sequence[Rule],
    activities: Iterable[Activity],
    *,
    company_id: UUID,
    person_id: UUID,
    as_of: datetime,
    known_at: datetime | None = None,
) -> list[Outcome]:
    """The answers of all rules for one person, in the rules' order."""
    history = newest_versions(activities, known_at)
    return [Asked(rule, history).at(as_of, company_id=company_id, person_id=person_id) for rule in rules]


class Asked:
    """A rule over what one person did, ready to be asked about many moments."""

    def __init__(self, rule: Rule, history: Collection[Activity]) -> None:
        """`history`: the newest version of each activity."""
        self._rule = rule
        self._matching = {name: _Matching(fact, history) for name, fact in rule.facts.items()}

    def at(self, as_of: datetime, *, company_id: UUID, person_id: UUID) -> Outcome:
        """What the rule says as of a moment."""
        now = in_milliseconds(as_of)
        figures = {name: some.figure(now) for name, some in self._matching.items()}
        return _outcome(self._rule, figures, company_id, person_id, now)


def newest_versions(activities: Iterable[Activity], known_at: datetime | None = None) -> list[Activity]:
    """What is known of each activity: its newest version, unless that one takes it back."""
    newest: dict[tuple[str, str], Activity] = {}
    for activity in activities:
        if known_at is not None and activity.recorded_at > known_at:
            continue
        key = (activity.event_type, activity.subject)
        if (other := newest.get(key)) is None or _version(other) < _version(activity):
            newest[key] = activity
    return [activity for activity in newest.values() if not activity.is_deleted]


@dataclass(frozen=True, slots=True)
class _Figure:
    value: float | None
    last: int | None  # when the latest activity was, for times alone
    next_change: int | None
    evidence: list[tuple[int, UUID]]


def _outcome(rule: Rule, figures: dict[str, _Figure], company_id: UUID, person_id: UUID, now: int) -> Outcome:
    facts = {name: figure.value for name, figure in figures.items()}
    changes = [figure.next_change for figure in figures.values() if figure.next_change is not None]
    for condition in leaves(rule.when):
        if isinstance(condition, Comparison) and (last := figures[condition.fact].last) is not None:
            # `>` and `<=` turn a millisecond after `>=` and `<`.
            turn = last + round((condition.threshold or 0) * 1000) + (condition.op in (">", "<="))
            changes += [turn] if turn > now else []
    evidence = {entry for figure in figures.values() for entry in figure.evidence}
    return Outcome(
        company_id,
        person_id,
        rule.id,
        rule.hash,
        verdict(rule.when, facts),
        facts,
        unmet(rule, facts),
        moment(min(changes)) if changes else None,
        tuple(event_id for _, event_id in sorted(evidence, key=_newest_first)),
    )


class _Matching:
    """The activities a fact looks at, as they happened: the place of a moment is found, not searched."""

    def __init__(self, fact: Fact, history: Collection[Activity]) -> None:
        self._fact, self._width = fact, _milliseconds(fact.within)
        found = [(in_milliseconds(one.occurred_at), one) for one in history if _matches(fact, one)]
        found.sort(key=_newest_last)
        self._found, self._times = found, [at for at, _ in found]

    def figure(self, now: int) -> _Figure:
        """The fact as of a moment."""
        end = bisect_right(self._times, now)
        start = 0 if self._width is None else bisect_right(self._times, now - self._width)
        counted = self._found[start:end]
        changes = self._times[end : end + 1]
        if self._width is not None and counted:
            changes.append(counted[0][0] + self._width)
        is_time = self._fact.aggregate == "time_since"
        newest = counted[-1:] if is_time else counted[-EVIDENCE_PER_FACT:]
        return _Figure(
            _AGGREGATES[self._fact.aggregate](self._fact, counted, now),
            counted[-1][0] if is_time and counted else None,
            min(changes, default=None),
            [(at, one.event_id) for at, one in reversed(newest)],
        )


def _matches(fact: Fact, activity: Activity) -> bool:
    return (
        activity.event_type in fact.event_types
        and all(_passes(getattr(activity, name), wanted) for name, wanted in fact.where.items())
        and (fact.field is None or _is_there(getattr(activity, fact.field)))
    )


def _passes(actual: str | float | None, wanted: Filter) -> bool:
    if not _is_there(actual):
        return False
    if isinstance(wanted, Compared):
        return compare(actual, wanted.op, wanted.value)  # type: ignore[arg-type]  # of one kind: the model saw to it
    return actual in wanted if isinstance(wanted, list) else actual == wanted


def _is_there(value: str | float | None) -> bool:
    """Whether a field holds anything: no text, no number, one that is none or far out of range is nothing."""
    if isinstance(value, str):
        return value != ""
    return value is not None and -LARGEST <= value <= LARGEST


Counted = Sequence[tuple[int, Activity]]


def _values(fact: Fact, counted: Counted) -> list[float] | None:
    values = [getattr(one, fact.field or "") for _, one in counted]
    return values if len(values) >= (fact.at_least or 1) else None


def _mean(fact: Fact, counted: Counted, now: int) -> float | None:
    values = _values(fact, counted)
    return None if values is None else float(_micros(values)) / len(values) / MICRO


def _micros(values: Iterable[float]) -> int:
    # Whole millionths: a sum of floats depends on their order, and a threshold would be met by chance.
    return sum(round(value * MICRO) for value in values)


def _sum(fact: Fact, counted: Counted, now: int) -> float | None:
    values = [getattr(one, fact.field or "") for _, one in counted]
    return None if len(values) < (fact.at_least or 0) else float(_micros(values)) / MICRO


def _edge(choose: Callable[..., float]) -> Callable[[Fact, Counted, int], float | None]:
    return lambda fact, counted, now: (
        None if (values := _values(fact, counted)) is None else choose(values) + 0.0
    )


def _at_edge(choose: Callable[..., tuple[int, Activity]]) -> Callable[[Fact, Counted, int], float | None]:
    return lambda fact, counted, now: (
        None
        if _values(fact, counted) is None
        else getattr(
            choose(counted, key=lambda one: (one[0], sorted_as(one[1].event_id)))[1], fact.field or ""
        )
        + 0.0
    )


_AGGREGATES: dict[str, Callable[[Fact, Counted, int], float | None]] = {
    "count": lambda fact, counted, now: float(len(counted)),
    "exists": lambda fact, counted, now: float(bool(counted)),
    "distinct": lambda fact, counted, now: float(len({getattr(one, fact.field or "") for _, one in counted})),
    "time_since": lambda fact, counted, now: (now - counted[-1][0]) / 1000 if counted else None,
    "avg": _mean,
    "sum": _sum,
    "min": _edge(min),
    "max": _edge(max),
    "first": _at_edge(min),
    "last": _at_edge(max),
}


def _version(activity: Activity) -> tuple[datetime, tuple[int, int], bool]:
    return activity.source_time, sorted_as(activity.event_id), activity.is_deleted


def sorted_as(event_id: UUID) -> tuple[int, int]:
    """ClickHouse sorts UUIDs by their second half first."""
    return event_id.int & 0xFFFF_FFFF_FFFF_FFFF, event_id.int >> 64


def _newest_first(entry: tuple[int, UUID]) -> tuple[int, tuple[int, int]]:
    return -entry[0], sorted_as(entry[1])


def _newest_last(entry: tuple[int, Activity]) -> tuple[int, int, int]:
    """The order of `_newest_first`, backwards."""
    low, high = sorted_as(entry[1].event_id)
    return entry[0], -low, -high


def _milliseconds(duration: timedelta | None) -> int | None:
    return None if duration is None else duration // timedelta(milliseconds=1)
