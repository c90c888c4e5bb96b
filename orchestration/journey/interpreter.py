"""The answers of `evaluation` from a list of plain activities: for dry runs, and as the second opinion."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
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
        # How long after the latest activity a comparison with the time since it turns.
        self._turns: dict[str, list[int]] = {}
        for leaf in leaves(rule.when):
            if isinstance(leaf, Comparison) and rule.facts[leaf.fact].aggregate == "time_since":
                # `>` and `<=` turn a millisecond after `>=` and `<`.
                turn = round((leaf.threshold or 0) * 1000) + (leaf.op in (">", "<="))
                self._turns.setdefault(leaf.fact, []).append(turn)

    def at(self, as_of: datetime, *, company_id: UUID, person_id: UUID) -> Outcome:
        """What the rule says as of a moment, and why."""
        now = in_milliseconds(as_of)
        facts, next_change = self._read(now)
        evidence = {entry for some in self._matching.values() for entry in some.evidence(now)}
        return Outcome(
            company_id,
            person_id,
            self._rule.id,
            self._rule.hash,
            verdict(self._rule.when, facts),
            facts,
            unmet(self._rule, facts),
            None if next_change is None else moment(next_change),
            tuple(event_id for _, event_id in sorted(evidence, key=_newest_first)),
        )

    def holds(self, as_of: datetime) -> tuple[bool | None, datetime | None]:
        """`holds` and `next_change_at` of `at`, without its reasons: a past has many moments."""
        facts, next_change = self._read(in_milliseconds(as_of))
        return verdict(self._rule.when, facts), None if next_change is None else moment(next_change)

    def _read(self, now: int) -> tuple[dict[str, float | None], int | None]:
        """The facts as of a moment, and when time alone may change one of them next."""
        facts: dict[str, float | None] = {}
        changes: list[int] = []
        for name, some in self._matching.items():
            facts[name], last, next_change = some.figure(now)
            if next_change is not None:
                changes.append(next_change)
            if last is not None:
                changes += [last + turn for turn in self._turns.get(name, ()) if last + turn > now]
        return facts, min(changes, default=None)


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


class _Matching:
    """The activities a fact looks at, as they happened: the place of a moment is found, not searched."""

    def __init__(self, fact: Fact, history: Collection[Activity]) -> None:
        self._fact, self._width = fact, _milliseconds(fact.within)
        found = [(in_milliseconds(one.occurred_at), one) for one in history if _matches(fact, one)]
        found.sort(key=_newest_last)
        self._found, self._times = found, [at for at, _ in found]
        self._sums: list[int] | None = None  # of all up to each place

    def figure(self, now: int) -> tuple[float | None, int | None, int | None]:
        """The fact as of a moment; of times alone, when the latest activity was; when it changes next."""
        start, end = self._places(now)
        next_change = self._times[end] if end < len(self._times) else None
        if self._width is not None and start < end:
            leaves_at = self._times[start] + self._width
            next_change = leaves_at if next_change is None else min(next_change, leaves_at)
        match self._fact.aggregate:
            case "count":
                return float(end - start), None, next_change
            case "exists":
                return float(end > start), None, next_change
            case "time_since":
                last = self._times[end - 1] if end > start else None
                return None if last is None else (now - last) / 1000, last, next_change
            case "sum" | "avg":
                return self._mean_or_sum(start, end), None, next_change
            case aggregate:
                return _AGGREGATES[aggregate](self._fact, self._found[start:end]), None, next_change

    def evidence(self, now: int) -> list[tuple[int, UUID]]:
        """The newest activities behind the fact."""
        start, end = self._places(now)
        most = 1 if self._fact.aggregate == "time_since" else EVIDENCE_PER_FACT
        return [(at, one.event_id) for at, one in self._found[max(start, end - most) : end]]

    def _places(self, now: int) -> tuple[int, int]:
        """Which of the activities count at a moment: from, and up to without."""
        end = bisect_right(self._times, now)
        return (0 if self._width is None else bisect_right(self._times, now - self._width)), end

    def _mean_or_sum(self, start: int, end: int) -> float | None:
        if self._fact.aggregate == "avg":
            count = end - start
            return None if count < (self._fact.at_least or 1) else self._micros(start, end) / count / MICRO
        return None if end - start < (self._fact.at_least or 0) else self._micros(start, end) / MICRO

    def _micros(self, start: int, end: int) -> float:
        # Whole millionths: a sum of floats depends on their order, and a threshold would be met by chance.
        if self._sums is None:
            name = self._fact.field or ""
            micros = (round(getattr(one, name) * MICRO) for _, one in self._found)
            self._sums = list(accumulate(micros, initial=0))
        return float(self._sums[end] - self._sums[start])


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


def _edge(choose: Callable[..., float]) -> Callable[[Fact, Counted], float | None]:
    return lambda fact, counted: None if (values := _values(fact, counted)) is None else choose(values) + 0.0


def _at_edge(choose: Callable[..., tuple[int, Activity]]) -> Callable[[Fact, Counted], float | None]:
    return lambda fact, counted: (
        None
        if _values(fact, counted) is None
        else getattr(
            choose(counted, key=lambda one: (one[0], sorted_as(one[1].event_id)))[1], fact.field or ""
        )
        + 0.0
    )


_AGGREGATES: dict[str, Callable[[Fact, Counted], float | None]] = {
    "distinct": lambda fact, counted: float(len({getattr(one, fact.field or "") for _, one in counted})),
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
