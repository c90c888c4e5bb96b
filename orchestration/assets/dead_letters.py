"""Dead letters as a data engineer sees them: how many wait and why, and a job that processes them anew."""

import asyncio
from datetime import datetime
from typing import Any

import dagster as dg

from ingest.dead_letters import letters, settling
from ingest.dead_letters.letters import LetterFilter
from ingest.failures import ErrorClass
from ingest.stores import StoreSettings, nats_client, postgres_pool
from orchestration.assets.declarations import PLATFORM_TEAM
from orchestration.resources import Stores

KEY = ["ingest", "dead_letters"]


@dg.asset(key=KEY, group_name="ingestion", owners=[PLATFORM_TEAM], kinds={"nats", "postgres"})
def dead_letters(stores: Stores) -> dg.MaterializeResult[None]:
    """What could not be processed and was kept as it came. Materializing it counts what there is."""
    groups = asyncio.run(_summary(stores.settings))
    records = [dg.TableRecord({name: _cell(value) for name, value in group.items()}) for group in groups]
    waiting = sum(group["letter_count"] for group in groups if group["state"] == "waiting")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(group["letter_count"] for group in groups),
            "waiting_count": waiting,
            **({"letters": dg.MetadataValue.table(records)} if records else {}),
        }
    )


@dg.asset_check(asset=KEY)
def no_dead_letters_wait(stores: Stores) -> dg.AssetCheckResult:
    """Nobody has to act: every dead letter was replayed or discarded."""
    groups = [group for group in asyncio.run(_summary(stores.settings)) if group["state"] == "waiting"]
    oldest = min((group["oldest_died_at"] for group in groups), default=None)
    return dg.AssetCheckResult(
        passed=not groups,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "waiting_count": sum(group["letter_count"] for group in groups),
            **({"oldest_died_at": dg.MetadataValue.timestamp(oldest)} if oldest else {}),
        },
    )


class ReplayConfig(dg.Config):
    """Which letters: all that wait, unless narrowed. Times are ISO 8601 with an offset."""

    source: str | None = None
    kind: str | None = None
    error_class: str | None = None
    since: str | None = None
    until: str | None = None
    ids: list[int] | None = None
    limit: int | None = None
    per_second: float = 500.0
    dry_run: bool = False

    def filter(self) -> LetterFilter:
        return LetterFilter(
            source=self.source,
            kind=self.kind,
            error_class=ErrorClass(self.error_class) if self.error_class else None,
            since=datetime.fromisoformat(self.since) if self.since else None,
            until=datetime.fromisoformat(self.until) if self.until else None,
            ids=self.ids,
        )


@dg.op
def replay_letters(context: dg.OpExecutionContext, config: ReplayConfig, stores: Stores) -> None:
    """Send letters back to where they failed. Running it twice has one effect."""
    done = asyncio.run(_replay(stores.settings, config, context.run_id, context.log.info))
    context.add_output_metadata(
        {
            "matched_count": done.matched_count,
            "replayed_count": done.settled_count,
            "gone_count": done.gone_count,
            "action_id": done.action_id,
        }
    )


@dg.job(description="Process dead letters anew: those that the run's config names, or all that wait.")
def replay_dead_letters() -> None:
    replay_letters()


async def _summary(settings: StoreSettings) -> list[dict[str, Any]]:
    async with await postgres_pool(settings, max_size=1) as pool:
        return await letters.summary(pool)


async def _replay(settings: StoreSettings, config: ReplayConfig, run_id: str, tell: Any) -> settling.Settled:
    nats = await nats_client(settings, name="dagster")
    try:
        async with await postgres_pool(settings, max_size=2) as pool:
            return await settling.settle(
                pool, nats.jetstream(), "replay", config.filter(), actor=f"dagster:{run_id}",
                limit=config.limit, per_second=config.per_second, dry_run=config.dry_run,
                progress=lambda count: tell(f"{count:,} letters done"),
            )  # fmt: skip
    finally:
        await nats.close()


def _cell(value: object) -> str | int:
    return value if isinstance(value, int) else str(value)
