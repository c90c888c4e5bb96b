"""Rules at many evenly spaced instants in one pass: each activity is counted once, at the first that has it.

Per person and fact there is an array with a place per instant. Counts and sums run up along it, and an
activity that leaves a window is taken off at the first instant without it; latest values are filled forward.
What does not add up like this (the largest of a window, different values) has no place here: `is_possible`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from orchestration.journey.compiling import (
    Written,
    condition_of,
    figure,
    is_there,
    matches,
    newest_versions,
    unified,
)
from orchestration.journey.interpreter import MICRO
from orchestration.journey.rules.facts import Fact
from orchestration.journey.rules.model import Rule

WORD = 64  # bits
_SUMS = ("count", "exists", "sum", "avg")
_LATEST = ("time_since", "last")  # also in a window: the latest of all is in it, or nothing is


def is_possible(rules: Sequence[Rule]) -> bool:
    """Whether all facts of the rules can be counted this way."""
    facts = [fact for rule in rules for fact in rule.facts.values()]
    return all(
        fact.aggregate in (*_SUMS, *_LATEST)
        or (fact.aggregate in ("min", "max", "first") and fact.within is None)
        for fact in facts
    )


def compile_grid(rules: Sequence[Rule], count: int, where: str) -> tuple[str, Written]:
    """A statement: company, person, and `words_of` words per rule, a bit per instant, 1 where it holds.

    `where` chooses the activities' versions. Parameters are those of the `Written` and `first` and `step`, in
    milliseconds: the first instant and from each to the next.
    """
    written = Written()
    facts, places = unified(rules)
    widths = sorted({fact.within for fact in facts if fact.within is not None})
    leaving = "".join(
        f", {_place(f'(at + {width // timedelta(milliseconds=1)})')} as leaves{number}"
        for number, width in enumerate(widths)
    )
    aggregates, arrays, figures = [], [], []
    for number, fact in enumerate(facts):
        counts = written.predicate(f"not is_deleted and {matches(fact, written)}")
        leaves = None if fact.within is None else f"leaves{widths.index(fact.within)}"
        some, more = _fact(number, fact, counts, leaves, count)
        aggregates += some
        arrays += more
        figures.append(figure(number, fact).replace("{as_of:Int64}", "instant"))
    holds = [
        f"{word} as held{number}_{turn}"
        for number, (rule, place) in enumerate(zip(rules, places, strict=True))
        for turn, word in enumerate(_held(rule, place, figures, written, count))
    ]
    predicates = ", ".join(f"{said} as {name}" for said, name in written.predicates.items())
    statement = f"""with {newest_versions(where)},
arrayMap(n -> {{first:Int64}} + {{step:Int64}} * n, range({count})) as instants
select company_id, person_id, {", ".join(holds)}
from (select company_id, person_id, {", ".join(arrays)}
from (select company_id, person_id, {", ".join(aggregates)}
from (select *, {_place("at")} as enters{leaving}, {predicates} from activities)
group by company_id, person_id))"""  # noqa: S608 - names the rule model has checked
    return statement, written


def words_of(count: int) -> int:
    """How many words so many instants take."""
    return -(-count // WORD)


def _held(
    rule: Rule, place: dict[str, int], figures: Sequence[str], written: Written, count: int
) -> list[str]:
    """The words of bits that say at which instants a rule holds."""
    used = sorted(set(place.values()))
    condition = condition_of(rule.when, place, written)
    said = re.sub(r"\bf(\d+)\b", lambda fact: figures[int(fact[1])], condition)
    names = ", ".join(f"n{number}, a{number}" for number in used)
    sources = ", ".join(f"ns{number}, as{number}" for number in used)
    bit = f"if(ifNull({said}, 0), bit, 0)"
    bits = f"arrayMap(n -> bitShiftLeft(toUInt64(1), n % {WORD}), range({count}))"
    each = f"arrayMap((instant, bit, {names}) -> {bit}, instants, {bits}, {sources})"
    return [f"arraySum(arraySlice({each}, {start + 1}, {WORD}))" for start in range(0, count, WORD)]


def _place(at: str) -> str:
    """The first instant that is not before a moment, from 0; past the last one for what comes later."""
    return f"if({at} <= {{first:Int64}}, 0, intDiv({at} - {{first:Int64}} - 1, {{step:Int64}}) + 1)"


def _fact(
    number: int, fact: Fact, counts: str, leaves: str | None, count: int
) -> tuple[list[str], list[str]]:
    """What is gathered of a fact per person, and its arrays: how many (`ns`), what is made of them (`as`)."""
    name, along = fact.field, f"(0, {count}, 1)"
    aggregates = [f"countResampleIf{along}(enters, {counts}) as enter{number}"]
    many = f"arrayCumSum(enter{number})"
    if leaves:
        aggregates.append(f"countResampleIf{along}({leaves}, {counts}) as leave{number}")
        many = f"arrayCumSum(arrayMap((n, m) -> toInt64(n) - toInt64(m), enter{number}, leave{number}))"
    made = f"ns{number}"
    match fact.aggregate:
        case "sum" | "avg":
            micros = f"toInt64(round(if({is_there(str(name))}, assumeNotNull({name}), 0.) * {MICRO}))"
            aggregates.append(f"sumResampleIf{along}({micros}, enters, {counts}) as sum{number}")
            made = f"arrayCumSum(sum{number})"
            if leaves:
                aggregates.append(f"sumResampleIf{along}({micros}, {leaves}, {counts}) as less{number}")
                made = f"arrayCumSum(arrayMap((n, m) -> n - m, sum{number}, less{number}))"
        case "time_since":
            aggregates.append(f"maxResampleIf{along}(at, enters, {counts}) as at{number}")
            made = f"arrayFill((at, n) -> n > 0, at{number}, enter{number})"
        case "last":
            latest = f"assumeNotNull({name}), (at, event_id), enters, {counts}"
            aggregates.append(f"argMaxResampleIf{along}({latest}) as last{number}")
            made = f"arrayFill((value, n) -> n > 0, last{number}, enter{number})"
        case "first":
            first = f"argMinIf(assumeNotNull({name}), (at, event_id), {counts})"
            aggregates.append(f"{first} as first{number}")
            made = f"arrayWithConstant({count}, first{number})"
        case "min" | "max":
            none = "inf" if fact.aggregate == "min" else "-inf"
            aggregates.append(
                f"{fact.aggregate}ResampleIf{along}(assumeNotNull({name}), enters, {counts}) as edge{number}"
            )
            until = f"arrayMap(n -> (1, n + 1), range({count}))"
            each = f"arrayMap((value, n) -> if(n > 0, value, {none}), edge{number}, enter{number})"
            made = f"arrayReduceInRanges('{fact.aggregate}', {until}, {each})"
    return aggregates, [f"{many} as ns{number}", f"{made} as as{number}"]
