"""Cleared texts in the warehouse, and a small real classifier at the Protocol's edge."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from nlp.classifiers.base import Classified, ClassifierError, Text, Usage
from nlp.labels import Evidence, Labels, Language
from orchestration.scoring.texts import Days
from tests.embedded import register_company

_OWN_DAYS = itertools.count()
PERSON = UUID("33333333-0000-4000-8000-00000000000c")


@dataclass
class KeywordClassifier:
    """Finds a few English words. Fails on texts that say so; `seen` are the texts it was asked about."""

    model_version: str
    fails_on: str = "\0"
    is_retryable: bool = True
    seen: list[str] = field(default_factory=list)
    prompts: dict[Language, str] = field(default_factory=dict)

    def classify(self, texts: Sequence[Text]) -> list[Classified | ClassifierError]:
        return [self._one(text) for text in texts]

    def _one(self, text: Text) -> Classified | ClassifierError:
        self.seen.append(text.content)
        if self.fails_on in text.content:
            return ClassifierError("the model did not answer", is_retryable=self.is_retryable)
        place = text.content.find("confident")
        labels = Labels(
            confidence_increase=place >= 0,
            confidence_decrease=False,
            risk_cues=frozenset({"isolation"} if "alone" in text.content else set()),
            probabilities={"confidence_increase": 0.9, "confidence_decrease": 0.2},
            evidence=(Evidence("confidence_increase", place, place + 9, "word"),) if place >= 0 else (),
        )
        usage = Usage(input_tokens=10, output_tokens=2, cost_microdollars=7, latency_ms=1.5)
        return Classified(text.text_id, labels, self.model_version, "v1", "ab" * 32, usage)


@dataclass
class Warehouse:
    """Writes cleared texts as the gate does, into a company of its own, and reads what scoring left."""

    client: ClickHouseClient
    noon: datetime  # of a day no other test writes on
    company_id: UUID = field(default_factory=uuid.uuid4)

    @property
    def days(self) -> Days:
        midnight = self.noon.replace(hour=0)
        return Days(midnight, midnight + timedelta(days=1))

    def clear(
        self, content: str, written_at: datetime, *, text_id: UUID | None = None, language: str = "en",
        sha256: str = "", withdrawn: bool = False,
    ) -> UUID:  # fmt: skip
        found = text_id or uuid.uuid4()
        row = {
            "text_id": found, "text_type": "buddy_feedback", "company_id": self.company_id,
            "person_id": PERSON, "event_id": uuid.uuid4(), "subject": f"feedback/{found}",
            "written_at": written_at, "language": language, "content": "" if withdrawn else content,
            "text_sha256": sha256 or uuid.uuid4().hex * 2, "character_count": len(content),
            "redaction_version": "r1", "safety_version": "s1", "verdict_id": uuid.uuid4(), "released": False,
            "is_withdrawn": int(withdrawn), "cleared_at": datetime.now(UTC),
        }  # fmt: skip
        self.client.raw_insert(
            "nlp.cleared_texts", None, msgspec.json.encode(row), fmt="JSONEachRow",
            settings={"date_time_input_format": "best_effort"},
        )  # fmt: skip
        return found

    def rows(self, model: str) -> list[dict[str, Any]]:
        found = self.client.query(
            "select * from nlp.text_scores final where company_id = {company:UUID}"
            " and model_version = {model:String} order by written_at, text_id",
            {"company": str(self.company_id), "model": model},
        )
        return list(found.named_results())

    def events(self) -> list[dict[str, Any]]:
        """The newest version of each score, as the warehouse counts them."""
        found = self.client.query(
            "select subject, argMax(data, (source_time, event_id)) as data, count() as versions"
            " from raw.events final where event_type = 'q2q.scored' and company_id = {company:UUID}"
            " group by subject order by subject",
            {"company": str(self.company_id)},
        )
        return [{**row, "data": msgspec.json.decode(row["data"])} for row in found.named_results()]


@pytest.fixture
def clickhouse(store_settings: StoreSettings) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(store_settings)) as client:
        yield client


@pytest.fixture
def postgres(store_settings: StoreSettings) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def warehouse(clickhouse: ClickHouseClient, postgres: psycopg.Connection) -> Warehouse:
    noon = datetime(2001, 1, 1, 12, tzinfo=UTC) + next(_OWN_DAYS) * timedelta(days=3)
    warehouse = Warehouse(clickhouse, noon)
    register_company(postgres, warehouse.company_id)
    return warehouse


@pytest.fixture
def classifier() -> KeywordClassifier:
    return KeywordClassifier(f"q2q-test-{uuid.uuid4().hex[:8]}")
