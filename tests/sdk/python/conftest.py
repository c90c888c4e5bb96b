"""Clients of the running API, and a server for what it does only when something is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from impact_client import Impact, Retries
from tests.privacy.requests.conftest import People
from tests.sdk.python.scripted import Scripted, scripted_server
from tests.serving.running import OURS, Api
from tests.serving.test_classify import END, put_in_force

QUICK = Retries(attempts=3, first_wait_s=0.01, longest_wait_s=2)


@pytest.fixture(scope="session")
def company_key(new_key: Callable[..., str]) -> str:
    """Of somebody who may do everything within the company."""
    return new_key(OURS, "company_admin", rate_limit_per_minute=100_000)


@pytest.fixture
def impact(api: Api, company_key: str) -> Iterator[Impact]:
    with Impact(api.url, company_key, company_id=OURS) as client:
        yield client


@pytest.fixture
def script() -> Iterator[Scripted]:
    with scripted_server() as running:
        yield running


@pytest.fixture
def participant(postgres: psycopg.Connection) -> Iterator[UUID]:
    """Somebody whose journey has begun, and of whom no flag is set."""
    person = uuid4()
    postgres.execute(
        "insert into journey.people (company_id, person_id, version, arrival_count, arrival_hash, rules_hash,"
        " evaluated_through, states) values (%s, %s, 1, 0, 0, '', %s, '')",
        (OURS, person, datetime.now(UTC)),
    )
    yield person
    for table in ("people", "milestones", "flags"):
        postgres.execute(f"delete from journey.{table} where person_id = %s", (person,))  # type: ignore[arg-type]


@pytest.fixture
def local_model(api: Api, company_key: str, postgres: psycopg.Connection) -> Iterator[None]:
    """The local model labels, and the API has loaded it, which may take longer than a client waits."""
    lane = put_in_force(postgres, "local", "q2q-local-v4", model="q2q-local-v4")
    with Impact(api.url, company_key, timeout_s=300) as patient:
        patient.q2q.classify("Hello and thank you.", language="en")
    yield
    postgres.execute(END, (lane,))


@pytest.fixture
def person(postgres: psycopg.Connection) -> Iterator[UUID]:
    """Somebody whom the company employs."""
    person_id = People(postgres).person(OURS, email=f"{uuid4().hex}@example.org", name="Olena")
    yield person_id
    for table in ("person_identities", "company_members", "people"):
        postgres.execute(f"delete from ingest.{table} where person_id = %s", (person_id,))  # type: ignore[arg-type]
