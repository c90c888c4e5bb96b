"""The rules in force as a page, from their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestration.journey.rules.conditions import All, Any_, Comparison, Condition, FactRef, Known, None_
from orchestration.journey.rules.durations import spell
from orchestration.journey.rules.facts import Fact
from orchestration.journey.rules.model import Rule

REPORT = Path(__file__).resolve().parents[3] / "docs" / "reports" / "journey_engine_rules.md"
_HEAD = """# Rules of the journey engine

Written by `impact journey report` from `orchestration/journey/rule_files`; a test compares the two.
A version is known by its hash. How rules are written: [the journey engine](../journey-engine.md).

"""


def page(rules: Sequence[Rule]) -> str:
    lines = ["| Rule | Leads to | State | Priority | Owner | Version |", "|---|---|---|---:|---|---|"]
    lines += [
        f"| [{rule.id}](#{rule.id}) | {_effects(rule)} | {rule.state} | {rule.priority} | {rule.owner}"
        f" | `{rule.hash[:12]}` |"
        for rule in rules
    ]
    return _HEAD + "\n".join(lines) + "\n\n" + "\n".join(map(_section, rules))


def _section(rule: Rule) -> str:
    facts = "\n".join(f"- `{name}`: {_fact(fact)}" for name, fact in rule.facts.items())
    more = "".join(
        f"\n{said}\n"
        for said in (
            f"Counts after {spell(rule.hold)} of the same answer." if rule.hold else "",
            "Stays once set." if rule.sticky else "",
        )
        if said
    )
    return (
        f"## {rule.id}\n\n**{rule.name}.** {rule.description}\n\n{facts}\n\n"
        f"Holds when {_condition(rule.when)}.\n{more}"
    )


def _effects(rule: Rule) -> str:
    then = rule.then
    said = [f"flag `{then.set_flag.flag}`"] if then.set_flag else []
    said += [f"milestone `{then.reach_milestone}`"] if then.reach_milestone else []
    said += [f"clears `{flag}`" for flag in then.clear_flag]
    said += [f"event `{emitted.event}`" for emitted in then.emit_event]
    return ", ".join(said)


def _fact(fact: Fact) -> str:
    said = fact.model_dump(mode="json", exclude_defaults=True)
    where = said.pop("where", {})
    target = said.pop(fact.aggregate)
    of = " or ".join(target) if isinstance(target, list) else target
    words = [f"{fact.aggregate.replace('_', ' ')} of {of}"]
    for name, wanted in where.items():
        if isinstance(wanted, dict):
            words.append(f"with {name} {wanted['op']} {wanted['value']}")
        else:
            words.append(f"with {name} {' or '.join(wanted) if isinstance(wanted, list) else wanted}")
    words += [f"within {spell(fact.within)}"] if fact.within else []
    words += [f"unknown below {fact.at_least} values"] if fact.at_least else []
    return ", ".join(words)


def _condition(condition: Condition) -> str:
    match condition:
        case Known(known=name):
            return f"`{name}` is known"
        case Comparison(fact=name, op=op, unknown=unknown):
            other = {None: "", True: " or is unknown", False: " and is known"}[unknown]
            return f"`{name}` {op} {_value(condition)}{other}"
        case All(all=parts):
            return " and ".join(_nested(part) for part in parts)
        case Any_(any=parts):
            return " or ".join(_nested(part) for part in parts)
        case None_(none=parts):
            return f"not ({' or '.join(_nested(part) for part in parts)})"


def _nested(condition: Condition) -> str:
    said = _condition(condition)
    return said if isinstance(condition, Known | None_) else f"({said})"


def _value(condition: Comparison) -> str:
    if isinstance(condition.value, FactRef):
        return f"`{condition.value.fact}`"
    dumped = condition.model_dump(mode="json")["value"]
    return f"{dumped:g}" if isinstance(dumped, float) else str(dumped).lower()
