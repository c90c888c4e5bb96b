"""Rules evaluated as sets on ClickHouse: all rules and people in one statement, explained to the last event.

Time is an argument. `as_of` says when: what happened later does not count. `known_at` says with which
knowledge: what was recorded later, late events and corrections, is left out; without it, all counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.external import ExternalData

from orchestration.journey.compiling import Compiled, compile_rules, newest_versions
from orchestration.journey.interpreter import interpret, sorted_as
from orchestration.journey.outcome import Outcome, in_milliseconds, moment, unmet
from orchestration.journey.rules.model import Rule

Person = tuple[UUID, UUID]  # company, person


def evaluate(
    client: ClickHouseClient,
    rules: Sequence[Rule],
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    people: Sequence[Person] | None = None,
) -> Iterator[Outcome]:
    """The answers of all rules, one per rule and person: for the given people, or for all with an activity.

    A given person without activities is answered too; of everybody, those with an activity the rules ask for.
    """
    if not rules or (people is not None and not people):
        return
    compiled = compile_rules(rules)
    asked = None if people is None else dict.fromkeys(people)
    with client.query_rows_stream(
        statement(compiled, known_at=known_at, people=people is not None),
        parameters=parameters(compiled, as_of=as_of, known_at=known_at),
        external_data=None if asked is None else _as_table(asked),
    ) as rows:
        for row in rows:
            if asked is not None:
                asked.pop((row[0], row[1]))
            yield from _outcomes(rules, compiled, row)
    for company_id, person_id in asked or ():
        yield from interpret(rules, (), company_id=company_id, person_id=person_id, as_of=as_of)


def statement(compiled: Compiled, *, known_at: datetime | None, people: bool) -> str:
    """The whole statement. With `people` it wants a table of that name with company_id and person_id."""
    conditions = [f"event_type in ({', '.join(repr(name) for name in compiled.event_types)})"]
    if people:
        conditions.append("(company_id, person_id) in (select company_id, person_id from people)")
    if known_at is not None:
        conditions.append("recorded_at <= {known_at:DateTime64(6, 'UTC')}")
    return f"with {newest_versions(' and '.join(conditions))}\n{compiled.select}"


def parameters(compiled: Compiled, *, as_of: datetime, known_at: datetime | None) -> dict[str, Any]:
    bound: dict[str, Any] = {"as_of": in_milliseconds(as_of), **compiled.written.values}
    if known_at is not None:
        bound["known_at"] = known_at
    return bound


def _outcomes(rules: Sequence[Rule], compiled: Compiled, row: Sequence[Any]) -> Iterator[Outcome]:
    named = dict(zip(compiled.names, row[2:], strict=True))
    for number, (rule, place) in enumerate(zip(rules, compiled.facts, strict=True)):
        facts = {name: named[f"f{fact}"] for name, fact in place.items()}
        holds, change = named[f"h{number}"], named[f"c{number}"]
        evidence = {entry for fact in place.values() for entry in named[f"e{fact}"]}
        yield Outcome(
            row[0],
            row[1],
            rule.id,
            rule.hash,
            None if holds is None else bool(holds),
            facts,
            unmet(rule, facts),
            moment(change) if change is not None else None,
            tuple(event_id for _, event_id in sorted(evidence, key=lambda one: (one[0], sorted_as(one[1])))),
        )


def _as_table(people: dict[Person, None]) -> ExternalData:
    lines = "\n".join(f"{company}\t{person}" for company, person in people)
    return ExternalData(
        file_name="people", data=lines.encode(), fmt="TSV", structure="company_id UUID, person_id UUID"
    )
