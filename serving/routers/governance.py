"""The models that label texts: which serves since when, on what evidence, and whether its answers drift.

Nothing here is of one company or of a text: versions, figures on labelled sets, distances of distributions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import psycopg
import structlog
from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from ingest.stores import postgres_connection
from serving.dependencies import AppServices, ReadPool, Services
from serving.openapi import GOVERNANCE_PROBLEMS, MODEL_PROBLEMS, PROMOTION_PROBLEMS
from serving.parameters import Instant
from serving.permissions import AnalyticsReader, PlatformAdmin
from serving.problems import GATE_NOT_PASSED, MODEL_NOT_FOUND, PROMOTION_REFUSED, ProblemError
from serving.queries import governance

router = APIRouter(prefix="/v1/q2q", tags=["q2q"])
audit = structlog.get_logger("audit")

Grain = Literal["daily", "weekly"]
Verdict = Literal["insufficient", "ok", "monitor", "shifted", "alert"]
ModelId = Annotated[str, Path(max_length=100, pattern="^[a-z0-9][a-z0-9.-]*$", examples=["q2q-local-v4"])]
AsOf = Annotated[Instant | None, Query(description="Which version was, is or will be in force then.")]
OfModel = Annotated[str | None, Query(max_length=100, description="Of one version only.")]


class Window(BaseModel):
    """A stretch in which a version served, serves or will serve."""

    model_config = ConfigDict(from_attributes=True)

    serving_from: datetime
    serving_until: datetime | None = Field(description="Null: until something takes its place.")
    is_operators: bool = Field(description="Opened by an operator rather than by the file's schedule.")


class ModelVersion(BaseModel):
    """One version. `definition` is all that decides a score; it is final once the version was used."""

    model_id: str = Field(examples=["q2q-local-v4"])
    provider: str = Field(examples=["local"])
    purpose: str = Field(examples=["q2q"])
    definition: dict[str, Any]
    content_sha256: str
    effective_from: datetime
    description: str
    is_shadow: bool = Field(description="Scores beside the serving version, without effect.")
    is_listed: bool = Field(description="The file of models still has it.")
    is_serving: bool = Field(description="In force at the instant asked for.")
    serving: Window | None
    deactivated_at: datetime | None
    first_used_at: datetime | None
    evaluation_id: UUID | None = Field(description="The newest evaluation of this definition.")
    evaluated_at: datetime | None
    has_passed: bool | None = Field(description="The gate's latest word on it; null if it was not asked.")
    failures: list[str] | None = Field(description="Why it did not pass.")


class ModelVersions(BaseModel):
    as_of: datetime
    items: list[ModelVersion]


class ModelHistory(ModelVersion):
    windows: list[Window] = Field(description="All of them, oldest first.")


class Evaluation(BaseModel):
    """What a version showed on a labelled set."""

    evaluation_id: UUID
    model_id: str
    content_sha256: str = Field(description="Of the definition that was evaluated.")
    set_version: str = Field(examples=["proof_v3"])
    set_sha256: str
    split: str
    evaluated_at: datetime
    has_passed: bool | None
    failures: list[str] | None
    figures: dict[str, Any] = Field(description="Per language and label, with counts and 95 % intervals.")


class Evaluations(BaseModel):
    items: list[Evaluation]


class DriftResult(BaseModel):
    """One series in one language against the model's baseline."""

    model_id: str
    grain: Grain
    window_from: datetime
    window_until: datetime
    series: str = Field(examples=["confidence_increase"])
    language: str = Field(examples=["uk"])
    baseline_count: int
    window_count: int
    psi: float | None = Field(description="Population stability index; above 0.2 is the agreed alert.")
    psi_noise: float | None = Field(description="What chance alone makes of it on average.")
    js_divergence: float | None = Field(description="Jensen-Shannon divergence in nats.")
    js_distance: float | None = Field(description="Its square root, which is what Evidently reports.")
    p_value: float | None = Field(description="Permutation test.")
    q_value: float | None = Field(description="The p-value after Benjamini-Hochberg.")
    verdict: Verdict
    severity: Literal["none", "low", "medium", "high"]
    checked_at: datetime


class DriftResults(BaseModel):
    items: list[DriftResult]


class Activation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    at: Instant | None = Field(None, description="Serve from this instant on; now if left out.")


@router.get("/models", responses=GOVERNANCE_PROBLEMS)
async def list_models(_: AnalyticsReader, pool: ReadPool, at: AsOf = None) -> ModelVersions:
    """Every version, and which is in force now or at another instant."""
    instant = at or datetime.now(UTC)
    found = await governance.models(pool, instant)
    return ModelVersions(as_of=instant, items=[ModelVersion(**_version(row)) for row in found])


@router.get("/models/{model_id}", responses=MODEL_PROBLEMS)
async def get_model(_: AnalyticsReader, pool: ReadPool, model_id: ModelId, at: AsOf = None) -> ModelHistory:
    """One version and every stretch in which it served."""
    return await _history(pool, model_id, at)


@router.post("/models/{model_id}/activate", responses=PROMOTION_PROBLEMS)
async def activate_model(
    request: Request,
    caller: PlatformAdmin,
    services: Services,
    model_id: ModelId,
    activation: Activation | None = None,
) -> ModelHistory:
    """Let a version serve if its evaluation passes the gate. No sync of the file ends it."""
    from nlp.registry import promotion  # with its libraries, only where somebody changes something
    from nlp.registry.models import read_models

    at = activation.at if activation else None
    actor = f"api:{caller.caller_id}"
    await _change(
        services,
        lambda connection: promotion.activate(connection, model_id, read_models().policy, actor=actor, at=at),
    )
    return await _changed(request, caller.caller_id, services, model_id, "model_activated")


@router.post("/models/{model_id}/deactivate", responses=PROMOTION_PROBLEMS)
async def deactivate_model(
    request: Request, caller: PlatformAdmin, services: Services, model_id: ModelId
) -> ModelHistory:
    """Stop a version from serving. Nothing takes its place until the next sync or activation."""
    from nlp.registry import promotion

    actor = f"api:{caller.caller_id}"
    await _change(services, lambda connection: promotion.deactivate(connection, model_id, actor=actor))
    return await _changed(request, caller.caller_id, services, model_id, "model_deactivated")


@router.get("/evaluations", responses=GOVERNANCE_PROBLEMS)
async def list_evaluations(
    _: AnalyticsReader,
    pool: ReadPool,
    model_id: OfModel = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Evaluations:
    """Stored evaluations, newest first."""
    found = await governance.evaluations(pool, model_id, limit)
    return Evaluations(items=[Evaluation(**row) for row in found])


@router.get("/drift", responses=GOVERNANCE_PROBLEMS)
async def list_drift(
    _: AnalyticsReader,
    pool: ReadPool,
    model_id: OfModel = None,
    grain: Grain | None = None,
    language: Annotated[str | None, Query(max_length=20, description="`all` is over all languages.")] = None,
    verdict: Verdict | None = None,
    since: Annotated[Instant | None, Query(description="Windows that begin then or later.")] = None,
    limit: Annotated[int, Query(ge=1, le=2000)] = 500,
) -> DriftResults:
    """Drift checks, newest windows first."""
    found = await governance.drift(
        pool, model_id=model_id, grain=grain, language=language, verdict=verdict, since=since, limit=limit
    )
    return DriftResults(items=[DriftResult(**row) for row in found])


async def _change(services: AppServices, change: Callable[[psycopg.Connection], None]) -> None:
    """Change the registry as the command line does. Rare, and never on the loop: it waits for a lock."""
    from nlp.registry.store import GateError, RegistryError, UnknownModelError

    def work() -> None:
        with closing(postgres_connection(services.settings, autocommit=True)) as connection:
            change(connection)

    try:
        await asyncio.to_thread(work)
    except GateError as error:
        raise ProblemError(GATE_NOT_PASSED, str(error), failures=list(error.failures)) from None
    except UnknownModelError as error:
        raise ProblemError(MODEL_NOT_FOUND, str(error)) from None
    except RegistryError as error:
        raise ProblemError(PROMOTION_REFUSED, str(error)) from None


async def _changed(
    request: Request, caller_id: str, services: AppServices, model_id: str, what: str
) -> ModelHistory:
    audit.info(what, caller_id=caller_id, model_id=model_id, request_id=request.state.request_id)
    return await _history(services.pool, model_id, None)


async def _history(pool: Any, model_id: str, at: datetime | None) -> ModelHistory:
    found = await governance.models(pool, at or datetime.now(UTC), model_id)
    if not found:
        raise ProblemError(MODEL_NOT_FOUND, f"there is no model {model_id}")
    windows = [Window.model_validate(window) for window in await governance.windows(pool, model_id)]
    return ModelHistory(**_version(found[0]), windows=windows)


def _version(row: dict[str, Any]) -> dict[str, Any]:
    window = {name: row.pop(name) for name in ("serving_from", "serving_until", "is_operators")}
    serving = Window(**window) if window["serving_from"] else None
    return {**row, "is_serving": serving is not None, "serving": serving}
