"""The frame of every question about a company's figures: one statement, so one publication.

A statement answers with one row: the company's data version, when that was published, and the figures as
JSON that Postgres has written. No row: there is no such company.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from serving.wall import Asks


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found of a company that exists."""

    data_version: int | None  # None: nothing of the company has been published yet
    published_at: Any  # datetime, None with the version
    json: str
    is_more: bool  # whether the list goes on behind the last item

    @property
    def fragment(self) -> orjson.Fragment:
        """The JSON as it is, to be put into an answer unread."""
        return orjson.Fragment(self.json)


def document(fields: str, source: str = "") -> str:
    """One object of `fields`. $1 is the company; `source` joins what they are read from."""
    return f"""
select versions.data_version, published.published_at, row_to_json(figures)::text as json, false as is_more
from ingest.companies as companies
left join serving.company_versions as versions on companies.company_id = versions.company_id
left join serving.data_versions as published on versions.data_version = published.data_version
left join lateral (select {fields} {source}) as figures on true
where companies.company_id = $1
"""  # noqa: S608 - constants of our own modules; values are parameters


def listing(fields: str, source: str, order: str) -> str:
    """A list. $1 is the company, $2 how many items, $3 how many to skip before them."""
    return f"""
select versions.data_version, published.published_at, page.json, page.is_more
from ingest.companies as companies
left join serving.company_versions as versions on companies.company_id = versions.company_id
left join serving.data_versions as published on versions.data_version = published.data_version
cross join lateral (
    select
        coalesce(json_agg(item order by place) filter (where place <= $2), '[]')::text as json,
        count(*) > $2 as is_more
    from (
        select row_to_json(figures) as item, row_number() over () as place
        from (select {fields} {source} order by {order} offset $3 limit $2 + 1) as figures
    ) as items
) as page
where companies.company_id = $1
"""  # noqa: S608 - constants of our own modules; values are parameters


async def ask(pool: Asks, statement: str, company_id: UUID, *values: object) -> Figures | None:
    """The figures a statement of this module finds; None for an unknown company."""
    row = await pool.fetchrow(statement, company_id, *values)
    return Figures(*row) if row is not None else None
