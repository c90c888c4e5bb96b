"""What the warehouse is made from: events, reference data and the gate's and the model's notes. No mart.

The simulator's own ledger knows every fact it made, but not what a model makes of texts nor what calls cost.
Those are recorded on the way in, and read here as they were recorded.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.cohorts import CohortFilters
from ingest.contracts import CONTRACTS
from ingest.events import NIL, Event, decode_data
from orchestration.stack.layout import PROJECT
from tests.warehouse import fact_rows
from tests.warehouse.cohort_oracle import Group
from tests.warehouse.fact_rows import Facts, Row
from tests.warehouse.metric_oracle import Choices, Company

_EVENTS = (
    "event_id, source, event_type, subject, company_id, person_id, event_time, source_time, origin, data"
)
_REGIONS = PROJECT / "dbt_project" / "seeds" / "country_regions.csv"


@dataclass
class Recorded:
    """The inputs, and what plain Python makes of them for the judges of the marts."""

    events: list[Event]
    companies: list[Row]
    members: list[Row]
    instances: list[Row]
    cohorts: list[Row]
    opt_ins: list[Row]
    overrides: list[Row]
    cleared: list[Row]
    cited: list[Row]  # of the texts a model in force scored, the words it rests on

    @classmethod
    def of(cls, client: ClickHouseClient, prefix: str = "") -> Recorded:
        def rows(database: str, table: str, rest: str = "", columns: str = "*") -> list[Row]:
            return named_rows(client, f"select {columns} from {prefix}{database}.{table} {rest}")

        return cls(
            [_event(row) for row in rows("raw", "events", columns=_EVENTS)],
            *(rows("raw", name) for name in (
                "companies", "company_members", "program_instances", "cohort_definitions",
                "benchmark_opt_ins", "formula_overrides",
            )),
            rows("nlp", "cleared_texts", "final"),
            rows("nlp", "text_scores", "final where not is_shadow"),
        )  # fmt: skip

    @cached_property
    def facts(self) -> Facts:
        found = fact_rows.facts(self.events, {(row["text_id"], row["text_sha256"]) for row in self.cleared})
        found["activity"] = fact_rows.activity(
            found, {(row["company_id"], row["person_id"]) for row in self.members}
        )
        found["int_activity"] = found["activity"]
        found["dim_company_members"] = self.members
        found["dim_program_instances"] = self.instances
        return found

    @cached_property
    def measured(self) -> list[Company]:
        """The companies with their facts and formulas. None has chosen parameters of its own."""
        assert not self.overrides, "the demo's companies chose no parameters; the oracle knows the standard"
        return [Company(row["company_id"], self.facts, Choices({}, {})) for row in self.companies]

    @cached_property
    def integration_scores(self) -> list[Row]:
        return [
            {
                "company_id": company.id, "person_id": person, "period_grain": period[0],
                "period_start": period[1], "score": now.score,
            }
            for company in self.measured
            for period, people in list(company.active.items())
            for person in people
            for _, now in [company.states(period)[person]]
        ]  # fmt: skip

    @cached_property
    def for_cohorts(self) -> Facts:
        return {**self.facts, "integration_scores": self.integration_scores}

    @cached_property
    def groups(self) -> dict[UUID, Group]:
        return {
            row["cohort_id"]: Group(
                row["company_id"], msgspec.json.decode(row["filters"], type=CohortFilters)
            )
            for row in self.cohorts
        }

    @cached_property
    def regions(self) -> dict[str, str]:
        with _REGIONS.open(newline="") as file:
            return {row["country"]: row["region"] for row in csv.DictReader(file)}


def named_rows(client: ClickHouseClient, query: str) -> list[Row]:
    return [dict(row) for row in client.query(query).named_results()]


def _event(row: dict[str, Any]) -> Event:
    contract = CONTRACTS[row["event_type"]]
    return Event(
        id=row["event_id"], source=row["source"], type=row["event_type"], subject=row["subject"],
        time=row["event_time"].replace(tzinfo=UTC), dataschema=contract.dataschema,
        companyid=_known(row["company_id"]), personid=_known(row["person_id"]),
        sourcetime=row["source_time"].replace(tzinfo=UTC), correlationid=None, causationid=None,
        origin=row["origin"], data=decode_data(contract, row["data"].encode()),
    )  # fmt: skip


def _known(value: UUID) -> UUID | None:
    return None if value == NIL else value
