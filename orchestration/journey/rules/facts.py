"""A fact: one figure about a person at an instant, of the activities it counts."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Literal, get_args

from pydantic import Field, model_validator

from orchestration.journey.rules.durations import Duration
from orchestration.journey.rules.parts import Number, Operator, Part, Text
from orchestration.journey.rules.vocabulary import (
    ENTITIES,
    EVENT_TYPES,
    FIELDS,
    NUMBER_FIELDS,
    TEXT_FIELDS,
)

Aggregate = Literal["count", "exists", "avg", "sum", "min", "max", "first", "last", "distinct", "time_since"]
AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
OF_A_NUMBER = ("avg", "sum", "min", "max", "first", "last")


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


def _check_entity(name: str) -> None:
    if name not in ENTITIES and name not in EVENT_TYPES:
        raise ValueError(f"unknown entity {name!r}")
