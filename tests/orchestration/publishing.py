"""Two marts of the publication's own tests, and the served tables beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.publication.publish import Publication, publish
from orchestration.publication.tables import PERIOD, Announced, ServedTable
from tests.serving.figures import create_mart

MARTS = "publication_test"  # a database of these tests' own
METRICS = ServedTable("publication_metrics", PERIOD, announced=Announced("metric.updated"))
SCORES = ServedTable(
    "publication_scores", PERIOD, may_become_empty=True, announced=Announced("vis.updated", "vis")
)
LIKE = {METRICS: "metrics_company_period", SCORES: "vis_company_period"}


@dataclass
class Stage:
    """The two stores with a mart of this test's own, and the served table beside it."""

    postgres: psycopg.Connection
    clickhouse: ClickHouseClient
    settings: StoreSettings

    def fill_mart(self, *rows: dict[str, object], table: ServedTable = METRICS) -> None:
        self.clickhouse.command(f"truncate table {MARTS}.{table.name}")
        for row in rows:
            assigned = ", ".join(row)
            literals = ", ".join(f"%({name})s" for name in row)
            self.clickhouse.command(
                f"insert into {MARTS}.{table.name} ({assigned}) values ({literals})", parameters=row
            )

    def publish(self) -> Publication:
        return publish(
            self.postgres,
            self.clickhouse,
            run_id="test",
            tables=(METRICS, SCORES),
            marts=MARTS,
            reports={"mv_publication_report": "test"},
        )

    def one(self, query: str) -> object:
        row = self.postgres.execute(query).fetchone()
        assert row is not None
        return row[0]


@contextmanager
def staged(store_settings: StoreSettings) -> Iterator[Stage]:
    with (
        closing(postgres_connection(store_settings, autocommit=True)) as postgres,
        closing(clickhouse_client(store_settings)) as clickhouse,
    ):
        clickhouse.command(f"create database if not exists {MARTS}")
        for table, model in LIKE.items():
            postgres.execute(f"create table {table.served} (like serving.{model} including all)")
            create_mart(clickhouse, postgres, MARTS, table.name)
        # What other tests left to be said would be sent, and counted, with what these say.
        postgres.execute("delete from serving.announcements")
        postgres.execute("delete from ingest.event_outbox")
        try:
            yield Stage(postgres, clickhouse, store_settings)
        finally:
            clickhouse.command(f"drop database {MARTS}")
            for table in LIKE:
                postgres.execute(f"drop table {table.served} cascade")
            postgres.execute("delete from serving.announcements")


def month(company_id: UUID, period: str = "2026-09", **metrics: object) -> dict[str, object]:
    return {
        "company_id": str(company_id),
        "period_grain": "month",
        "period": period,
        "period_start": f"{period}-01",
        "period_end": f"{period}-28",
        **metrics,
    }


def score(company_id: UUID, period: str = "2026-09", **values: object) -> dict[str, object]:
    return {
        "company_id": str(company_id),
        "period_grain": "month",
        "period": period,
        "period_start": f"{period}-01",
        "weights": '{"hours": 1}',
        "inputs": "{}",
        "formula_version": "1",
        "parameter_set": "standard",
        **values,
    }


def told(metric: str, value: object, previous: object, period: str = "2026-09") -> dict[str, object]:
    return {
        "metric": metric, "periodGrain": "month", "period": period, "value": value, "previousValue": previous,
    }  # fmt: skip
