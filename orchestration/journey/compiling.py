"""Rules as one ClickHouse statement: equal facts once, all rules in one pass over the activities.

Values reach the statement as parameters; what stands in its text are names that the rule model has checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from orchestration.journey.interpreter import LARGEST, MICRO
from orchestration.journey.outcome import EVIDENCE_PER_FACT
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
from orchestration.journey.rules.facts import Compared, Fact, Filter
from orchestration.journey.rules.model import Rule
from orchestration.journey.rules.vocabulary import FIELDS, TEXT_FIELDS

Upto = Literal["answers", "changes", "evidence"]


@dataclass
class Written:
    """What a statement consists of besides its frame: values as parameters, predicates named once."""

    values: dict[str, float | str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    predicates: dict[str, str] = field(default_factory=dict)

    def value(self, value: float | str) -> str:
        kind = "String" if isinstance(value, str) else "Float64"
        for name, other in self.values.items():
            if type(other) is type(value) and other == value:
                return f"{{{name}:{kind}}}"
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{kind}}}"

    def base(self, said: str) -> str:
        """What several predicates are made of."""
        return self.bases.setdefault(said, f"m{len(self.bases)}")

    def predicate(self, said: str) -> str:
        return self.predicates.setdefault(said, f"p{len(self.predicates)}")


@dataclass(frozen=True)
class Compiled:
    """A statement over the CTE `activities`, and which of its columns is which fact and answer."""

    columns: tuple[str, ...]
    figures: tuple[str, ...]
    aggregates: tuple[str, ...]
    facts: tuple[dict[str, int], ...]  # of each rule: place of each of its facts
    written: Written
    event_types: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of `columns`."""
        return tuple(column.rpartition(" as ")[2] for column in self.columns)

    @property
    def select(self) -> str:
        """One row per person of `activities`: company_id, person_id, then `columns`.

        A step at a time, each by the names of the one before: a name of the same step would be written out
        wherever it is used, and most of a small statement's time is spent on its text.
        """
        return (
            f"select company_id, person_id, {', '.join(self.columns)}\n"
            f"from (select *, {', '.join(self.figures)}\n"
            f"from (select company_id, person_id, {', '.join(self.aggregates)}\n"
            f"from (select *, {_named(self.written.predicates)}\n"
            f"from (select *, {_named(self.written.bases)}\nfrom activities))"
            " group by company_id, person_id))"
        )


def _named(expressions: Mapping[str, str]) -> str:
    return ", ".join(f"{said} as {name}" for said, name in expressions.items())


def compile_rules(rules: Sequence[Rule], *, upto: Upto = "evidence") -> Compiled:
    """Columns: `f<n>` facts, `h<n>` answers; up to what is asked for, `c<n>` next changes, `e<n>` evidence.

    What nobody asks for is left out: of a batch, reading the statement takes longer than answering it.
    """
    written = Written()
    facts, places = unified(rules)
    aggregates, figures, columns = [], [], []
    for number, fact in enumerate(facts):
        aggregates += _aggregates(number, fact, written, upto)
        figures.append(f"{figure(number, fact)} as f{number}")
        columns.append(f"f{number}")
    for number, (rule, place) in enumerate(zip(rules, places, strict=True)):
        columns.append(f"{condition_of(rule.when, place, written)} as h{number}")
        if upto != "answers":
            columns.append(f"{_next_change(rule, place, facts)} as c{number}")
    if upto == "evidence":
        columns += [f"e{number}" for number in range(len(facts))]
    types = sorted({event_type for fact in facts for event_type in fact.event_types})
    return Compiled(tuple(columns), tuple(figures), tuple(aggregates), tuple(places), written, tuple(types))


def unified(rules: Sequence[Rule]) -> tuple[list[Fact], list[dict[str, int]]]:
    """The facts of all rules, equal ones once; and of each rule, which of them each of its facts is."""
    numbers: dict[str, int] = {}
    facts: list[Fact] = []
    places = []
    for rule in rules:
        place = {}
        for name, fact in rule.facts.items():
            said = fact.model_dump_json(exclude_defaults=True)
            if said not in numbers:
                numbers[said] = len(facts)
                facts.append(fact)
            place[name] = numbers[said]
        places.append(place)
    return facts, places


def newest_versions(where: str) -> str:
    """The CTE `activities`: the newest version of each activity that meets a condition on its versions.

    The table is sorted by the first three: versions pass by in turn, and none is put into a hash table.
    """
    return f"""activities as (
select
    company_id, person_id, event_type, event_id, is_deleted, toUnixTimestamp64Milli(occurred_at) as at,
    {", ".join(FIELDS)}
from journey.events where {where}
order by company_id, person_id, subject_key, source_time desc, event_id desc, is_deleted desc
limit 1 by company_id, person_id, subject_key
)"""  # noqa: S608 - names of our own


def _aggregates(number: int, fact: Fact, written: Written, upto: Upto) -> list[str]:
    past = written.base("at <= {as_of:Int64}")
    looked_at = written.base(f"not is_deleted and {matches(fact, written)}")
    width = None if fact.within is None else fact.within // timedelta(milliseconds=1)
    in_window = "" if width is None else f" and at > {{as_of:Int64}} - {width}"
    counts = written.predicate(f"{looked_at} and {past}{in_window}")
    name = fact.field
    columns = [f"countIf({counts}) as n{number}"]
    match fact.aggregate:
        case "distinct":
            value = name if name in TEXT_FIELDS else f"assumeNotNull({name}) + 0"
            columns.append(f"uniqExactIf({value}, {counts}) as a{number}")
        case "avg" | "sum":
            # What is no number stands here too, before it is left out, and no integer is made of it.
            readable = f"if({is_there(str(name))}, assumeNotNull({name}), 0.)"
            columns.append(f"sumIf(toInt64(round({readable} * {MICRO})), {counts}) as a{number}")
        case "min" | "max":
            columns.append(f"{fact.aggregate}If(assumeNotNull({name}), {counts}) + 0 as a{number}")
        case "first" | "last":
            choose = "argMinIf" if fact.aggregate == "first" else "argMaxIf"
            columns.append(f"{choose}(assumeNotNull({name}), (at, event_id), {counts}) + 0 as a{number}")
        case "time_since":
            columns.append(f"maxIf(at, {counts}) as a{number}")
    if upto != "answers":
        if width is None:
            later = written.predicate(f"{looked_at} and not {past}")
            columns.append(f"minOrNullIf(at, {later}) as x{number}")
        else:
            later = written.predicate(f"{looked_at} and at + {width} > {{as_of:Int64}}")
            columns.append(f"minOrNullIf(if({past}, at + {width}, at), {later}) as x{number}")
    if upto == "evidence":
        newest = 1 if fact.aggregate == "time_since" else EVIDENCE_PER_FACT
        columns.append(f"groupArraySortedIf({newest})((-at, event_id), {counts}) as e{number}")
    return columns


def matches(fact: Fact, written: Written) -> str:
    """Whether a fact looks at an activity, whenever it happened."""
    said = [f"event_type in ({', '.join(map(repr, fact.event_types))})"]
    said += [_passes(name, wanted, written) for name, wanted in sorted(fact.where.items())]
    if fact.field:
        said.append(is_there(fact.field))
    return " and ".join(said)


def _passes(name: str, wanted: Filter, written: Written) -> str:
    if isinstance(wanted, list):
        return f"{name} in ({', '.join(map(written.value, wanted))})"
    op, value = (wanted.op, wanted.value) if isinstance(wanted, Compared) else ("=", wanted)
    if isinstance(value, str):
        return f"({is_there(name)} and {name} {op} {written.value(value)})"
    return f"({is_there(name)} and assumeNotNull({name}) {op} {written.value(value)})"


def is_there(name: str) -> str:
    return f"{name} != ''" if name in TEXT_FIELDS else f"ifNull(abs({name}) <= {LARGEST:.0f}, false)"


def figure(number: int, fact: Fact) -> str:
    """A fact from the number of its activities `n<number>` and what was made of them, `a<number>`."""
    least = fact.at_least or 1
    match fact.aggregate:
        case "count":
            value, least = f"toFloat64(n{number})", 0
        case "exists":
            value, least = f"toFloat64(n{number} > 0)", 0
        case "distinct":
            value, least = f"toFloat64(a{number})", 0
        case "sum":
            value, least = f"toFloat64(a{number}) / {MICRO}", fact.at_least or 0
        case "avg":
            value = f"toFloat64(a{number}) / n{number} / {MICRO}"
        case "time_since":
            value = f"({{as_of:Int64}} - a{number}) / 1000"
        case _:
            value = f"a{number}"
    return f"if(n{number} >= {least}, {value}, null)"


def condition_of(condition: Condition, place: dict[str, int], written: Written) -> str:
    """A condition over facts `f<number>`."""
    match condition:
        case Known(known=name):
            return f"(f{place[name]} is not null)"
        case Comparison(fact=name, op=op, value=value):
            other = (
                f"f{place[value.fact]}"
                if isinstance(value, FactRef)
                else written.value(condition.threshold or 0.0)
            )
            compared = f"(f{place[name]} {op} {other})"
            return compared if condition.unknown is None else f"ifNull({compared}, {condition.unknown:d})"
        case All(all=parts):
            return _joined("and", [condition_of(part, place, written) for part in parts])
        case Any_(any=parts):
            return _joined("or", [condition_of(part, place, written) for part in parts])
        case None_(none=parts):
            return f"not {_joined('or', [condition_of(part, place, written) for part in parts])}"


def _joined(word: str, parts: list[str]) -> str:
    # Kleene's and/or, as ClickHouse has them: null and false is false, null or true is true.
    return f"({f' {word} '.join(parts)})"


def _next_change(rule: Rule, place: dict[str, int], facts: Sequence[Fact]) -> str:
    moments = [f"x{number}" for number in sorted(set(place.values()))]
    for condition in leaves(rule.when):
        if (
            isinstance(condition, Comparison)
            and facts[number := place[condition.fact]].aggregate == "time_since"
        ):
            turn = f"a{number} + {round((condition.threshold or 0) * 1000) + (condition.op in ('>', '<='))}"
            moments.append(f"if(n{number} > 0 and {turn} > {{as_of:Int64}}, {turn}, null)")
    return soonest(moments)


def soonest(moments: Sequence[str]) -> str:
    """The first of some moments in milliseconds that may be null; null if all are."""
    return f"least({', '.join(moments)})" if len(moments) > 1 else moments[0]
