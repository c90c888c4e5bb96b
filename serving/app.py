"""The API as an ASGI application. Clients of the stores are made here, once per process, and closed here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from typing import Any

import asyncpg
import psycopg
import structlog
from fastapi import FastAPI, Request
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from ingest import tracing
from ingest.stores import postgres_connection
from orchestration.ai.classifying import Classifying
from orchestration.ai.settings import AiSettings
from orchestration.impact_in.settings import DeliverySettings
from serving import openapi, problems
from serving.admin_reads import AdminReads
from serving.allowed import AllowedMethods, ExactMethods
from serving.answers import Answers
from serving.budgets import QueryBudgets
from serving.credentials import KeyDirectory, TokenVerifier
from serving.dependencies import AppServices
from serving.key_sets import KeySet
from serving.limits import BodyLimits, describe_limits
from serving.metrics import Metrics
from serving.middleware import Envelope
from serving.operations import operation_id
from serving.permissions import declared
from serving.problems import NOT_PUBLISHED, problem_response, unavailable
from serving.queries.evidence import Evidence
from serving.queries.journey import Journeys
from serving.queries.safety_texts import FlaggedTexts
from serving.rate_limit import RateLimiter
from serving.routers import (
    ai,
    api_docs,
    audit,
    companies,
    comparison,
    evidence,
    export,
    governance,
    health,
    impact_in,
    impact_in_reports,
    impact_in_schedules,
    journey,
    journey_rules,
    keys,
    ops,
    pages,
    privacy,
    privacy_consents,
    q2q,
    q2q_feed,
    safety,
    stream,
    value,
)
from serving.settings import ServingSettings
from serving.stream.hub import Hub
from serving.stream.revocation import Revocations
from serving.stream.session import StreamSessions
from serving.tracing import Traced
from serving.versioning import ApiVersions
from serving.versions import NEWEST
from serving.wall import walled

log = structlog.get_logger("serving")

_CONNECT_S = 3.0
_QUERY_S = 10.0
_LAST_WRITE_S = 1.0  # of the seconds a process has to stop in


ROUTERS = (
    companies.router,
    value.router,
    comparison.router,
    export.router,
    evidence.router,
    q2q.router,
    q2q.reads,
    ai.router,
    q2q_feed.router,
    governance.router,
    stream.router,
    safety.router,
    journey.router,
    impact_in.router,
    impact_in_reports.router,
    impact_in_schedules.router,
    journey_rules.router,
    privacy.router,
    privacy_consents.router,
    keys.router,
    audit.router,
    ops.router,
    health.router,
    api_docs.router,
    pages.router,
)
# What stood at the root before there was `/v1`: /companies/…, /journey/…
_FIRST_SEGMENTS = frozenset(
    router.prefix.split("/")[2] for router in ROUTERS if router.prefix.startswith("/v1/")
)
_UNVERSIONED = ("/metrics",)  # counters for Prometheus, and no old name of `/v1/metrics/…`


async def _nothing_to_reset(connection: object) -> None:
    """asyncpg's own reset asks Postgres once more per request; our statements leave nothing in a session."""


POOL_OPTIONS: dict[str, Any] = {
    "command_timeout": _QUERY_S,
    "reset": _nothing_to_reset,
    "server_settings": {
        "application_name": "impact-api",
        "timezone": "UTC",  # of times inside JSON that Postgres writes
        "jit": "off",
        # Planning the views' short queries costs more than they do, and no plan depends on the values.
        "plan_cache_mode": "force_generic_plan",
    },
}


def create_app(settings: ServingSettings) -> FastAPI:
    """The application; it opens its connections when it is started, and starts also while stores are away."""
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool = await _pool(settings, POOL_OPTIONS)
        company_pool = await _pool(settings, walled(POOL_OPTIONS))
        budgets = QueryBudgets(
            pool, per_day=settings.serving_queries_per_day, per_month=settings.serving_queries_per_month
        )
        hub = _hub(settings, metrics) if settings.streaming_enabled else None
        revocations = Revocations(pool)
        admin_reads = AdminReads(pool)
        app.state.services = AppServices(
            settings=settings,
            pool=pool,
            walled=company_pool,
            answers=Answers(pool),
            keys=KeyDirectory(pool),
            tokens=TokenVerifier(
                settings.impact_jwt_secret.get_secret_value(),
                settings.serving_user_requests_per_minute,
                keys=KeySet.of(settings.impact_jwt_jwks_file, settings.impact_jwt_jwks_url),
                issuer=settings.impact_jwt_issuer,
                audience=settings.impact_jwt_audience,
            ),
            limiter=RateLimiter(),
            budgets=budgets,
            evidence=Evidence(settings, settings.serving_marts_database),
            flagged_texts=FlaggedTexts(settings, pool),
            journeys=Journeys(settings, pool),
            metrics=metrics,
            classifying=Classifying(AiSettings(), lambda: closing(postgres_connection(settings))),
            hub=hub,
            revocations=revocations,
            delivery_settings=DeliverySettings(),
            admin_reads=admin_reads,
            sessions=StreamSessions(settings.impact_jwt_secret.get_secret_value()),
        )
        tasks = [asyncio.create_task(budgets.run()), asyncio.create_task(admin_reads.run())]
        if hub is not None:
            tasks += [asyncio.create_task(hub.run()), asyncio.create_task(revocations.run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await _write_last(budgets, admin_reads)
            company_pool.terminate()
            pool.terminate()  # what is under way is rolled back, and the client was told nothing yet

    app = FastAPI(
        title="Impact platform API",
        version=NEWEST,
        lifespan=lifespan,
        docs_url=None,  # ours needs no internet
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
    )
    allowed = AllowedMethods(ROUTERS)
    problems.install(app, allowed.at)
    app.add_middleware(ExactMethods, allowed=allowed)  # the innermost: of paths as the routes have them
    _install_store_problems(app)
    for router in ROUTERS:
        app.include_router(describe_limits(declared(router)))
    pages.mount(app, settings.impact_home)
    openapi.install(app)
    if settings.serving_cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.serving_cors_origins,
            allow_methods=["GET"],
            allow_headers=["Authorization", "X-API-Key", "X-API-Version", "If-None-Match", "Last-Event-ID"],
            expose_headers=[
                "ETag", "X-Request-ID", "X-API-Version", "Retry-After", "Content-Disposition", "Deprecation",
                "Sunset", "Link",
            ],
        )  # fmt: skip
    app.add_middleware(ApiVersions, metrics=metrics, segments=_FIRST_SEGMENTS, unversioned=_UNVERSIONED)
    app.add_middleware(BodyLimits, most_bytes=settings.serving_body_bytes, within_s=settings.serving_body_s)
    app.add_middleware(Envelope, metrics=metrics)
    if tracing.is_on():
        app.add_middleware(Traced)
    return app


async def _pool(settings: ServingSettings, options: dict[str, Any]) -> asyncpg.Pool:
    return await asyncpg.create_pool(
        settings.postgres_url.get_secret_value(),
        min_size=0,  # connects with the first request, so Postgres may come up later than this process
        max_size=settings.serving_pool_size,
        timeout=_CONNECT_S,
        **options,
    )


async def _write_last(budgets: QueryBudgets, admin_reads: AdminReads) -> None:
    for what, flush in (("query_usage", budgets.flush), ("admin_reads", admin_reads.flush)):
        try:
            async with asyncio.timeout(_LAST_WRITE_S):
                await flush()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning(f"{what}_not_written", error=type(error).__name__)


def _hub(settings: ServingSettings, metrics: Metrics) -> Hub:
    return Hub(
        settings, metrics, ring_size=settings.stream_ring_size, heartbeat_s=settings.stream_heartbeat_s
    )


def _install_store_problems(app: FastAPI) -> None:
    """Postgres away, restarting or full is a 503 with `Retry-After`; so are views nobody has built yet."""

    async def away(request: Request, error: Exception) -> Response:
        log.warning("postgres_unavailable", error=type(error).__name__)
        problem = unavailable("the database")
        return problem_response(request.scope, problem.kind, problem.detail, headers=problem.headers)

    async def unpublished(request: Request, error: Exception) -> Response:
        detail = "the warehouse has not published figures yet; they appear after its first refresh"
        return problem_response(request.scope, NOT_PUBLISHED, detail, headers={"Retry-After": "60"})

    for kind in (
        OSError,  # refused, reset, timed out
        asyncpg.PostgresConnectionError,
        asyncpg.OperatorInterventionError,  # shutting down, starting up, query cancelled
        asyncpg.InsufficientResourcesError,  # too many connections, disk full
        asyncpg.InterfaceError,  # the connection went away under a query
        psycopg.OperationalError,  # the same of the few routes that write through psycopg
    ):
        app.add_exception_handler(kind, away)
    app.add_exception_handler(asyncpg.UndefinedTableError, unpublished)
    # A view that an older version of the platform built; the next refresh replaces it.
    app.add_exception_handler(asyncpg.UndefinedColumnError, unpublished)
