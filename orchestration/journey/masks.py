"""Which rules hold for many people now, in one statement and a row each: most of them have not changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.external import ExternalData

from ingest.events import NIL
from orchestration.journey.arrivals import as_table
from orchestration.journey.compiling import compile_rules, soonest
from orchestration.journey.evaluation import parameters, statement
from orchestration.journey.interpreter import interpret
from orchestration.journey.outcome import moment
from orchestration.journey.people import Key
from orchestration.journey.rules.conditions import Comparison, leaves
from orchestration.journey.rules.model import Rule


class Mask(NamedTuple):
    """What all rules say of one person, in the order in which they were asked."""

    holds: tuple[bool, ...]  # false where unknown
    next_change_at: datetime | None


class Question:
    """Some rules, ready to be asked about people."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.shortest = _shortest(rules)
        # Of somebody without any activity that a rule asks for: no answer depends on the time then.
        nobody = interpret(rules, (), company_id=NIL, person_id=NIL, as_of=datetime.now(UTC))
        self._nobody = Mask(tuple(one.holds is True for one in nobody), None)
        self._compiled = compile_rules(rules, upto="changes")
        holds = ", ".join(f"ifNull(h{number}, 0)" for number in range(len(rules)))
        change = soonest([f"c{number}" for number in range(len(rules))]) if rules else "null"
        self._query = (
            f"select company_id, person_id, [{holds}],"  # noqa: S608 - numbered columns of the compiled rules
            f" {change}"
            f" from ({statement(self._compiled, known_at=None, people=True)})"
        )
        # Of all that is known of the people, what the rules say in the end: a character each, and a moment.
        self._answers = (
            "select people.*, if(said = '', {nobody:String}, said) as answers, next_change"  # noqa: S608
            " from people left join (select company_id, person_id,"
            f" arrayStringConcat(arrayMap(one -> toString(one), [{holds}])) as said,"
            f" {change} as next_change"
            f" from ({statement(self._compiled, known_at=None, people=True)})) as asked"
            " using (company_id, person_id)"
        )

    def ask(self, client: ClickHouseClient, keys: Sequence[Key], as_of: datetime) -> dict[Key, Mask]:
        """What the rules say of each of these people as of a moment."""
        if not keys or not self.rules:
            return dict.fromkeys(keys, self._nobody)
        rows = client.query(
            self._query,
            parameters(self._compiled, as_of=as_of, known_at=None),
            external_data=as_table(keys, "people"),
        ).result_rows
        found = {
            Key(row[0], row[1]): Mask(tuple(map(bool, row[2])), None if row[3] is None else moment(row[3]))
            for row in rows
        }
        return {key: found.get(key, self._nobody) for key in keys}

    def answers(self, client: ClickHouseClient, people: ExternalData, as_of: datetime, *, fmt: str) -> bytes:
        """All columns of a table `people`, in which each person is once, with `1` or `0` for each rule."""
        nobody = "".join(f"{holds:d}" for holds in self._nobody.holds)
        bound = {**parameters(self._compiled, as_of=as_of, known_at=None), "nobody": nobody}
        return client.raw_query(self._answers, bound, external_data=people, fmt=fmt)


def _shortest(rules: Sequence[Rule]) -> timedelta:
    """What happened less long ago than this has not changed any answer yet by growing older."""
    lengths = [fact.within for rule in rules for fact in rule.facts.values() if fact.within is not None]
    lengths += [
        condition.value
        for rule in rules
        for condition in leaves(rule.when)
        if isinstance(condition, Comparison) and isinstance(condition.value, timedelta)
    ]
    return min(lengths, default=timedelta(days=36_500))
