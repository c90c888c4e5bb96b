"""A rule: what it asks, what follows when the answer is yes, and how far it is in its life."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from functools import cached_property
from typing import Literal
from uuid import UUID

from pydantic import Field, JsonValue, field_validator, model_validator

from ingest.contracts.orchestration import Milestone
from orchestration.journey.rules.conditions import Comparison, Condition, FactRef, Known, depth, leaves
from orchestration.journey.rules.durations import Duration
from orchestration.journey.rules.facts import Fact
from orchestration.journey.rules.parts import Name, Part, Text

State = Literal["draft", "shadow", "canary", "active", "retired"]
MOST_FACTS = 20
DEEPEST = 6  # levels of all/any/none: whatever needs more is two rules


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
        if depth(condition) > DEEPEST:
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
