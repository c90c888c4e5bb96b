"""A ledger in Postgres with a company of its own per test, and Anthropic's API as a server on this host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest
from anthropic import Anthropic

from ingest.stores import StoreSettings, postgres_connection
from nlp.classifiers.base import Text
from nlp.classifiers.claude import ClaudeClassifier, ClaudeModel
from nlp.classifiers.claude_calls import Money, anthropic_client
from nlp.labels import Language
from nlp.spend.budget import Budget, read_budget, set_cap
from nlp.spend.happenings import Happening
from nlp.spend.prices import load_prices
from orchestration.ai.events import announce
from tests.spend.fake_anthropic import KEY, FakeAnthropic, fake_anthropic

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
HAIKU = ClaudeModel("q2q-haiku55-v3", "claude-haiku-5-5")


@dataclass
class World:
    """Money with a clock that the test moves, and what was announced, as it went into the outbox."""

    connect: Callable[[], closing[psycopg.Connection]]
    now: datetime = NOW
    happened: list[Happening] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    clients: list[Anthropic] = field(default_factory=list)

    def announce(self, connection: psycopg.Connection, happening: Happening) -> None:
        announce(connection, happening)
        self.happened.append(happening)

    @property
    def money(self) -> Money:
        return Money(self.connect, self.announce, load_prices(), self._tick)

    def _tick(self) -> datetime:
        self.later(milliseconds=1)  # so that the ledger has an order
        return self.now

    def claude(
        self, fake: FakeAnthropic, model: ClaudeModel = HAIKU, timeout_s: float = 20.0
    ) -> ClaudeClassifier:
        client = anthropic_client(KEY, fake.url).with_options(timeout=timeout_s)
        self.clients.append(client)
        return ClaudeClassifier(client, self.money, model, sleep=self.slept.append)

    def budget(self, company: UUID) -> Budget:
        with self.connect() as connection:
            return read_budget(connection, company, self.now)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def world(store_settings: StoreSettings) -> Iterator[World]:
    world = World(lambda: closing(postgres_connection(store_settings)))
    yield world
    for client in world.clients:
        client.close()


@pytest.fixture
def postgres(store_settings: StoreSettings) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def new_company(postgres: psycopg.Connection) -> Callable[..., UUID]:
    """Makes a company with a cap in dollars; without one it has everybody's."""

    def make(cap: str | None = None) -> UUID:
        company = uuid4()
        postgres.execute(
            "insert into ingest.companies (company_id, name) values (%s, %s)", (company, str(company))
        )
        if cap is not None:
            set_cap(postgres, company, Decimal(cap), NOW.date().replace(day=1), set_by="test")
        return company

    return make


@pytest.fixture
def company(new_company: Callable[..., UUID]) -> UUID:
    return new_company("10")


@pytest.fixture
def fake() -> Iterator[FakeAnthropic]:
    with fake_anthropic() as fake:
        yield fake
        assert fake.faults == []


def text(company: UUID, content: str, language: Language = "en") -> Text:
    return Text(uuid4(), company, language, content)
