"""People, companies and programmes that a test needs to be there, under names of its own."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import psycopg

NOW = datetime.now(UTC).replace(microsecond=0)


def unique(name: str) -> str:
    return f"{name}-{uuid.uuid4().hex[:12]}"


def email() -> str:
    return f"{unique('p')}@example.org"


def iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def person_of(postgres: psycopg.Connection, provider: str, external_id: str) -> tuple[uuid.UUID, str]:
    found = postgres.execute(
        "select person_id, status from ingest.person_identities join ingest.people using (person_id)"
        " where provider = %s and external_id = %s", (provider, external_id),
    ).fetchone()  # fmt: skip
    assert found is not None
    return found


def new_company(postgres: psycopg.Connection) -> uuid.UUID:
    return postgres.execute(
        "insert into ingest.companies (name) values (%s) returning company_id", (unique("company"),)
    ).fetchone()[0]


def employ(postgres: psycopg.Connection, person_id: uuid.UUID, day: date = date(2025, 1, 1)) -> uuid.UUID:
    """A new company whose member the person is from that day."""
    company_id = new_company(postgres)
    postgres.execute(
        "insert into ingest.company_members (company_id, person_id, joined_on) values (%s, %s, %s)",
        (company_id, person_id, day),
    )
    return company_id


def enrol(postgres: psycopg.Connection, person_id: uuid.UUID, program_type: str) -> uuid.UUID:
    """A company of whose programme the person is a participant."""
    company_id = new_company(postgres)
    instance = programme(postgres, company_id, program_type)[0]
    postgres.execute(
        "insert into ingest.program_enrollments (person_id, program_instance_id, status, enrolled_on)"
        " values (%s, %s, 'active', '2025-01-01')", (person_id, instance),
    )  # fmt: skip
    return company_id


def programme(
    postgres: psycopg.Connection, company_id: uuid.UUID, program_type: str
) -> tuple[uuid.UUID, str]:
    slug = unique("programme")
    [instance] = postgres.execute(
        "insert into ingest.program_instances"
        " (company_id, program_type, program_name, program_slug, start_date)"
        " values (%s, %s, 'P', %s, '2025-01-01') returning program_instance_id",
        (company_id, program_type, slug),
    ).fetchone()
    return instance, slug
