"""What a company reckons with instead of the standard parameters, kept in Postgres, each from a day on.

Nothing is stored that would leave the formula without sense on that day or on a later one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import psycopg

from orchestration.formulas.registry import STANDARD, Registry
from orchestration.formulas.rules import problems


class OverrideRefusedError(Exception):
    """The parameters do not go together, or name something that is not there; the message says what."""


@dataclass(frozen=True)
class Override:
    """Either the choice of a set, or one parameter's value; a value of none gives it back to the set."""

    company_id: UUID
    formula: str
    effective_from: date
    parameter_set: str | None = None
    parameter: str | None = None
    value: float | None = None


def in_force(
    overrides: Iterable[Override], registry: Registry, formula: str, on: date
) -> tuple[str, dict[str, float]]:
    """The set and the values (base scenario) that one company's overrides leave in force on a day."""
    chosen, own = STANDARD, dict[str, float | None]()
    for override in sorted(overrides, key=lambda override: override.effective_from):
        if override.formula != formula or override.effective_from > on:
            continue
        if override.parameter_set is not None:
            chosen = override.parameter_set
        elif override.parameter is not None:
            own[override.parameter] = override.value
    values = registry.values(formula, chosen, on)
    return chosen, values | {name: value for name, value in own.items() if value is not None}


def read_overrides(connection: psycopg.Connection, company_id: UUID | None = None) -> list[Override]:
    rows = connection.execute(
        "select company_id, formula, effective_from, parameter_set, parameter, value"
        " from ingest.formula_overrides where company_id = coalesce(%s, company_id)"
        " order by company_id, formula, effective_from, parameter nulls first",
        (company_id,),
    ).fetchall()
    return [Override(*row) for row in rows]


def set_overrides(
    connection: psycopg.Connection,
    registry: Registry,
    company_id: UUID,
    formula: str,
    effective_from: date,
    values: Mapping[str, float | None],
    parameter_set: str | None = None,
) -> dict[str, float]:
    """Store a company's choices of one day, all or none; returns every value then in force.

    A choice already stored for the same day is replaced. Does not commit.
    """
    new = [
        Override(company_id, formula, effective_from, parameter=name, value=value)
        for name, value in values.items()
    ]
    if parameter_set is not None:
        new.append(Override(company_id, formula, effective_from, parameter_set=parameter_set))
    _refuse_unknown_names(new, registry, formula)
    if not connection.execute(
        # Locked, so that two commands cannot each pass the check and together break the sum.
        "select 1 from ingest.companies where company_id = %s for update",
        (company_id,),
    ).fetchone():
        raise OverrideRefusedError(f"there is no company {company_id}")
    replaced = {(override.effective_from, override.parameter) for override in new}
    stored = [
        override
        for override in read_overrides(connection, company_id)
        if override.formula != formula or (override.effective_from, override.parameter) not in replaced
    ]
    _refuse_nonsense([*stored, *new], registry, formula, effective_from)
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ingest.formula_overrides"
            " (company_id, formula, effective_from, parameter_set, parameter, value)"
            " values (%s, %s, %s, %s, %s, %s)"
            " on conflict (company_id, formula, effective_from, parameter) do update"
            " set parameter_set = excluded.parameter_set, value = excluded.value, set_at = now()",
            [(o.company_id, o.formula, o.effective_from, o.parameter_set, o.parameter, o.value) for o in new],
        )
    return in_force([*stored, *new], registry, formula, effective_from)[1]


def _refuse_unknown_names(new: list[Override], registry: Registry, formula: str) -> None:
    if formula not in registry.formulas:
        raise OverrideRefusedError(f"there is no formula {formula}; there are {', '.join(registry.formulas)}")
    if not new:
        raise OverrideRefusedError("nothing to set: give NAME=VALUE, or a set of parameters")
    for override in new:
        if override.parameter is not None and override.parameter not in registry.parameters(formula):
            known = ", ".join(sorted(registry.parameters(formula)))
            raise OverrideRefusedError(f"{formula} has no parameter {override.parameter}; it has {known}")
        if override.parameter_set is not None and override.parameter_set not in registry.sets(formula):
            known = ", ".join(registry.sets(formula))
            raise OverrideRefusedError(f"{formula} has no set {override.parameter_set}; it has {known}")


def _refuse_nonsense(overrides: list[Override], registry: Registry, formula: str, since: date) -> None:
    changes = registry.days(formula) | {o.effective_from for o in overrides if o.formula == formula}
    for day in sorted({since} | {day for day in changes if day > since}):
        _, values = in_force(overrides, registry, formula, day)
        if found := problems(formula, values, registry.parameters(formula)):
            raise OverrideRefusedError(f"{formula} from {day} on: {'; '.join(found)}")
