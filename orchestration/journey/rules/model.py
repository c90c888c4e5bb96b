"""A rule: what it asks, what follows when the answer is yes, and how far it is in its life."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    Tag,
    field_validator,
    model_validator,
)

from ingest.contracts.orchestration import Milestone
from orchestration.journey.rules.durations import Duration
from orchestration.journey.rules.vocabulary import (
    ENTITIES,
    EVENT_TYPES,
    FIELDS,
    NUMBER_FIELDS,
    TEXT_FIELDS,
)

Operator = Literal[">=", ">", "<=", "<", "=", "!="]
State = Literal["draft", "shadow", "canary", "active", "retired"]
Aggregate = Literal["count", "exists", "avg", "sum", "min", "max", "first", "last", "distinct", "time_since"]
AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
OF_A_NUMBER = ("avg", "sum", "min", "max", "first", "last")
NAME = r"^[a-z][a-z0-9_]{0,62}$"
Name = Annotated[str, Field(pattern=NAME)]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e12, le=1e12)]
Text = Annotated[str, Field(min_length=1, max_length=255)]
MOST_FACTS = 20
DEEPEST = 6  # levels of all/any/none: whatever needs more is two rules


class Part(BaseModel):
    """Base of every part of a rule: an unknown key is an error, nothing is changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Compared(Part):
    """A field against a value, e.g. `{op: ">=", value: 0.5}`."""

    op: Operator
    value: Text | Number


Filter = Text | Number | list[Text] | Compared


class Fact(Part):
    """One figure about a person at an instant. Exactly one of the aggregates says which.

    An activity without the field that is aggregated, or with one that is no number, is left out. A figure of
    no activities is 0 for count, exists, sum and distinct; of all others it is unknown.
    """

    count: str | list[str] | None = Field(None, description="How many activities")
    exists: str | list[str] | None = Field(None, description="1 if there is an activity, else 0")
    avg: str | None = Field(None, description="Mean of a number")
    sum: str | None = Field(None, description="Sum of a number")
    min: str | None = Field(None, description="Smallest of a number")
    max: str | None = Field(None, description="Largest of a number")
    first: str | None = Field(None, description="A number in the earliest activity that has it")
    last: str | None = Field(None, description="A number in the latest activity that has it")
    distinct: str | None = Field(None, description="How many different texts or numbers a field holds")
    time_since: str | list[str] | None = Field(None, description="Time since the latest activity")
    where: dict[str, Filter] = Field(
        default_factory=dict,
        description="Fields an activity must match: a value, a list of texts of which one, or {op, value}."
        " A missing field matches nothing.",
    )
    within: Duration | None = Field(None, description="Only activities of the last so long")
    at_least: int | None = Field(None, ge=2, le=1000, description="Unknown with fewer values than this")

    @model_validator(mode="after")
    def _is_one_aggregate(self) -> Fact:
        named = [name for name in AGGREGATES if getattr(self, name) is not None]
        if len(named) != 1:
            found = f"found {' and '.join(named)}" if named else "found none"
            raise ValueError(f"a fact has exactly one of {', '.join(AGGREGATES)}; {found}")
        self._check_target()
        for name, wanted in self.where.items():
            if name not in FIELDS:
                raise ValueError(f"where: unknown field {name!r}")
            self._check_filter(name, wanted)
        if self.at_least and self.aggregate not in OF_A_NUMBER:
            raise ValueError(f"at_least belongs to {', '.join(OF_A_NUMBER)}, not to {self.aggregate}")
        return self

    def _check_target(self) -> None:
        if self.aggregate in (*OF_A_NUMBER, "distinct"):
            entity, dot, field = str(getattr(self, self.aggregate)).rpartition(".")
            fields: Collection[str] = NUMBER_FIELDS if self.aggregate in OF_A_NUMBER else FIELDS
            if not dot or field not in fields:
                raise ValueError(
                    f"{self.aggregate} wants entity.field with a field of {', '.join(fields)};"
                    f" found {getattr(self, self.aggregate)!r}"
                )
            _check_entity(entity)
        else:
            for entity in self._sources:
                _check_entity(entity)
            if not self._sources:
                raise ValueError(f"{self.aggregate} names no entity")

    @staticmethod
    def _check_filter(name: str, wanted: Filter) -> None:
        value = wanted.value if isinstance(wanted, Compared) else wanted
        if name in NUMBER_FIELDS and not isinstance(value, float):
            raise ValueError(f"where: {name} is a number, so compare it with one")
        if name in TEXT_FIELDS and isinstance(value, float):
            raise ValueError(f"where: {name} is a text, so compare it with one")
        if isinstance(wanted, Compared) and name in TEXT_FIELDS and wanted.op not in ("=", "!="):
            raise ValueError(f"where: {name} is a text: = and != alone make sense, not {wanted.op}")

    @cached_property
    def aggregate(self) -> Aggregate:
        return next(name for name in AGGREGATES if getattr(self, name) is not None)

    @cached_property
    def _sources(self) -> tuple[str, ...]:
        target = getattr(self, self.aggregate)
        if self.aggregate in (*OF_A_NUMBER, "distinct"):
            return (target.rpartition(".")[0],)
        return (target,) if isinstance(target, str) else tuple(target)

    @cached_property
    def event_types(self) -> tuple[str, ...]:
        """Types of the events the fact looks at, sorted."""
        return tuple(
            sorted(
                {
                    event_type
                    for name in self._sources
                    for event_type in (ENTITIES[name].event_types if name in ENTITIES else (name,))
                }
            )
        )

    @cached_property
    def field(self) -> str | None:
        """The field that is aggregated, if any."""
        if self.aggregate in (*OF_A_NUMBER, "distinct"):
            return str(getattr(self, self.aggregate)).rpartition(".")[2]
        return None


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


class SetFlag(Part):
    """A flag that people have while the rule holds for them."""

    flag: Name
    value: JsonValue = True
    ttl: Duration | None = Field(
        None, description="How long the flag stays at most, counted from when it was set"
    )


class EmitEvent(Part):
    """An event beside the flag's own."""

    event: Text
    payload: dict[str, JsonValue] = Field(default_factory=dict)


class Then(Part):
    """What follows when the rule begins to hold for a person."""

    set_flag: SetFlag | None = None
    clear_flag: list[Name] = Field(default_factory=list, description="Flags of other rules that end with it")
    reach_milestone: Milestone | None = Field(None, description="Reached once per person, and kept")
    emit_event: list[EmitEvent] = Field(default_factory=list)

    @model_validator(mode="after")
    def _does_something(self) -> Then:
        if not (self.set_flag or self.clear_flag or self.reach_milestone or self.emit_event):
            raise ValueError("nothing follows: name a set_flag, clear_flag, reach_milestone or emit_event")
        return self


class Rule(Part):
    """One rule file."""

    id: Name
    name: Text
    description: str = Field(min_length=1, max_length=2000)
    owner: Text = Field(description="Team that answers for the rule")
    state: State = Field(
        description="Drafts are not run; shadow and canary are computed, not emitted elsewhere"
    )
    effective_from: date | None = Field(None, description="First day (UTC) on which it has an effect")
    canary_companies: list[UUID] = Field(default_factory=list, description="Where a canary has an effect")
    priority: int = Field(0, ge=0, le=1000, description="Of two rules about one flag the higher counts")
    hold: Duration | None = Field(
        None, description="How long the answer must stay the same before it counts, so that flags do not flap"
    )
    sticky: bool = Field(False, description="Once set, the flag stays until it expires or is cleared")
    facts: dict[Name, Fact] = Field(min_length=1, max_length=MOST_FACTS)
    when: Condition
    then: Then

    @field_validator("when")
    @classmethod
    def _is_not_too_deep(cls, condition: Condition) -> Condition:
        if _depth(condition) > DEEPEST:
            raise ValueError(f"conditions are nested more than {DEEPEST} deep: split the rule")
        return condition

    @model_validator(mode="after")
    def _fits_together(self) -> Rule:
        used = set()
        for condition in leaves(self.when):
            names = [condition.known] if isinstance(condition, Known) else [condition.fact]
            if isinstance(condition, Comparison) and isinstance(condition.value, FactRef):
                names.append(condition.value.fact)
            for name in names:
                if name not in self.facts:
                    raise ValueError(f"when: there is no fact {name!r}; facts are {', '.join(self.facts)}")
            used.update(names)
            if isinstance(condition, Comparison):
                self._check_units(condition)
        if unused := set(self.facts) - used:
            raise ValueError(f"facts: no condition asks for {', '.join(sorted(unused))}")
        if self.state == "canary" and not self.canary_companies:
            raise ValueError("a canary needs canary_companies")
        return self

    def _check_units(self, condition: Comparison) -> None:
        is_time = self.facts[condition.fact].aggregate == "time_since"
        if is_time and not isinstance(condition.value, timedelta):
            raise ValueError(f"when: {condition.fact} is a time, so compare it with one, such as 14 days")
        if not is_time and isinstance(condition.value, timedelta):
            raise ValueError(f"when: {condition.fact} is a number, so compare it with one")
        if is_time and condition.op in ("=", "!="):
            raise ValueError(f"when: {condition.fact} is a time, which never equals: use >=, >, <= or <")
        if (
            isinstance(condition.value, FactRef)
            and self.facts[condition.value.fact].aggregate == "time_since"
        ):
            raise ValueError(f"when: {condition.value.fact} is a time: compare it with a length of time only")

    @property
    def flag(self) -> str | None:
        return self.then.set_flag.flag if self.then.set_flag else None

    @property
    def milestone(self) -> str | None:
        return self.then.reach_milestone

    @cached_property
    def hash(self) -> str:
        """The rule's version: SHA-256 of all that decides an answer or an effect.

        Life-cycle, owner and prose are left out: what was tried as a draft is seen to be what is active.
        """
        said = self.model_dump(
            mode="json",
            include={"id", "priority", "hold", "sticky", "facts", "when", "then"},
            exclude_defaults=True,
        )
        return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def is_computed_on(self, day: date) -> bool:
        """Whether the engine evaluates the rule on a day: all but drafts and retired rules, once due."""
        return self.state in ("shadow", "canary", "active") and (
            self.effective_from is None or self.effective_from <= day
        )

    def has_effect_for(self, company_id: UUID) -> bool:
        """Whether what follows is written and announced for people of a company, or only computed."""
        return self.state == "active" or (self.state == "canary" and company_id in self.canary_companies)


def leaves(condition: Condition) -> Iterator[Comparison | Known]:
    """The conditions without a nested one, in the order they are written."""
    match condition:
        case All(all=parts) | Any_(any=parts) | None_(none=parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield condition


def _depth(condition: Condition) -> int:
    match condition:
        case All(all=parts) | Any_(any=parts) | None_(none=parts):
            return 1 + max(_depth(part) for part in parts)
        case _:
            return 0


def _check_entity(name: str) -> None:
    if name not in ENTITIES and name not in EVENT_TYPES:
        raise ValueError(f"unknown entity {name!r}")


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
