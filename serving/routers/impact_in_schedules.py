"""Schedules of deliveries, the connections they go over, and their secrets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import orjson
import structlog
from fastapi import APIRouter, Header, Path, Response

from orchestration.impact_in import orders
from orchestration.impact_in.connectors import ConnectorError, connector, mapping
from orchestration.impact_in.cron import BadCronError, BadZoneError, zone_of
from orchestration.impact_in.guard import ForbiddenAddressError, check_url
from orchestration.impact_in.periods import GRAIN_OF, cron_of
from orchestration.impact_in.vault import SecretRefusedError, Vault
from serving.auth import CallersPool, own_or_asked
from serving.credentials import Caller
from serving.dependencies import ReadPool, Services
from serving.openapi import IMPACT_IN_ACT_PROBLEMS, IMPACT_IN_PROBLEMS, IMPACT_IN_READ_PROBLEMS
from serving.permissions import AnalyticsReader, allowed
from serving.problems import REPORT_NOT_REPEATED, SCHEDULED_NOT_FOUND, ProblemError, invalid_parameter
from serving.queries import impact_in
from serving.routers.impact_in import ForCompany, period_named, refused
from serving.routers.impact_in_schemas import (
    PLATFORM,
    Connection,
    ConnectionList,
    ConnectionOrder,
    Run,
    RunOrder,
    Schedule,
    ScheduleChange,
    ScheduleList,
    ScheduleOrder,
    SecretKept,
    SecretOrder,
)
from serving.wall import Asks

router = APIRouter(prefix="/v1/impact-in", tags=["impact-in"])
audit = structlog.get_logger("audit")

Manager = Annotated[Caller, allowed("company:settings")]
PlatformName = Annotated[str, Path(pattern=PLATFORM, examples=["benevity"])]
_ADD = """
insert into impact_in.schedules (
    company_id, platform, cadence, cron, grain, hour, time_zone, missed, requires_approval, sends_corrections,
    is_active, next_due_at, created_by
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning schedule_id
"""
_CHANGE = """
update impact_in.schedules set cadence = $3, cron = $4, grain = $5, hour = $6, time_zone = $7, missed = $8,
    requires_approval = $9, sends_corrections = $10, is_active = $11, next_due_at = $12, version = version + 1
where schedule_id = $1 and version = $2 and deleted_at is null returning schedule_id
"""
_FIELDS = ("cadence", "cron", "grain", "hour", "time_zone", "missed", "requires_approval",
    "sends_corrections",
           "is_active")  # fmt: skip


@router.get("/schedules", responses=IMPACT_IN_PROBLEMS)
async def list_schedules(
    caller: AnalyticsReader, pool: CallersPool, company_id: ForCompany = None
) -> ScheduleList:
    """The schedules there are, up to 1,000."""
    rows = await impact_in.schedules(pool, own_or_asked(caller, company_id))
    return ScheduleList(items=[Schedule(**dict(row)) for row in rows])


@router.post("/schedules", responses=IMPACT_IN_READ_PROBLEMS)
async def add_schedule(caller: Manager, pool: ReadPool, seen: CallersPool, order: ScheduleOrder) -> Schedule:
    """Send a company's numbers to a platform from now on; what closed before is not sent by itself."""
    company_id = _one_company(caller, order.company_id)
    fields = _complete({name: getattr(order, name) for name in _FIELDS})
    first = await _next_due(pool, company_id, fields)
    try:
        schedule_id = await pool.fetchval(
            _ADD, company_id, order.platform, *(fields[name] for name in _FIELDS), first, caller.caller_id
        )
    except asyncpg.ForeignKeyViolationError:
        raise ProblemError(
            SCHEDULED_NOT_FOUND, f"company {company_id} has no connection to {order.platform}; make it first"
        ) from None
    audit.info("schedule_added", caller_id=caller.caller_id, schedule_id=str(schedule_id))
    return Schedule(**dict(await _schedule(seen, schedule_id, caller)))


@router.get("/schedules/{schedule_id}", responses=IMPACT_IN_READ_PROBLEMS)
async def get_schedule(
    response: Response, caller: AnalyticsReader, pool: CallersPool, schedule_id: UUID
) -> Schedule:
    """One schedule."""
    row = await _schedule(pool, schedule_id, caller)
    response.headers["ETag"] = f'"{row["version"]}"'
    return Schedule(**dict(row))


@router.patch("/schedules/{schedule_id}", responses=IMPACT_IN_ACT_PROBLEMS)
async def change_schedule(
    caller: Manager,
    pool: ReadPool,
    seen: CallersPool,
    schedule_id: UUID,
    order: ScheduleChange,
    if_match: Annotated[str | None, Header(description='The version that was read, e.g. `"1"`.')] = None,
) -> Schedule:
    """Change what is named. A new time never makes the past come due."""
    row = await _schedule(seen, schedule_id, caller)
    if if_match is not None and if_match.strip().removeprefix("W/").strip('"') != str(row["version"]):
        raise ProblemError(REPORT_NOT_REPEATED, f"schedule {schedule_id} has version {row['version']} now")
    named = order.model_dump(exclude_unset=True)
    if "cadence" in named and "grain" not in named:
        named["grain"] = None
    if named.get("cadence", row["cadence"]) != "cron":
        named["cron"] = None
    fields = _complete({**{name: row[name] for name in _FIELDS}, **named})
    is_moved = any(fields[name] != row[name] for name in ("cadence", "cron", "grain", "hour", "time_zone"))
    is_resumed = fields["is_active"] and not row["is_active"]
    due = await _next_due(pool, row["company_id"], fields) if is_moved or is_resumed else row["next_due_at"]
    changed = await pool.fetchval(
        _CHANGE, schedule_id, row["version"], *(fields[name] for name in _FIELDS), due
    )
    if changed is None:
        raise ProblemError(
            REPORT_NOT_REPEATED, f"schedule {schedule_id} was changed by somebody else meanwhile"
        )
    audit.info("schedule_changed", caller_id=caller.caller_id, schedule_id=str(schedule_id))
    return Schedule(**dict(await _schedule(seen, schedule_id, caller)))


@router.delete("/schedules/{schedule_id}", responses=IMPACT_IN_READ_PROBLEMS)
async def delete_schedule(caller: Manager, pool: ReadPool, seen: CallersPool, schedule_id: UUID) -> Schedule:
    """End a schedule. What it has sent stays on record, and is not sent again by another one."""
    row = await _schedule(seen, schedule_id, caller)
    await pool.execute(
        "update impact_in.schedules set deleted_at = now(), is_active = false where schedule_id = $1",
        schedule_id,
    )
    audit.info("schedule_deleted", caller_id=caller.caller_id, schedule_id=str(schedule_id))
    return Schedule(**{**dict(row), "is_active": False})


@router.post("/schedules/{schedule_id}/run-now", responses=IMPACT_IN_ACT_PROBLEMS)
async def run_now(
    caller: Manager, services: Services, schedule_id: UUID, order: RunOrder | None = None
) -> Run:
    """Have a period's report made and sent now; once, whoever asks and however often."""
    enabled = services.delivery_settings.enabled_platforms()
    wanted = period_named(order.period if order else None)
    async with services.pool.acquire() as connection:
        try:
            found = await orders.run_now(connection, schedule_id, caller.company_id, wanted, enabled)
        except orders.RefusedError as error:
            raise refused(error) from error
    if found is None:
        raise ProblemError(SCHEDULED_NOT_FOUND, f"there is no schedule {schedule_id}")
    audit.info("schedule_run_now", caller_id=caller.caller_id, schedule_id=str(schedule_id))
    return Run(slot_id=found[0], period=found[1].name)


@router.get("/connections", responses=IMPACT_IN_PROBLEMS)
async def list_connections(
    caller: AnalyticsReader, pool: CallersPool, company_id: ForCompany = None
) -> ConnectionList:
    """Where companies' numbers go, with the names of the secrets that are kept."""
    rows = await impact_in.connections(pool, own_or_asked(caller, company_id))
    return ConnectionList(items=[_connection(row) for row in rows])


@router.put("/connections/{platform}", responses=IMPACT_IN_READ_PROBLEMS)
async def put_connection(
    caller: Manager, services: Services, platform: PlatformName, order: ConnectionOrder
) -> Connection:
    """Say where a company's numbers go."""
    company_id = _one_company(caller, order.company_id)
    try:
        how = connector(order.connector)
        if how.platform != platform:
            raise ConnectorError(f"{order.connector} is a connector of {how.platform}")
        how.full_options(order.options)
        if order.mapping_version is not None:
            mapping(order.connector, order.mapping_version)
        check_url(order.base_url, services.delivery_settings.impact_in_private_hosts)
    except (ConnectorError, ForbiddenAddressError) as error:
        raise invalid_parameter("body", str(error)) from error
    try:
        await impact_in.connect(
            services.pool, company_id, platform, order.connector, order.base_url,
            orjson.dumps(order.options).decode(), order.mapping_version, caller.caller_id,
        )  # fmt: skip
    except asyncpg.ForeignKeyViolationError:
        raise ProblemError(SCHEDULED_NOT_FOUND, f"there is no company {company_id}") from None
    audit.info(
        "connection_changed", caller_id=caller.caller_id, company_id=str(company_id), platform=platform
    )
    rows = await impact_in.connections(services.seen_by(company_id), company_id)
    return next(_connection(row) for row in rows if row["platform"] == platform)


@router.put("/connections/{platform}/secrets/{name}", responses=IMPACT_IN_READ_PROBLEMS)
async def put_secret(
    caller: Manager,
    services: Services,
    platform: PlatformName,
    name: Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", examples=["api_key"])],
    order: SecretOrder,
) -> SecretKept:
    """Keep a secret, encrypted, in the place of the one before. It is used from the next request on."""
    company_id = _one_company(caller, order.company_id)
    vault = Vault(services.delivery_settings.sealer())
    try:
        async with services.pool.acquire() as connection:
            await vault.put(connection, company_id, platform, name, order.secret, actor=caller.caller_id)
    except SecretRefusedError as error:
        raise invalid_parameter("body.secret", str(error)) from error
    except asyncpg.ForeignKeyViolationError:
        raise ProblemError(
            SCHEDULED_NOT_FOUND, f"company {company_id} has no connection to {platform}; make it first"
        ) from None
    audit.info(
        "secret_changed", caller_id=caller.caller_id, company_id=str(company_id), platform=platform, name=name
    )
    return SecretKept(platform=platform, name=name)


def _one_company(caller: Caller, asked: UUID | None) -> UUID:
    company_id = own_or_asked(caller, asked)
    if company_id is None:
        raise invalid_parameter("body.company_id", "an administrator has to name the company")
    return company_id


def _complete(fields: dict[str, Any]) -> dict[str, Any]:
    """With the grain that follows from the cadence; a problem if they do not go together."""
    if (fields["cadence"] == "cron") != (fields["cron"] is not None):
        raise invalid_parameter(
            "body.cron", "a cron expression goes with the cadence cron, and with no other"
        )
    own = GRAIN_OF.get(fields["cadence"])
    grain = fields["grain"] or own or "month"
    if own is not None and grain != own:
        raise invalid_parameter("body.grain", f"a {fields['cadence']} schedule reports a {own}")
    return {**fields, "grain": grain}


async def _next_due(pool: asyncpg.Pool, company_id: UUID, fields: dict[str, Any]) -> datetime:
    zone = fields["time_zone"] or await pool.fetchval(
        "select time_zone from ingest.companies where company_id = $1", company_id
    )
    try:
        rule = cron_of(fields["cadence"], hour=fields["hour"], cron=fields["cron"])
        return next(rule.instants(datetime.now(UTC), zone_of(zone or "UTC")))
    except BadCronError as error:
        raise invalid_parameter("body.cron", str(error)) from error
    except BadZoneError as error:
        raise invalid_parameter("body.time_zone", str(error)) from error


async def _schedule(pool: Asks, schedule_id: UUID, caller: Caller) -> asyncpg.Record:
    row = await impact_in.schedule(pool, schedule_id, caller.company_id)
    if row is None:
        raise ProblemError(SCHEDULED_NOT_FOUND, f"there is no schedule {schedule_id}")
    return row


def _connection(row: asyncpg.Record) -> Connection:
    options = orjson.loads(row["options"])
    try:
        wanted = connector(row["connector"]).secrets_of(options)
    except ConnectorError:
        wanted = ()
    missing = [name for name in wanted if name not in row["secrets"]]
    return Connection(**{**dict(row), "options": options, "missing_secrets": missing})
