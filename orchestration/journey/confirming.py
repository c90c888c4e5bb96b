"""Which answers one more activity can turn: most can only confirm what a rule says already.

A count of sessions grows with another session, the time since the last one shrinks; so a rule that asks for
three sessions, and holds, goes on holding. That follows from the rule and the type of the activity, and of
whoever it holds true for nothing else has to be asked. It takes an activity that is new, not another version
of one, and that happened after all others; what time alone may change has its own moment (`resting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import Flag, auto
from functools import reduce
from operator import or_

from orchestration.journey.rules.conditions import (
    All,
    Any_,
    Comparison,
    Condition,
    FactRef,
    Known,
    None_,
    leaves,
)
from orchestration.journey.rules.facts import Fact
from orchestration.journey.rules.model import Rule

_NONE = timedelta(0)
_GROWING = ("count", "exists", "distinct")  # with every activity, and never unknown


class Turn(Flag):
    """How an answer may turn: towards holding, away from it, with unknown in the middle."""

    NOT = 0
    UP = auto()
    DOWN = auto()
    EITHER = UP | DOWN


# Of what `expects` says of a rule: 1 it holds, 0 it does not, _ it is reached for good.
_STAYS = {Turn.NOT: ".", Turn.UP: "[1_]", Turn.DOWN: "[0_]", Turn.EITHER: "_"}


def turn_of(rule: Rule, event_type: str) -> Turn:
    """How the rule's answer may turn when an activity of this type comes that happened after all others."""
    touched = {name for name, fact in rule.facts.items() if event_type in fact.event_types}
    return _turn(rule.when, rule.facts, touched)


def expectation(rules: Sequence[Rule], event_type: str) -> str:
    """The regular expression for `expects` of those whom such an activity can only confirm."""
    return f"^{''.join(_STAYS[turn_of(rule, event_type)] for rule in rules)}$"


def soonest_change(rules: Sequence[Rule], event_type: str) -> timedelta | None:
    """How soon after such an activity growing older may change an answer; None: never."""
    lengths: list[timedelta] = []
    for rule in rules:
        touched = {name: fact for name, fact in rule.facts.items() if event_type in fact.event_types}
        lengths += [fact.within for fact in touched.values() if fact.within is not None]
        lengths += [
            leaf.value
            for leaf in leaves(rule.when)
            if isinstance(leaf, Comparison) and leaf.fact in touched and isinstance(leaf.value, timedelta)
        ]
    return min(lengths, default=None)


def _turn(condition: Condition, facts: dict[str, Fact], touched: set[str]) -> Turn:
    match condition:
        case All(all=parts) | Any_(any=parts):
            return reduce(or_, (_turn(part, facts, touched) for part in parts))
        case None_(none=parts):
            return _turned_round(reduce(or_, (_turn(part, facts, touched) for part in parts)))
        case Known(known=name):
            return Turn.UP if name in touched and facts[name].aggregate not in _GROWING else Turn.NOT
        case Comparison(fact=name, value=FactRef(fact=other)):
            return Turn.EITHER if touched & {name, other} else Turn.NOT
        case Comparison(fact=name):
            return _turn_of_fact(condition, facts[name]) if name in touched else Turn.NOT


def _turn_of_fact(condition: Comparison, fact: Fact) -> Turn:
    if condition.op in ("=", "!="):
        return Turn.EITHER
    if fact.aggregate in _GROWING:
        is_up = condition.op in (">", ">=")
    elif (
        fact.aggregate == "time_since" and isinstance(condition.value, timedelta) and condition.value > _NONE
    ):
        # The activity is younger than that, whatever was known before: see `Question.shortest`.
        is_up = condition.op in ("<", "<=")
    else:
        return Turn.EITHER
    return Turn.UP if is_up else Turn.DOWN


def _turned_round(turn: Turn) -> Turn:
    return {Turn.UP: Turn.DOWN, Turn.DOWN: Turn.UP}.get(turn, turn)
