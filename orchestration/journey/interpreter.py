"""The answers of `evaluation` from a list of plain activities: for dry runs, and as the second opinion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    now = in_milliseconds(as_of)
    history = newest_versions(activities, known_at)
    return [
        _outcome(
            rule,
            {name: _figure(fact, history, now) for name, fact in rule.facts.items()},
            company_id,
            person_id,
            now,
        )
        for rule in rules
    ]


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


def _figure(fact: Fact, history: Iterable[Activity], now: int) -> _Figure:
    matching = [
        (in_milliseconds(activity.occurred_at), activity) for activity in history if _matches(fact, activity)
    ]
    width = _milliseconds(fact.within)
    counted = [(at, one) for at, one in matching if at <= now and (width is None or at > now - width)]
    later = [at for at, _ in matching if at > now]
    leaving = [at + width for at, _ in counted] if width is not None else []
    times = fact.aggregate == "time_since"
    last = max(at for at, _ in counted) if times and counted else None
    evidence = sorted(((at, one.event_id) for at, one in counted), key=_newest_first)
    return _Figure(
        _AGGREGATES[fact.aggregate](fact, counted, now),
        last,
        min(later + leaving, default=None),
        evidence[: 1 if times else EVIDENCE_PER_FACT],
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
    "time_since": lambda fact, counted, now: (now - max(at for at, _ in counted)) / 1000 if counted else None,
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


def _milliseconds(duration: timedelta | None) -> int | None:
    return None if duration is None else duration // timedelta(milliseconds=1)
