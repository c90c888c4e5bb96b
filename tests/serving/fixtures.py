"""A real API process on the embedded stores, with two companies that have figures and one that has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import psycopg
import pytest

from ingest.api_keys import Role, create_key
from ingest.stores import StoreSettings, postgres_connection
from orchestration.stack.layout import Layout
from tests.serving.figures import DATABASE, Marts, cohort_of
from tests.serving.running import OURS, QUIET, THEIR_SEED, THEIRS, Api, running_api, wait_until_ready


@pytest.fixture(scope="session")
def marts(store_settings: StoreSettings) -> Marts:
    """Three companies, and one publication of the figures of two."""
    with closing(postgres_connection(store_settings)) as connection, connection.transaction():
        for company_id, name in ((OURS, "Ours"), (THEIRS, "Theirs"), (QUIET, "Quiet")):
            connection.execute(
                "insert into ingest.companies (company_id, name) values (%s, %s) on conflict do nothing",
                (company_id, name),
            )
    marts = Marts(store_settings)
    marts.publish({OURS: 0, THEIRS: THEIR_SEED})
    with closing(postgres_connection(store_settings)) as connection, connection.transaction():
        for company_id in (OURS, THEIRS):
            connection.execute(
                "insert into ingest.cohort_definitions (cohort_id, company_id, name, filters)"
                " values (%s, %s, %s, %s) on conflict do nothing",  # the tests of the SDKs make them too
                (
                    cohort_of(company_id),
                    company_id,
                    f"cohort of {company_id}",
                    '{"program_type": "language_course"}',
                ),
            )
    return marts


@pytest.fixture(scope="session")
def figures(marts: Marts) -> None:
    """Figures are published."""


@pytest.fixture(scope="session")
def api(embedded_stores: Layout, figures: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Heartbeats are short, so that tests of quiet streams are."""
    log = tmp_path_factory.mktemp("api") / "api.log"
    options = {"STREAM_HEARTBEAT_S": "0.5", "STREAM_RING_SIZE": "64", "SERVING_MARTS_DATABASE": DATABASE}
    with running_api(embedded_stores, log, **options) as running:
        wait_until_ready(running)
        yield running


@pytest.fixture
def postgres(store_settings: StoreSettings, figures: None) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        yield connection


@pytest.fixture(scope="session")
def new_key(store_settings: StoreSettings, figures: None) -> Callable[..., str]:
    """Makes an API key of a company, or of an administrator."""

    def make(company_id: UUID | None, role: Role = "api_client", **options: object) -> str:
        with closing(postgres_connection(store_settings, autocommit=True)) as connection:
            return create_key(connection, company_id, "test", role, **options)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def our_key(new_key: Callable[..., str]) -> str:
    return new_key(OURS, rate_limit_per_minute=100_000)


@pytest.fixture(scope="session")
def their_key(new_key: Callable[..., str]) -> str:
    return new_key(THEIRS, rate_limit_per_minute=100_000)


@pytest.fixture(scope="session")
def admin_key(new_key: Callable[..., str]) -> str:
    return new_key(None, "system_admin", rate_limit_per_minute=100_000)


@pytest.fixture
def token(embedded_stores: Layout) -> Callable[..., str]:
    """Makes an access token; claims given as None are left out."""

    def make(*, secret: str | None = None, algorithm: str = "HS256", **claims: object) -> str:
        now = datetime.now(UTC)
        payload = {
            "userId": "user-1",
            "role": "company_user",
            "companyId": str(OURS),
            "iat": now,
            "exp": now + timedelta(hours=1),
            **claims,
        }
        payload = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode(payload, secret or embedded_stores.secrets.jwt_secret, algorithm)

    return make
