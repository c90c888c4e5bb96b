"""A rule tried on the past: who would have been flagged when, how often flags flip, what a version changes.

One statement answers all instants (`grid`). Rules with a fact that does not add up over time are asked one
instant after the other, and so is what was known at each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.journey import grid
from orchestration.journey.compiling import compile_rules, newest_versions
from orchestration.journey.evaluation import evaluate
from orchestration.journey.outcome import in_milliseconds
from orchestration.journey.rules.model import Rule

if TYPE_CHECKING:  # only who runs a backtest pays for numpy, not the API's start
    import numpy as np
    from numpy.typing import NDArray

MOST_INSTANTS = 400
EXAMPLES = 10
NO_LANGUAGE = "unknown"
LANGUAGE_OCTETS = 8  # of its code: uk, no, en
Person = tuple[UUID, UUID]
_LANGUAGES = """
select company_id, person_id, topK(1)(language)[1]::String as spoken_language from journey.events
where event_type = 'q2q.scored' and language != '' and not is_deleted{of_company}
group by company_id, person_id
"""


class Change(NamedTuple):
    """A flag set or ended for a person by an instant."""

    company_id: UUID
    person_id: UUID
    at: datetime
    is_set: bool


class Differing(NamedTuple):
    """A person whom one version flags and the other does not."""

    person: Person
    first: bool  # whether it is the first that does
    why: str  # what the version that does not is missing


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
    def flips(self) -> int:
        return sum(self.set_flips) + sum(self.ended_flips)

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
    examples: tuple[Differing, ...]


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
    answers = answers_of(client, rules, when, company_id=company_id, as_known=as_known)
    results = [_summary(rule, held, when, answers) for rule, held in zip(rules, answers.held, strict=True)]
    if len(rules) < 2:
        return results, None
    return results, _difference(client, rules, answers, when[-1], when[-1] if as_known else None)


@dataclass(frozen=True)
class Answers:
    """Who there is, and for whom which rule held when. Ids are as ClickHouse has them: 16 octets."""

    companies: NDArray[np.void]  # of each of the people
    people: NDArray[np.void]
    languages: NDArray[np.bytes_]  # that of most of a person's scored texts
    held: Sequence[NDArray[np.bool_]]  # of each rule: people by instants

    def person(self, number: int) -> Person:
        return _uuid(self.companies[number]), _uuid(self.people[number])


def answers_of(
    client: ClickHouseClient, rules: Sequence[Rule], when: Sequence[datetime], *, company_id: UUID | None,
    as_known: bool,
) -> Answers:  # fmt: skip
    """What the rules say of everybody whose activities they ask for, at each of these instants."""
    import numpy as np

    types = sorted({name for rule in rules for fact in rule.facts.values() for name in fact.event_types})
    of_company = " and company_id = {company:UUID}" if company_id else ""
    where = f"event_type in ({', '.join(map(repr, types))}){of_company}"
    bound: dict[str, Any] = {"company": company_id} if company_id else {}
    step = when[1] - when[0] if len(when) > 1 else timedelta(seconds=1)
    is_even = all(later - earlier == step for earlier, later in pairwise(when))
    if as_known or not is_even or not grid.is_possible(rules):
        return _one_by_one(client, rules, when, where, bound, as_known=as_known)
    statement, written = grid.compile_grid(rules, len(when), where)
    bound |= {"first": in_milliseconds(when[0]), "step": step // timedelta(milliseconds=1), **written.values}
    spoken = _LANGUAGES.format(of_company=of_company)
    asked = f"""
select answered.*, toFixedString(substring(spoken_language, 1, {LANGUAGE_OCTETS}), {LANGUAGE_OCTETS})
from ({statement}) as answered left join ({spoken}) as spoken using (company_id, person_id)
"""  # noqa: S608 - statements of our own
    # A row is so many octets, so a hundred thousand people are one array; as values they took a second.
    words = grid.words_of(len(when))
    row = np.dtype([
        ("company", "V16"), ("person", "V16"), ("held", "<u8", (len(rules), words)),
        ("language", f"S{LANGUAGE_OCTETS}"),
    ])  # fmt: skip
    found = np.frombuffer(client.raw_query(asked, bound, fmt="RowBinary"), row)
    bits = np.ascontiguousarray(found["held"]).view(np.uint8).reshape(len(found), len(rules), 8 * words)
    held = np.unpackbits(bits, axis=2, count=len(when), bitorder="little").view(np.bool_)
    return Answers(
        found["company"],
        found["person"],
        found["language"],
        [held[:, number] for number in range(len(rules))],
    )


def _uuid(octets: np.void) -> UUID:
    """ClickHouse has the two halves of a UUID with the last octet first."""
    high, low = octets.tobytes()[:8], octets.tobytes()[8:]
    return UUID(bytes=high[::-1] + low[::-1])


def _octets(ids: Iterable[UUID]) -> NDArray[np.void]:
    import numpy as np

    return np.frombuffer(b"".join(one.bytes[7::-1] + one.bytes[:7:-1] for one in ids), "V16")


def _one_by_one(
    client: ClickHouseClient, rules: Sequence[Rule], when: Sequence[datetime], where: str,
    bound: Mapping[str, Any], *, as_known: bool,
) -> Answers:  # fmt: skip
    """The same, a statement per instant."""
    import numpy as np

    compiled = compile_rules(rules, upto="answers")
    holds = ", ".join(f"ifNull(h{number}, 0)" for number in range(len(rules)))
    if as_known:  # each instant has other newest versions
        where += " and recorded_at <= {known_at:DateTime64(6, 'UTC')}"
    statement = (
        f"with {newest_versions(where)}\nselect company_id, person_id, [{holds}] from ({compiled.select})"
    )
    found: dict[Person, list[list[bool]]] = {}
    for place, at in enumerate(when):
        parameters = {**bound, **compiled.written.values, "as_of": in_milliseconds(at), "known_at": at}
        with client.query_rows_stream(statement, parameters=parameters) as rows:
            for company, person, values in rows:
                held = found.setdefault((company, person), [[False] * len(when) for _ in rules])
                for number, value in enumerate(values):
                    held[number][place] = bool(value)
    of_company = " and company_id = {company:UUID}" if "company" in bound else ""
    spoken = client.query(_LANGUAGES.format(of_company=of_company), dict(bound)).result_rows
    languages = {(row[0], row[1]): row[2] for row in spoken}
    return Answers(
        _octets(company for company, _ in found), _octets(person for _, person in found),
        np.array([languages.get(person, "").encode() for person in found], f"S{LANGUAGE_OCTETS}"),
        [
            np.array([held[number] for held in found.values()], np.bool_).reshape(len(found), len(when))
            for number in range(len(rules))
        ],
    )  # fmt: skip


def _summary(rule: Rule, held: NDArray[np.bool_], when: Sequence[datetime], answers: Answers) -> Backtest:
    import numpy as np

    begins, ends = ~held[:, :-1] & held[:, 1:], held[:, :-1] & ~held[:, 1:]
    starts = begins.sum(axis=1) + held[:, 0]
    changes: list[Change] = []
    for place in range(len(when) - 1, 0, -1):
        some = [
            Change(*answers.person(number), when[place], bool(held[number, place]))
            for number in np.flatnonzero(begins[:, place - 1] | ends[:, place - 1]).tolist()
        ]
        changes += sorted(some, key=lambda change: str(change.person_id))
        if len(changes) >= EXAMPLES:
            break
    ever, at_end = np.logical_or.reduce(held, axis=1), held[:, -1]
    return Backtest(
        rule, tuple(when), len(answers.people), tuple(held.sum(axis=0).tolist()),
        (0, *begins.sum(axis=0).tolist()), (0, *ends.sum(axis=0).tolist()),
        ever_set=int(ever.sum()), flapping=int((starts > 1).sum()),
        by_company=_groups(answers.companies, ever, at_end),
        by_language=_groups(answers.languages, ever, at_end), changes=tuple(changes[:EXAMPLES]),
    )  # fmt: skip


def _groups(names: NDArray[Any], ever: NDArray[np.bool_], at_end: NDArray[np.bool_]) -> tuple[Group, ...]:
    import numpy as np

    found, which = np.unique(names, return_inverse=True)
    counts = (
        np.bincount(some, minlength=len(found)).tolist() for some in (which, which[ever], which[at_end])
    )
    said = [one.decode() if isinstance(one, bytes) else str(_uuid(one)) for one in found]
    groups = [Group(name or NO_LANGUAGE, *some) for name, *some in zip(said, *counts, strict=True)]
    return tuple(sorted(groups, key=lambda group: (-group.people, group.name)))


def _difference(
    client: ClickHouseClient,
    rules: Sequence[Rule],
    answers: Answers,
    at: datetime,
    known_at: datetime | None,
) -> Difference:
    import numpy as np

    first, second = (held[:, -1] for held in answers.held[:2])
    differing = sorted(
        (
            (answers.person(number), bool(first[number]))
            for number in np.flatnonzero(first != second).tolist()
        ),
        key=lambda one: (str(one[0][0]), str(one[0][1])),
    )[:EXAMPLES]
    why: dict[Person, str] = {}
    for is_first, refusing in ((True, rules[1]), (False, rules[0])):
        people = [person for person, flagged in differing if flagged is is_first]
        for outcome in evaluate(client, [refusing], as_of=at, known_at=known_at, people=people):
            missing = "; ".join(one.distance for one in outcome.unmet)
            why[outcome.company_id, outcome.person_id] = missing
    return Difference(
        int((first & ~second).sum()), int((~first & second).sum()), int((first & second).sum()),
        tuple(Differing(person, flagged, why[person]) for person, flagged in differing),
    )  # fmt: skip
