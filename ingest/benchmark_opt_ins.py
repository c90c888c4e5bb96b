"""Which companies let their numbers into benchmarks, since when, and how far.

A company is in or out by date. Leaving keeps it out of everything published from that day on; what was
published before stays as it is, since changing it would show by how much the company had moved it.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

import psycopg

ConsentScope = Literal["all", "industry_only", "region_only"]


class OptInError(Exception):
    """The company's consent cannot be changed as asked; nothing was changed."""


def opt_in(connection: psycopg.Connection, company_id: UUID, scope: ConsentScope, on: date) -> None:
    """Let a company's numbers into benchmarks of quarters that end on this day or later."""
    with connection.transaction():
        stretches = _stretches(connection, company_id)
        if stretches and stretches[-1][2] is None:
            raise OptInError(
                f"company {company_id} has been in benchmarks since {stretches[-1][0]} with scope"
                f" {stretches[-1][1]}; to change it, opt out first"
            )
        if stretches and (last_day := stretches[-1][2]) is not None and on <= last_day:
            raise OptInError(f"company {company_id} opted out on {last_day}; opt in on a later day")
        connection.execute(
            "insert into ingest.benchmark_opt_ins (company_id, consent_scope, opted_in_on)"
            " values (%s, %s, %s)",
            (company_id, scope, on),
        )


def opt_out(connection: psycopg.Connection, company_id: UUID, on: date) -> None:
    """Keep a company's numbers out of everything that is published from this day on."""
    with connection.transaction():
        stretches = _stretches(connection, company_id)
        if not stretches or stretches[-1][2] is not None:
            raise OptInError(f"company {company_id} is in no benchmark: there is nothing to opt out of")
        if on < stretches[-1][0]:
            raise OptInError(f"company {company_id} opted in on {stretches[-1][0]}, after {on}")
        connection.execute(
            "update ingest.benchmark_opt_ins set opted_out_on = %s"
            " where company_id = %s and opted_out_on is null",
            (on, company_id),
        )


def _stretches(
    connection: psycopg.Connection, company_id: UUID
) -> list[tuple[date, ConsentScope, date | None]]:
    """The company's stretches in benchmarks, oldest first. Nobody else changes them meanwhile."""
    companies = "select 1 from ingest.companies where company_id = %s for update"
    if not connection.execute(companies, (company_id,)).fetchall():
        raise OptInError(f"no company {company_id}; import it first (`impact companies import`)")
    rows = connection.execute(
        "select opted_in_on, consent_scope, opted_out_on from ingest.benchmark_opt_ins"
        " where company_id = %s order by opted_in_on",
        (company_id,),
    ).fetchall()
    return [(row[0], row[1], row[2]) for row in rows]
