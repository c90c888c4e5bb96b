"""Companies with published figures and connections to the simulated partners, for tests and benchmarks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from ingest.webhooks.sealing import Sealer
from orchestration.impact_in.connectors import Limits, connector
from orchestration.impact_in.delivering import Backoff, Deliverer, Options
from orchestration.impact_in.periods import Period, named
from orchestration.impact_in.planning import Rules, plan
from orchestration.impact_in.vault import Vault
from tests.partners.server import OPTIONS, PATHS, SECRETS

NOW = datetime(2026, 10, 1, 0, 5, tzinfo=UTC)  # September has just closed
KEY = "a key of the tests, long enough to be one"
FAST = Limits(per_minute=6_000_000, concurrency=16, timeout_s=1.0)
QUICKLY = Backoff((0.01, 0.01, 0.02, 0.02, 0.02))
FIGURES: dict[str, Any] = {
    "participants_count": 20, "volunteers_count": 7, "sessions_count": 30, "language_sessions_count": 20,
    "mentorship_sessions_count": 10, "volunteer_hours": 24.25, "ratings_count": 8, "rating_sum": 6.0,
    "avg_rating": 0.75, "enrollments_count": 6, "buddy_matches_count": 2, "courses_completed_count": 5,
    "integration_score_sum": 450.0, "integration_scores_count": 9, "avg_integration_score": 50.25,
    "language_level_sum": 4.5, "avg_language_level": 0.5, "sroi_ratio": 2.5, "donations_usd": 1234.56,
    "donations_count": 6, "donors_count": 5,
}  # fmt: skip
_LEFT = (
    "delete from impact_in.scheduled_deliveries where company_id = any($1)",
    "delete from impact_in.slots where company_id = any($1)",
    "delete from impact_in.previews where company_id = any($1)",
    "delete from impact_in.schedules where company_id = any($1)",
    "delete from impact_in.connections where company_id = any($1)",
    "delete from serving.company_versions where company_id = any($1)",
    "delete from serving.metrics_company_period where company_id = any($1)",
    "delete from serving.outcome_dimensions_period where company_id = any($1)",
    "delete from ingest.companies where company_id = any($1)",
)


class World:
    """What a test arranges. Companies are its own, and gone when it closes."""

    def __init__(self, pool: asyncpg.Pool, address: str, *, platforms: Sequence[str] | None = None) -> None:
        self.pool, self.address = pool, address
        self._platforms = platforms or list(dict.fromkeys(connector(name).platform for name in PATHS))
        self.vault = Vault(Sealer(KEY))
        self.companies: list[UUID] = []

    @property
    def rules(self) -> Rules:
        return Rules(self._platforms, {})

    async def company(self, *partners: str, zone: str = "Europe/Oslo", **options: Any) -> UUID:
        """A company connected to these partners."""
        company_id = uuid4()
        self.companies.append(company_id)
        await self.pool.execute(
            "insert into ingest.companies (company_id, name, time_zone) values ($1, $2, $3)",
            company_id, f"Company {company_id}", zone,
        )  # fmt: skip
        for partner in partners:
            await self.connect(company_id, partner, **options)
        return company_id

    async def connect(self, company_id: UUID, partner: str, **options: Any) -> None:
        how = connector(partner)
        await self.pool.execute(
            "insert into impact_in.connections (company_id, platform, connector, base_url, options,"
            " updated_by)"
            " values ($1, $2, $3, $4, $5::jsonb, 'test')",
            company_id, how.platform, partner, f"http://{self.address}/{partner}",
            json.dumps({**OPTIONS, **options}),
        )  # fmt: skip
        async with self.pool.acquire() as connection:
            for name in how.secrets_of(options):
                await self.vault.put(connection, company_id, how.platform, name, SECRETS[name], actor="test")

    async def publish(self, company_id: UUID, *periods: str, **changes: Any) -> int:
        """Publish figures of these periods, in one new data version."""
        return await self.publish_all({company_id: changes}, *periods)

    async def publish_all(self, companies: Mapping[UUID, Mapping[str, Any]], *periods: str) -> int:
        """The same for many companies, each with what differs from the usual figures."""
        async with self.pool.acquire() as connection, connection.transaction():
            version: int = await connection.fetchval(
                "insert into serving.data_versions (run_id) values ('test') returning data_version"
            )
            for company_id, changes in companies.items():
                for name in periods:
                    await self._put_figures(connection, company_id, named(name), version, changes)
                row = {"company_id": company_id, "data_version": version}
                await _put(connection, "serving.company_versions", row)
            for view in ("mv_company_metrics", "mv_outcomes"):
                await connection.execute(f"refresh materialized view serving.{view}")
        return version

    async def _put_figures(
        self, connection: Any, company_id: UUID, period: Period, version: int, changes: Mapping[str, Any]
    ) -> None:
        where = {
            "company_id": company_id, "period_grain": period.grain, "period": period.name,
            "period_start": period.first, "data_version": version,
        }  # fmt: skip
        row = {**where, "period_end": period.last, **FIGURES, **changes}
        await _put(connection, "serving.metrics_company_period", row)
        for dimension, people in (("belonging", 9), ("confidence", 3)):
            scores = {
                "dimension": dimension, "score_sum": 4.0, "scores_count": 8, "avg_score": 0.5,
                "confidence_sum": 4.0, "confidence_avg": 0.5, "people_count": people,
            }  # fmt: skip
            await _put(connection, "serving.outcome_dimensions_period", {**where, **scores})

    async def schedule(self, company_id: UUID, platform: str, due_at: datetime, **options: Any) -> UUID:
        """A schedule that comes due next at this instant."""
        row = {
            "company_id": company_id, "platform": platform, "cadence": "monthly", "grain": "month",
            "next_due_at": due_at, "created_by": "test", **options,
        }  # fmt: skip
        names = ", ".join(row)
        places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
        schedule_id: UUID = await self.pool.fetchval(
            f"insert into impact_in.schedules ({names}) values ({places}) returning schedule_id",
            *row.values(),
        )
        return schedule_id

    async def due(self, company_id: UUID, platform: str, period: str = "2026-09") -> UUID:
        """A schedule that is due for this month now."""
        after = named(period).last
        first = date(after.year + after.month // 12, after.month % 12 + 1, 1)
        return await self.schedule(
            company_id, platform, datetime(first.year, first.month, 1, tzinfo=UTC), missed="latest"
        )

    def deliverer(self, **options: Any) -> Deliverer:
        limits: Mapping[str, Limits] = dict.fromkeys(self.rules.enabled, FAST)
        arranged = Options(**{"backoff": QUICKLY, "limits": limits, **options})
        return Deliverer(
            self.pool, self.vault, enabled=self.rules.enabled, private_hosts=frozenset({self.address}),
            options=arranged,
        )  # fmt: skip

    async def called_back(self, platform: str, outcome: str, at: datetime, **named: Any) -> UUID:
        """A callback as `ingest.callbacks` keeps it; `named` are columns that say what it is about."""
        row = {
            "event_id": uuid4(), "platform": platform, "provider_event": f"any.{outcome}", "outcome": outcome,
            "provider_reference": "nothing-of-ours", "occurred_at": at, **named,
        }  # fmt: skip
        names = ", ".join(row)
        places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await self.pool.execute(f"insert into impact_in.callbacks ({names}) values ({places})", *row.values())
        event_id: UUID = row["event_id"]
        return event_id

    async def deliveries(self, company_id: UUID) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self.pool.fetch(
            "select * from impact_in.scheduled_deliveries where company_id = $1 order by platform, revision",
            company_id,
        )
        return rows

    async def attempts(self, delivery_id: UUID) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self.pool.fetch(
            "select * from impact_in.attempts where delivery_id = $1 order by number", delivery_id
        )
        return rows

    async def somebody_waits(self) -> None:
        """Until a connection waits for another one's lock. Postgres tells nobody, so it is asked."""
        while not await self.pool.fetchval("select exists (select from pg_locks where not granted)"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        for statement in _LEFT:
            await self.pool.execute(statement, self.companies)
        for table in ("limits", "callbacks", "totals"):
            await self.pool.execute(f"delete from impact_in.{table}")


def period(name: str) -> Period:
    return named(name)


async def due(world: World, partner: str) -> str:
    """One report due to one partner."""
    company = await world.company(partner)
    await world.publish(company, "2026-09")
    [row] = await world.pool.fetch(
        "select platform from impact_in.connections where company_id = $1", company
    )
    await world.due(company, row["platform"])
    await plan(world.pool, world.rules, NOW)
    return str(company)


async def _put(connection: Any, table: str, row: Mapping[str, Any]) -> None:
    names = ", ".join(row)
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    keys = {"serving.company_versions": "company_id"}.get(table, "company_id, period_grain, period")
    if "dimension" in row:
        keys += ", dimension"
    changed = ", ".join(f"{name} = excluded.{name}" for name in row)
    await connection.execute(
        f"insert into {table} ({names}) values ({places}) on conflict ({keys}) do update set {changed}",
        *row.values(),
    )
