"""Which statements of the API say themselves of which company they read, and what each says it with."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

import serving.queries

# Walled tables that have a company. What belongs to a row of theirs is asked for by that row's id.
WITH_COMPANY = {
    "journey.people", "journey.flags", "journey.flag_history", "journey.milestones", "safety.review_items",
    "impact_in.connections", "impact_in.secrets", "impact_in.schedules", "impact_in.slots",
    "impact_in.scheduled_deliveries", "privacy.requests", "privacy.restrictions", "ingest.admin_reads",
    "ingest.companies", "ingest.cohort_definitions", "serving.company_versions", "ai.months",
    "ai.daily_costs",
}  # fmt: skip
# Statements that name no company, and why they need not.
OF_NO_COMPANY = {
    "ai._TOTALS": "what companies spend, side by side, for /metrics",
    "ai._BUDGETS": "each company's number beside its id, for /metrics",
    "ai._ALERTS": "counts of all companies together, for /metrics",
    "impact_in._SUPERVISED": "counts of all companies together, for /metrics",
    "impact_in._RECENT_ATTEMPTS": "counts of all companies together, for /metrics",
    "privacy._STANDING": "counts of all companies together, for /metrics",
    "privacy._DURATIONS": "durations of all companies together, for /metrics",
    "privacy._BY_LINK": "the link has proved itself, and is the credential",
    "safety_decisions._CLOSE": "in the transaction that has locked the company's own item",
    "safety_decisions._ESCALATE": "in the transaction that has locked the company's own item",
    "safety_decisions._APPROVE_FIRST": "in the transaction that has locked the company's own item",
}
_IS_STATEMENT = re.compile(r"\s*(select|with|update|insert|delete)\b", re.IGNORECASE)


def statements() -> dict[str, str]:
    """The statements of Postgres of `serving.queries`, by module and name."""
    return {
        f"{module.name}.{name}": value
        for module in pkgutil.iter_modules(serving.queries.__path__)
        for name, value in vars(importlib.import_module(f"serving.queries.{module.name}")).items()
        if isinstance(value, str) and _IS_STATEMENT.match(value) and "{database:Identifier}" not in value
    }


def bare(statement: str) -> list[str]:
    """The walled tables that a statement reads or changes without saying of which company.

    A table that is joined by a key to one that says it says it too.
    """
    scopes: dict[int, list[exp.Table]] = {}
    for table in sqlglot.parse_one(statement, dialect="postgres").find_all(exp.Table):
        scope = table.find_ancestor(exp.Select, exp.Update, exp.Delete)
        if scope is not None and _is_walled(table):
            scopes.setdefault(id(scope), []).append(table)
    return [table.name for tables in scopes.values() for table in _nameless(tables)]


def is_about_walled(statement: str) -> bool:
    """Whether the statement reads or changes anything behind the wall that has a company."""
    return any(map(_is_walled, sqlglot.parse_one(statement, dialect="postgres").find_all(exp.Table)))


def leave_out_each(statement: str) -> Iterator[str]:
    """The statement without one of its predicates about the company; once for each of them."""
    parsed = sqlglot.parse_one(statement, dialect="postgres")
    for number, equal in enumerate(parsed.find_all(exp.EQ)):
        if any(_is_company(side) for side in (equal.left, equal.right)):
            changed = parsed.copy()
            [*_, found] = [one for at, one in enumerate(changed.find_all(exp.EQ)) if at == number]
            found.replace(exp.true())
            yield changed.sql("postgres")


def _is_walled(table: exp.Table) -> bool:
    return table.db == "served" or f"{table.db}.{table.name}" in WITH_COMPANY


def _is_company(side: exp.Expression) -> bool:
    return isinstance(side, exp.Column) and side.name == "company_id"


def _nameless(tables: list[exp.Table]) -> list[exp.Table]:
    left = [table for table in tables if not _names_a_company(table, {one.alias_or_name for one in tables})]
    named = [table for table in tables if table not in left]
    while joined := [table for table in left if any(_is_joined(table, other) for other in named)]:
        named += joined
        left = [table for table in left if table not in joined]
    return left


def _names_a_company(table: exp.Table, beside: set[str]) -> bool:
    """Whether the table's company is compared with one that is given: a parameter, or one from around it."""
    return any(
        _is_company(one)
        and one.table in ("", table.alias_or_name)
        and not (isinstance(other, exp.Column) and other.table in beside)
        for equal in _equalities(table)
        for one, other in ((equal.left, equal.right), (equal.right, equal.left))
    )


def _is_joined(table: exp.Table, other: exp.Table) -> bool:
    names = {table.alias_or_name, other.alias_or_name}
    return any(
        isinstance(equal.left, exp.Column) and isinstance(equal.right, exp.Column)
        and {equal.left.table, equal.right.table} == names
        for equal in _equalities(table)
    )  # fmt: skip


def _equalities(table: exp.Table) -> Iterator[exp.EQ]:
    """Those that the statement around the table asks for; not those of statements within it."""
    scope = table.find_ancestor(exp.Select, exp.Update, exp.Delete)
    assert scope is not None
    clauses = [scope.args.get("where"), *(join.args.get("on") for join in scope.args.get("joins") or ())]
    for clause in clauses:
        for equal in clause.find_all(exp.EQ) if clause is not None else ():
            if equal.find_ancestor(exp.Select, exp.Update, exp.Delete) is scope:
                yield equal
