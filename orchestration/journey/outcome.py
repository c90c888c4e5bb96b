"""What evaluating a rule for a person gives: the answer, and all that explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from orchestration.journey.rules.conditions import (
    All,
    Any_,
    Comparison,
    Condition,
    FactRef,
    Known,
    None_,
    verdict,
)
from orchestration.journey.rules.durations import spell
from orchestration.journey.rules.model import Rule
from orchestration.journey.rules.parts import Operator

EVIDENCE_PER_FACT = 10
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPPOSITE: Mapping[Operator, Operator] = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "=": "!=", "!=": "="}


class Unmet(NamedTuple):
    """A condition that stands between a person and the rule, and how far away it is."""

    fact: str
    operator: Operator
    needed: float | None  # None: the fact has to be known (or unknown, with !=) at all
    actual: float | None
    distance: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of one rule for one person at an instant."""

    company_id: UUID
    person_id: UUID
    rule_id: str
    rule_hash: str
    holds: bool | None  # None: unknown, which never sets a flag
    facts: Mapping[str, float | None]  # times in seconds
    unmet: tuple[Unmet, ...]
    next_change_at: datetime | None  # earliest moment at which time alone can change a fact
    evidence: tuple[UUID, ...]  # events behind the facts, newest first


def unmet(rule: Rule, facts: Mapping[str, float | None]) -> tuple[Unmet, ...]:
    """The conditions that keep the rule from holding; empty if it holds."""
    return tuple(dict.fromkeys(_unmet(rule, rule.when, facts, wanted=True)))


def _unmet(
    rule: Rule, condition: Condition, facts: Mapping[str, float | None], *, wanted: bool
) -> Iterator[Unmet]:
    if verdict(condition, facts) is wanted:
        return
    match condition:
        case All(all=parts) | Any_(any=parts):
            for part in parts:
                yield from _unmet(rule, part, facts, wanted=wanted)
        case None_(none=parts):
            for part in parts:
                yield from _unmet(rule, part, facts, wanted=not wanted)
        case Known(known=name):
            yield Unmet(name, "=" if wanted else "!=", None, facts[name], _known_distance(name, wanted))
        case Comparison():
            operator = condition.op if wanted else _OPPOSITE[condition.op]
            needed = (
                facts[condition.value.fact] if isinstance(condition.value, FactRef) else condition.threshold
            )
            actual = facts[condition.fact]
            is_time = rule.facts[condition.fact].aggregate == "time_since"
            yield Unmet(
                condition.fact,
                operator,
                needed,
                actual,
                _distance(condition.fact, operator, needed, actual, is_time),
            )


def _known_distance(name: str, wanted: bool) -> str:
    return f"no data on {_spoken(name)} yet" if wanted else f"{_spoken(name)} must not be known"


def _distance(
    name: str, operator: Operator, needed: float | None, actual: float | None, is_time: bool
) -> str:
    spoken = _spoken(name)
    if actual is None or needed is None:
        return f"no data on {spoken} yet"
    gap = abs(needed - actual)
    if is_time:
        # To the minute above, so that whoever waits that long is not a second early.
        length = spell(timedelta(minutes=max(1, -(-gap // 60))))
        return (
            f"{length} more of {spoken}" if operator in (">", ">=") else f"{spoken} must be {length} shorter"
        )
    if operator in ("=", "!="):
        return f"{spoken} must {'' if operator == '=' else 'not '}be {_figure(needed)}"
    if gap == 0:
        return f"{spoken} must be {'more' if operator == '>' else 'less'} than {_figure(needed)}"
    more = "more" if operator in (">", ">=") else "less"
    least = " at least" if operator in (">", "<") else ""
    return f"{_figure(gap)}{least} {more} {spoken}"


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:.3g}"


def in_milliseconds(when: datetime) -> int:
    """Milliseconds since 1970, what is finer cut off: as fine as the warehouse keeps times."""
    return (when - EPOCH) // timedelta(milliseconds=1)


def moment(milliseconds: int) -> datetime:
    return EPOCH + timedelta(milliseconds=milliseconds)
