"""The TypeScript client, compiled, and installed in a project of somebody who uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from ingest.stores import StoreSettings, postgres_pool
from orchestration.journey import versions
from orchestration.journey.rules.loading import load_rules
from tests.privacy.requests.conftest import People
from tests.sdk.typescript import node
from tests.serving.running import OURS, THEIRS, Api
from tests.serving.test_classify import END, put_in_force


@pytest.fixture(scope="session")
def client() -> Path:
    """The folder of the package, compiled."""
    node.prepare()
    return node.CLIENT


@pytest.fixture(scope="session")
def consumer(client: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has installed the package from its file, without a registry, and has the examples."""
    folder = tmp_path_factory.mktemp("consumer")
    node.run([*node.NPM, "pack", "--ignore-scripts", "--pack-destination", str(folder)])
    (archive,) = folder.glob("*.tgz")
    (folder / "package.json").write_text('{"name": "consumer", "private": true, "type": "module"}')
    node.run(
        [
            *node.NPM,
            "install",
            "--offline",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            f"./{archive.name}",
        ],
        folder,
    )
    for example in (node.BUILT / "examples").glob("*.js"):
        (folder / example.name).write_bytes(example.read_bytes())
    return folder


@pytest.fixture
async def rules(store_settings: StoreSettings) -> None:
    """The shipped rules of the journey are in force, as after a start of its engine."""
    async with await postgres_pool(store_settings, max_size=1) as pool, pool.acquire() as connection:
        await versions.record(connection, load_rules(), datetime.now(UTC))


@pytest.fixture
def participant(postgres: psycopg.Connection, rules: None) -> Iterator[UUID]:
    """Somebody whom the journey engine has looked at, without activities."""
    participant_id = uuid4()
    postgres.execute(
        "insert into journey.people (company_id, person_id, version, arrival_count, arrival_hash, rules_hash,"
        " evaluated_through, states) values (%s, %s, 1, 0, 0, '', now(), '')",
        (OURS, participant_id),
    )
    yield participant_id
    postgres.execute("delete from journey.people where person_id = %s", (participant_id,))
    postgres.execute("delete from journey.milestones where person_id = %s", (participant_id,))


@pytest.fixture
def person(postgres: psycopg.Connection) -> Iterator[UUID]:
    """Somebody whom the company employs."""
    person_id = People(postgres).person(OURS, email=f"{uuid4().hex}@example.org", name="Olena")
    yield person_id
    for table in ("person_identities", "company_members", "people"):
        postgres.execute(f"delete from ingest.{table} where person_id = %s", (person_id,))  # type: ignore[arg-type]


@pytest.fixture
def surroundings(
    api: Api,
    our_key: str,
    new_key: Callable[..., str],
    postgres: psycopg.Connection,
    participant: UUID,
    person: UUID,
) -> Iterator[dict[str, str]]:
    """The environment of a program that uses the client, and what it may ask about."""
    lane = put_in_force(postgres, "local", "q2q-local-v4", model="q2q-local-v4")
    yield {
        "IMPACT_API_URL": api.url,
        "IMPACT_API_KEY": our_key,
        "IMPACT_COMPANY_ID": str(OURS),
        "ADMIN_KEY": new_key(OURS, "company_admin", rate_limit_per_minute=100_000),
        "FEW_KEY": new_key(OURS, rate_limit_per_minute=3),
        "OTHER_COMPANY": str(THEIRS),
        "PARTICIPANT_ID": str(participant),
        "PERSON_ID": str(person),
    }
    postgres.execute(END, (lane,))
    for table in ("scheduled_deliveries", "slots", "previews", "schedules", "connections"):
        postgres.execute(f"delete from impact_in.{table}")  # type: ignore[arg-type]
