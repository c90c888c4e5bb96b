"""What a session of the API sees of each relation behind the wall, compared with what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg

from serving.wall import ROLE
from tests.serving.running import OURS, THEIRS

_RELATIONS = """
select tablename::text from (
    select schemaname || '.' || tablename as tablename from pg_policies where 'impact_reader' = any(roles)
    union all
    select schemaname || '.' || viewname from pg_views where schemaname = 'served'
) as walled order by 1
"""
# What has no company of its own: the column by which it belongs to a row of what has.
BELONGS: Mapping[str, tuple[str, str]] = {
    "safety.review_decisions": ("item_id", "safety.review_items"),
    "impact_in.attempts": ("delivery_id", "impact_in.scheduled_deliveries"),
    "impact_in.callbacks": ("delivery_id", "impact_in.scheduled_deliveries"),
    "privacy.request_events": ("request_id", "privacy.requests"),
    "privacy.downloads": ("request_id", "privacy.requests"),
}


def relations(postgres: psycopg.Connection) -> list[str]:
    """Every relation behind the wall."""
    return [name for (name,) in postgres.execute(_RELATIONS)]


def enter(session: psycopg.Connection, company_id: UUID | str) -> None:
    session.execute("select set_config('app.company', %s, false)", (str(company_id),))


def seen(session: psycopg.Connection, relation: str) -> set[Any]:
    """Companies whose rows the session sees; of what belongs to other rows, the ids of those."""
    column = BELONGS[relation][0] if relation in BELONGS else "company_id"
    return {one for (one,) in session.execute(f"select distinct {column} from {relation}")}  # type: ignore[arg-type]


def check(owner: psycopg.Connection, relation: str) -> None:
    """Assert that each of two companies sees its rows of the relation, that both have some, and no others.

    The owner of the tables becomes the reader for as long as it looks.
    """
    there = {company_id: _there(owner, relation, company_id) for company_id in (OURS, THEIRS)}
    assert all(there.values()), f"{relation} has no rows of both, so that this proves nothing"
    for company_id, theirs in there.items():
        owner.execute(f"set role {ROLE}")
        try:
            enter(owner, company_id)
            assert seen(owner, relation) - {None} == theirs, relation
        finally:
            owner.execute("reset role")


def _there(owner: psycopg.Connection, relation: str, company_id: UUID) -> set[Any]:
    if relation in BELONGS:
        column, above = BELONGS[relation]
        question = (
            f"select distinct one.{column} from {relation} as one join {above} as above using ({column})"
            " where above.company_id = %s"
        )
    else:
        source = relation.replace("served.", "serving.")
        question = f"select distinct company_id from {source} where company_id = %s"
    return {one for (one,) in owner.execute(question, (company_id,))}  # type: ignore[arg-type]


def spend(owner: psycopg.Connection) -> None:
    """Both companies have a budget and have used it; for a transaction that is taken back."""
    for company_id in (OURS, THEIRS):
        owner.execute(
            "insert into ai.caps (company_id, effective_from, cap_microdollars, set_by)"
            " values (%s, '1999-01-01', 1, 'test') on conflict do nothing",
            (company_id,),
        )
        owner.execute(
            "insert into ai.months (company_id, month) values (%s, '1999-01-01') on conflict do nothing",
            (company_id,),
        )
        owner.execute(
            "insert into ai.daily_costs values (%s, '1999-01-01', 'test', '', '', '', '', 1, 1, 1, 1, 1)"
            " on conflict do nothing",
            (company_id,),
        )
