"""Conditions on facts, nested, and what they say: true, false, or unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from orchestration.journey.rules.durations import Duration
from orchestration.journey.rules.parts import Name, Number, Operator, Part


class FactRef(Part):
    """Another fact as the value to compare with."""

    fact: Name


class Comparison(Part):
    """A fact against a value. Unknown while the fact, or the fact it is compared with, is unknown."""

    fact: Name
    op: Operator
    value: bool | Number | Duration | FactRef
    unknown: bool | None = Field(
        None, description="What the condition says while the fact is unknown; left out, it stays unknown"
    )

    @property
    def threshold(self) -> float | None:
        """The value as a number, time in seconds; None if it is another fact."""
        if isinstance(self.value, FactRef):
            return None
        return self.value.total_seconds() if isinstance(self.value, timedelta) else float(self.value)


class Known(Part):
    """Whether a fact is known at all. Never unknown itself."""

    known: Name


class All(Part):
    """True if all are, false if one is."""

    all: Annotated[list[Condition], Field(min_length=1)]


class Any_(Part):  # noqa: N801 - Any is taken
    """True if one is, false if all are false."""

    any: Annotated[list[Condition], Field(min_length=1)]


class None_(Part):  # noqa: N801 - None is taken
    """True if all are false, false if one is true."""

    none: Annotated[list[Condition], Field(min_length=1)]


def _kind(condition: Any) -> str:
    """Which kind of condition is meant, by the key that only this kind has."""
    for kind in ("known", "all", "any", "none"):
        if kind in condition if isinstance(condition, dict) else hasattr(condition, kind):
            return kind
    return "comparison"


Condition = Annotated[
    Annotated[Comparison, Tag("comparison")]
    | Annotated[Known, Tag("known")]
    | Annotated[All, Tag("all")]
    | Annotated[Any_, Tag("any")]
    | Annotated[None_, Tag("none")],
    Discriminator(_kind),
]


def leaves(condition: Condition) -> Iterator[Comparison | Known]:
    """The conditions without a nested one, in the order they are written."""
    match condition:
        case All(all=parts) | Any_(any=parts) | None_(none=parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield condition


def depth(condition: Condition) -> int:
    """How deep conditions are nested; 0 for one alone."""
    match condition:
        case All(all=parts) | Any_(any=parts) | None_(none=parts):
            return 1 + max(depth(part) for part in parts)
        case _:
            return 0


def verdict(condition: Condition, facts: Mapping[str, float | None]) -> bool | None:
    """What a condition says of known facts: true, false, or None for unknown (Kleene's three values)."""
    match condition:
        case Known(known=name):
            return facts[name] is not None
        case Comparison():
            actual = facts[condition.fact]
            wanted = (
                facts[condition.value.fact] if isinstance(condition.value, FactRef) else condition.threshold
            )
            if actual is None or wanted is None:
                return condition.unknown
            return compare(actual, condition.op, wanted)
        case All(all=parts):
            return _all([verdict(part, facts) for part in parts])
        case Any_(any=parts):
            return _negated(_all([_negated(verdict(part, facts)) for part in parts]))
        case None_(none=parts):
            return _all([_negated(verdict(part, facts)) for part in parts])


def compare(actual: float, op: Operator, wanted: float) -> bool:
    match op:
        case ">=":
            return actual >= wanted
        case ">":
            return actual > wanted
        case "<=":
            return actual <= wanted
        case "<":
            return actual < wanted
        case "=":
            return actual == wanted
        case "!=":
            return actual != wanted


def _all(values: list[bool | None]) -> bool | None:
    if any(value is False for value in values):
        return False
    return None if None in values else True


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value
