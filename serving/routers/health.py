"""For whoever runs the process: does it live, can it work, what has it done."""

from __future__ import annotations

import asyncio
from typing import Literal

import structlog
from fastapi import APIRouter
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.responses import Response

from serving import ai_metrics, drift_metrics, impact_in_metrics, privacy_metrics, recorded_metrics
from serving.dependencies import AppServices, Services
from serving.openapi import problems
from serving.problems import INTERNAL, UNAVAILABLE, ProblemError

log = structlog.get_logger("serving")
router = APIRouter(tags=["platform"])

_PROBE_S = 2.0

Answer = Literal["ok", "unreachable", "off"]


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    status: Literal["ready"] = "ready"
    checks: dict[str, Answer]


@router.get("/healthz", responses=problems(INTERNAL))
async def get_health() -> Health:
    """The process lives. Says nothing of its stores: restarting the process would not bring them back."""
    return Health()


@router.get("/readyz", responses=problems(UNAVAILABLE, INTERNAL))
async def get_readiness(services: Services) -> Readiness:
    """The process can answer: Postgres and, with live updates on, NATS are reachable."""
    checks: dict[str, Answer] = {"postgres": await _postgres(services), "nats": _nats(services)}
    missing = [name for name, answer in checks.items() if answer == "unreachable"]
    if missing:
        raise ProblemError(
            UNAVAILABLE,
            f"not reachable: {', '.join(missing)}; the process keeps trying",
            headers={"Retry-After": "2"},
            checks=checks,
        )
    return Readiness(checks=checks)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus text."}, **problems(INTERNAL)},
)
async def get_metrics(services: Services) -> Response:
    """Counters of this process, and of model calls and their drift by all of them, for Prometheus."""
    await drift_metrics.refresh(services)
    body = generate_latest(services.metrics.registry) + await recorded_metrics.exposition({
        "ai": ai_metrics.collector(services.pool),
        "delivery": impact_in_metrics.collector(services.pool),
        "privacy": privacy_metrics.collector(services.pool),
    })  # fmt: skip
    return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _postgres(services: AppServices) -> Answer:
    try:
        async with asyncio.timeout(_PROBE_S):
            await services.pool.fetchval("select 1")
    except Exception as error:  # whatever it is, this process cannot answer reads now
        log.warning("postgres_unreachable", error=type(error).__name__)
        return "unreachable"
    return "ok"


def _nats(services: AppServices) -> Answer:
    if services.hub is None:
        return "off"
    return "ok" if services.hub.is_following else "unreachable"
