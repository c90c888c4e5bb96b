"""What Postgres keeps beside a batch's events: who is enrolled, who is matched, who was introduced.

Later events are attributed by it, so it takes effect with its batch: a withheld one changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.backfill.batches import Batch
from ingest.backfill.lookup import UPSERT_ENROLLMENTS, UPSERT_MATCHES, EnrollmentRow, Match, upsert
from ingest.contracts.buddy import BuddyMatchCreated
from ingest.contracts.ingested import IngestEnrollmentCreated
from ingest.events import NIL

_FORMATS = ("enrollments-v1", "buddy-matches", "buddy-simple")

_INTRODUCE = """
update ingest.people as person
set status = 'known', first_name = coalesce(given.first_name, person.first_name),
    last_name = coalesce(given.last_name, person.last_name)
from (
    select person.person_id, said.first_name, said.last_name
    from (
        select distinct on (person_id) person_id, first_name, last_name
        from ingest.landed_people where batch_id = %(batch)s
        order by person_id, file_row
    ) as said
    inner join ingest.people as person using (person_id)
    order by person.person_id
    for update of person
) as given
where person.person_id = given.person_id
"""

_GIVE_ROLES = """
insert into ingest.person_roles (person_id, program_type, role, joined_on)
select person_id, program_type, role, min(joined_on)
from ingest.landed_people where batch_id = %(batch)s
group by person_id, program_type, role
order by person_id, program_type, role
on conflict (person_id, program_type, role) do update set joined_on = excluded.joined_on
"""

# The buddy system's id of a person and their email are one person from now on.
_LINK = """
insert into ingest.person_identities (provider, external_id, person_id)
select 'buddy', buddy_external_id, person_id
from ingest.landed_people where batch_id = %(batch)s and buddy_external_id is not null
order by buddy_external_id
on conflict (provider, external_id) do nothing
"""

_TWO_PEOPLE = """
select count(*)
from ingest.landed_people as landed
inner join ingest.person_identities as known
    on known.provider = 'buddy' and known.external_id = landed.buddy_external_id
where landed.batch_id = %(batch)s and known.person_id <> landed.person_id
"""


def keep_beside(
    connection: psycopg.Connection,
    clickhouse: ClickHouseClient,
    batch: Batch,
    where: str,
    parameters: Mapping[str, Any],
) -> None:
    """Keep the enrolments or matches that a group of landed events says."""
    if batch.file_format not in _FORMATS:
        return
    rows = clickhouse.query(
        f"select data, company_id from raw.landed_events where {where}"  # noqa: S608 - no value is in it
        " and event_type in ('ingest.enrollment.created', 'buddy.match.created')",
        parameters=dict(parameters),
    ).result_rows
    if batch.file_format == "enrollments-v1":
        enrollments = [msgspec.json.decode(data, type=IngestEnrollmentCreated) for data, _ in rows]
        upsert(connection, UPSERT_ENROLLMENTS, [_enrollment(said) for said in enrollments])
    else:
        matches = [(msgspec.json.decode(data, type=BuddyMatchCreated), company) for data, company in rows]
        upsert(
            connection, UPSERT_MATCHES,
            [
                Match(said.match_id, said.participant_id, said.buddy_id, _known(company), said.matched_at)
                for said, company in matches
            ],
        )  # fmt: skip


def publish_people(connection: psycopg.Connection, batch: Batch) -> None:
    """Introduce the people a batch landed; ids and emails that belong to two people already are counted."""
    parameters = {"batch": batch.batch_id}
    connection.execute(_INTRODUCE, parameters)
    connection.execute(_GIVE_ROLES, parameters)
    connection.execute(_LINK, parameters)
    (two_people,) = connection.execute(_TWO_PEOPLE, parameters).fetchone() or (0,)
    if two_people:
        batch.warnings["W003"] += two_people
        connection.execute(
            "update ingest.batches set error_summary ="
            " jsonb_set(error_summary, '{warnings,W003}', to_jsonb(%s::bigint)) where batch_id = %s",
            (two_people, batch.batch_id),
        )
    connection.execute("delete from ingest.landed_people where batch_id = %(batch)s", parameters)


def _enrollment(said: IngestEnrollmentCreated) -> EnrollmentRow:
    completed_at: datetime | None = said.completed_at
    return EnrollmentRow(
        said.user_id,
        UUID(str(said.program_id)),
        said.status,
        said.enrollment_date.date(),
        completed_at.date() if completed_at else None,
    )


def _known(company_id: UUID) -> UUID | None:
    return None if company_id == NIL else company_id
