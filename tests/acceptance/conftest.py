"""One whole platform with a programme of two companies on it, as its senders, readers and operators meet it.

Everything comes in by the front doors: the reference folder, a file of history, signed webhooks. What a test
looks at it finds over HTTP, in a store, or by the `impact` command.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.api_keys import Role, create_key
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.feeding import feeding_patiently
from orchestration.stack import platform as stack
from orchestration.stack.layout import HOST, PROJECT, Layout, Ports
from orchestration.stack.preparation import store_settings as settings_of
from tests.acceptance.programme import (
    COMPANY,
    OTHER_COMPANY,
    Programme,
    Reader,
    impact,
    last_months_sessions,
    sent_all,
    write_history,
    write_reference,
)
from tests.acceptance.stream import Listener
from tests.embedded import running
from tests.ingest.processes import Sender

PATIENCE_S = 600.0
KEEP = "ACCEPTANCE_KEEP"  # a folder: the platform in it stays up, for whoever looks into a failure


@pytest.fixture(scope="package")
def partners() -> Iterator[str]:
    """The simulated CSR suites, in a process of their own; their address."""
    port = _ports("partners").api
    address = f"{HOST}:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.partners", "--port", str(port)], cwd=PROJECT, stdout=subprocess.DEVNULL
    )
    try:
        until(lambda: _answers(f"http://{address}/_state"), what="the start of the simulated partners")
        yield address
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory, partners: str) -> Iterator[Layout]:
    """Everything that `impact up` starts, with deliveries on and short pauses before retries."""
    overrides = {
        "IMPACT_IN_PRIVATE_HOSTS": json.dumps([partners]),
        "SCHEDULER_ENABLED": "true",
        "IMPACT_RETRY_BASE_S": "0.05",
    }
    if kept := os.environ.get(KEEP):
        layout = Layout.open(Path(kept) / "impact", _ports("platform"), overrides)
        stack.up(layout, print)
        yield layout
        return
    layout = Layout.open(tmp_path_factory.mktemp("acceptance"), _ports("platform"), overrides)
    with running(layout, stores_only=False):
        yield layout


def _ports(whose: str) -> Ports:
    """Free ones; where the platform is kept, the same the next time."""
    if (kept := os.environ.get(KEEP)) is None:
        return Ports.free()
    noted = Path(kept) / f"{whose}.json"
    ports = Ports(**json.loads(noted.read_text("utf-8"))) if noted.exists() else Ports.free()
    noted.write_text(ports.model_dump_json(), encoding="utf-8")
    return ports


@pytest.fixture(scope="package")
def stores(platform: Layout) -> StoreSettings:
    return settings_of(platform)


@pytest.fixture(scope="package")
def postgres(stores: StoreSettings) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(stores, autocommit=True)) as connection:
        yield connection


@pytest.fixture(scope="package")
def clickhouse(stores: StoreSettings) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(stores)) as client:
        yield client


@pytest.fixture(scope="package")
def kintell(platform: Layout) -> Sender:
    """Signs as Kintell does, to the platform's receiver."""
    environment = platform.environment()
    return Sender(environment["IMPACT_WEBHOOK_URL"], environment["IMPACT_WEBHOOK_SECRET_KINTELL"])


@pytest.fixture(scope="package")
def admin(platform: Layout) -> Reader:
    """The platform's administrator."""
    environment = platform.environment()
    return Reader(environment["IMPACT_API_URL"], environment["IMPACT_ADMIN_KEY"])


@pytest.fixture(scope="package")
def programme(
    platform: Layout, stores: StoreSettings, postgres: psycopg.Connection, kintell: Sender,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Programme]:  # fmt: skip
    """Two companies with history from a file and last month by webhooks, followed live meanwhile."""
    folder = tmp_path_factory.mktemp("programme")
    is_kept = KEEP in os.environ  # then the file and the cohort may be known already
    impact(platform, "companies", "import", str(write_reference(folder / "reference")))
    everybody = ("Everybody who takes part", "--company", str(COMPANY))
    impact(platform, "cohorts", "add", *everybody, may_fail=is_kept)
    [(cohort,)] = postgres.execute(
        "select cohort_id::text from ingest.cohort_definitions where company_id = %s", (COMPANY,)
    ).fetchall()

    def reader(company: object, role: Role) -> Reader:
        key = create_key(postgres, company, "acceptance", role, rate_limit_per_minute=1_000_000)  # type: ignore[arg-type]
        return Reader(platform.environment()["IMPACT_API_URL"], key)

    ours, theirs = reader(COMPANY, "company_admin"), reader(OTHER_COMPANY, "company_admin")
    file = folder / "kintell-language.csv"
    write_history(file)
    sessions = last_months_sessions()
    with _following(ours, theirs) as (our_updates, their_updates):

        async def feed() -> tuple[subprocess.CompletedProcess[str], float]:
            async with feeding_patiently(stores.postgres_url.get_secret_value()):
                started = time.monotonic()
                said = await asyncio.to_thread(impact, platform, "backfill", str(file), may_fail=is_kept)
                took = time.monotonic() - started
                await asyncio.to_thread(sent_all, kintell, sessions)
                return said, took

        imported, seconds = asyncio.run(feed())
        made = Programme(
            ours=ours, theirs=theirs, user=reader(COMPANY, "company_user"), cohort=cohort, file=file,
            imported=imported.stdout, import_s=seconds, sessions=sessions,
            our_updates=our_updates, their_updates=their_updates,
        )  # fmt: skip
        yield made


@pytest.fixture(scope="package")
def published(programme: Programme) -> Programme:
    """The programme, once the platform has refreshed its figures by itself."""
    path = f"/v1/companies/{COMPANY}/metrics?grain=month&from={programme.month}&to={programme.month}"

    def are_there() -> bool:
        answer = programme.ours.get(path)
        items = answer.json()["items"] if answer.status_code == 200 else []
        return any(item["sessions_count"] == len(programme.sessions) for item in items)

    until(are_there, within_s=PATIENCE_S, what="a refresh that publishes last month's sessions")
    return programme


@contextmanager
def _following(ours: Reader, theirs: Reader) -> Iterator[tuple[Listener, Listener]]:
    with (
        Listener(ours.stream, ours.key).following() as our_updates,
        Listener(theirs.stream, theirs.key).following() as their_updates,
    ):
        yield our_updates, their_updates


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def until(is_true: object, *, within_s: float = 120.0, what: str, every_s: float = 0.2) -> None:
    """Wait for something that the platform does by itself."""
    give_up_at = time.monotonic() + within_s
    while not is_true():  # type: ignore[operator]
        if time.monotonic() > give_up_at:
            pytest.fail(f"not within {within_s:.0f} s: {what}")
        time.sleep(every_s)
