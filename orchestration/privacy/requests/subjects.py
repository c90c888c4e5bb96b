"""Whom a request is about: found by any id, and the companies that have anything to do with the person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.events import NIL
from ingest.people import Provider, known_people_blocking

_TIES = """
select company_id from ingest.company_members where person_id = %(person)s
union
select instance.company_id from ingest.program_enrollments as enrollment
inner join ingest.program_instances as instance using (program_instance_id)
where enrollment.person_id = %(person)s and instance.company_id is not null
union
select company_id from ingest.buddy_matches
where (participant_id = %(person)s or buddy_id = %(person)s) and company_id is not null
union
select company_id from journey.people where person_id = %(person)s
"""
_EVENTS = "select distinct company_id from raw.events where person_id = {person:UUID}"
_IS_KNOWN = "select exists (select from ingest.people where person_id = %s)"


@dataclass(frozen=True)
class Subject:
    """A person somebody asks about."""

    person_id: UUID
    companies: frozenset[UUID]

    def is_of(self, company_id: UUID) -> bool:
        return company_id in self.companies

    def is_shared(self, company_id: UUID) -> bool:
        """Whether another company, too, holds data about the person."""
        return bool(self.companies - {company_id})


def find_subject(
    connection: psycopg.Connection,
    clickhouse: ClickHouseClient,
    *,
    person_id: UUID | None = None,
    provider: Provider | None = None,
    external_id: str | None = None,
) -> Subject | None:
    """The person under a person id, or under the id a provider knows them by; None if there is nobody."""
    if person_id is None:
        if provider is None or external_id is None:
            raise ValueError("give a person id, or a provider with its external id")
        person_id = known_people_blocking(connection, provider, [external_id]).get(external_id)
        if person_id is None:
            return None
    companies = {row[0] for row in connection.execute(_TIES, {"person": person_id})}
    companies |= {row[0] for row in clickhouse.query(_EVENTS, {"person": str(person_id)}).result_rows}
    companies.discard(NIL)
    is_known = connection.execute(_IS_KNOWN, (person_id,)).fetchone()
    if not companies and not (is_known and is_known[0]):
        return None
    return Subject(person_id, frozenset(companies))
