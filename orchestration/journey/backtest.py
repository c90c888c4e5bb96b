"""A rule tried on the past: who would have been flagged when, how often flags flip, what a version changes.

One statement answers all instants: every activity is counted for each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.journey.compiling import compile_rules, newest_versions
from orchestration.journey.outcome import in_milliseconds
from orchestration.journey.rules.model import Rule

MOST_INSTANTS = 400
EXAMPLES = 10
NO_LANGUAGE = "unknown"
Person = tuple[UUID, UUID]


class Change(NamedTuple):
    """A flag set or ended for a person by an instant."""

    company_id: UUID
    person_id: UUID
    at: datetime
    is_set: bool


class Group(NamedTuple):
    """People of one company or language."""

    name: str
    people: int
    ever_set: int
    set_at_end: int

    @property
    def share(self) -> float:
        return self.ever_set / self.people if self.people else 0.0


@dataclass(frozen=True)
class Backtest:
    """What one version of a rule would have said."""

    rule: Rule
    instants: tuple[datetime, ...]
    people: int
    set_counts: tuple[int, ...]  # people with the flag, by instant
    set_flips: tuple[int, ...]  # that began by the instant; the first has none
    ended_flips: tuple[int, ...]
    ever_set: int
    flapping: int  # people whose flag was set more than once
    by_company: tuple[Group, ...]
    by_language: tuple[Group, ...]
    changes: tuple[Change, ...]  # the latest, as examples

    @property
    def flap_rate(self) -> float:
        """Share of people, of those ever flagged, who were flagged more than once."""
        return self.flapping / self.ever_set if self.ever_set else 0.0


@dataclass(frozen=True)
class Difference:
    """Who is flagged by one version only, at the last instant."""

    only_first: int
    only_second: int
    both: int
    examples: tuple[tuple[Person, bool], ...]  # a person, and whether the first version flags them


def instants(first: datetime, last: datetime, step: timedelta = timedelta(weeks=1)) -> tuple[datetime, ...]:
    """From the first to the last, a step apart; raises `ValueError` where that is none or too many."""
    if step <= timedelta(0) or last < first:
        raise ValueError("a backtest needs a start, a later end and a step forward")
    count = (last - first) // step + 1
    if count > MOST_INSTANTS:
        raise ValueError(
            f"{count} instants are more than {MOST_INSTANTS}: take longer steps or a shorter time"
        )
    return tuple(first + number * step for number in range(count))


def backtest(
    client: ClickHouseClient,
    rules: Sequence[Rule],
    when: Sequence[datetime],
    *,
    company_id: UUID | None = None,
    as_known: bool = False,
) -> tuple[list[Backtest], Difference | None]:
    """The rules over the past, and how the first two differ in the end.

    With `as_known`, each instant knows what was recorded by then, so that late events do not flatter it;
    history imported in one go was not known then. Without, all that is known today counts at its own time.
    """
    answers = _answers(client, rules, when, company_id=company_id, as_known=as_known)
    languages = _languages(client, company_id)
    results = [_summary(rule, number, when, answers, languages) for number, rule in enumerate(rules)]
    return results, _difference(answers) if len(rules) > 1 else None


def _answers(
    client: ClickHouseClient,
    rules: Sequence[Rule],
    when: Sequence[datetime],
    *,
    company_id: UUID | None,
    as_known: bool,
) -> dict[Person, tuple[str, ...]]:
    """Per person and rule a text with one digit per instant, 1 where the rule holds."""
    found: dict[Person, list[list[str]]] = {}
    compiled = compile_rules(rules, detailed=False)
    listed = ", ".join(map(repr, compiled.event_types))
    of_company = " and company_id = {company:UUID}" if company_id else ""
    holds = ", ".join(f"ifNull(h{number}, 0)" for number in range(len(rules)))
    bound = {**compiled.written.values, **({"company": company_id} if company_id else {})}
    # With its own knowledge, each instant has other newest versions: a statement each.
    groups = [[one] for one in when] if as_known else [list(when)]
    for group in groups:
        known = " and recorded_at <= {known_at:DateTime64(6, 'UTC')}" if as_known else ""
        where = f"event_type in ({listed}){of_company}{known}"
        statement = (
            f"with {newest_versions(where)},\n"
            "instants as (select arrayJoin({instants:Array(Int64)}) as instant)\n"
            f"select company_id, person_id, groupArray((instant, [{holds}]))\n"
            f"from ({compiled.select_at_each_instant}) group by company_id, person_id"
        )
        parameters: dict[str, object] = {**bound, "instants": [in_milliseconds(one) for one in group]}
        if as_known:
            parameters["known_at"] = group[0]
        places = {in_milliseconds(one): place for place, one in enumerate(when)}
        with client.query_rows_stream(statement, parameters=parameters) as rows:
            for company, person, answers in rows:
                digits = found.setdefault((company, person), [["0"] * len(when) for _ in rules])
                for instant, values in answers:
                    for number, value in enumerate(values):
                        digits[number][places[instant]] = "1" if value else "0"
    return {person: tuple(map("".join, digits)) for person, digits in found.items()}


def _languages(client: ClickHouseClient, company_id: UUID | None) -> dict[Person, str]:
    """The language people write in: that of most of their scored texts."""
    of_company = "and company_id = {company:UUID}" if company_id else ""
    rows = client.query(
        "select company_id, person_id, topK(1)(language)[1] from journey.events"  # noqa: S608
        f" where event_type = 'q2q.scored' and language != '' and not is_deleted {of_company}"
        " group by company_id, person_id",
        parameters={"company": company_id} if company_id else None,
    ).result_rows
    return {(row[0], row[1]): str(row[2]) for row in rows}


def _summary(
    rule: Rule, number: int, when: Sequence[datetime], answers: dict[Person, tuple[str, ...]],
    languages: dict[Person, str],
) -> Backtest:  # fmt: skip
    set_counts, begun, ended = ([0] * len(when) for _ in range(3))
    companies: dict[str, list[str]] = {}
    spoken: dict[str, list[str]] = {}
    changes: list[Change] = []
    starts = Counter[int]()
    for person, digits in answers.items():
        said = digits[number]
        companies.setdefault(str(person[0]), []).append(said)
        spoken.setdefault(languages.get(person, NO_LANGUAGE), []).append(said)
        starts[("0" + said).count("01")] += 1
        for place, one in enumerate(said):
            set_counts[place] += one == "1"
        for place, (before, after) in enumerate(pairwise(said), start=1):
            if before != after:
                (begun if after == "1" else ended)[place] += 1
                changes.append(Change(*person, when[place], after == "1"))
    changes.sort(key=lambda change: (change.at, str(change.person_id)), reverse=True)
    return Backtest(
        rule, tuple(when), len(answers), tuple(set_counts), tuple(begun), tuple(ended),
        ever_set=sum(count for times, count in starts.items() if times),
        flapping=sum(count for times, count in starts.items() if times > 1),
        by_company=_groups(companies), by_language=_groups(spoken), changes=tuple(changes[:EXAMPLES]),
    )  # fmt: skip


def _groups(people: dict[str, list[str]]) -> tuple[Group, ...]:
    return tuple(
        Group(name, len(said), sum("1" in one for one in said), sum(one.endswith("1") for one in said))
        for name, said in sorted(people.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def _difference(answers: dict[Person, tuple[str, ...]]) -> Difference:
    ends = {person: (digits[0][-1] == "1", digits[1][-1] == "1") for person, digits in answers.items()}
    counts = Counter(ends.values())
    differing = [(person, first) for person, (first, second) in ends.items() if first != second]
    differing.sort(key=lambda one: (str(one[0][0]), str(one[0][1])))
    return Difference(
        counts[True, False], counts[False, True], counts[True, True], tuple(differing[:EXAMPLES])
    )
