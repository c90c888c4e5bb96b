"""What participants write, as labels and scores: one text over the API, and what can be found at all."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from nlp import labels as vocabulary
from nlp.classifiers.base import ClassifierError
from nlp.classifiers.claude import CapReached
from nlp.labels import CHANGES, COMFORTS, CUES, DIMENSIONS, LANGUAGES, SIGNALS, TOPICS, Dimension, Language
from nlp.spend.budget import MICRODOLLARS
from orchestration.ai.classifying import (
    Classification,
    HeldError,
    NoProviderError,
    Provider,
    TooManyRequestsError,
    UnsupportedLanguageError,
)
from orchestration.gate.held import hold_for_review
from serving.auth import require_company
from serving.dependencies import AppServices, Services
from serving.openapi import AI_PROBLEMS, CLASSIFY_PROBLEMS
from serving.permissions import DataWriter
from serving.problems import (
    AI_BUDGET_EXCEEDED,
    KEY_REUSED,
    LANGUAGE_UNSUPPORTED,
    MODEL_UNAVAILABLE,
    RATE_LIMITED,
    STILL_RUNNING,
    TEXT_HELD,
    ProblemError,
    invalid_parameter,
)
from serving.queries import kept_answers
from serving.reads import OwnReportRead, ReadRoute
from serving.representation import DAY_S, answer

router = APIRouter(prefix="/v1/q2q", tags=["q2q"])
reads = APIRouter(prefix="/v1/q2q", tags=["q2q"], route_class=ReadRoute)

_AGAIN_S = 30
_RUNNING_S = 2


class TextContext(BaseModel):
    """Where the text comes from, in the caller's words. It comes back unchanged, like `user_id`."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["conversation", "survey", "assessment", "other"] = "other"
    id: str | None = Field(None, max_length=200, examples=["q7"])


class TextToClassify(BaseModel):
    """A text, and what is known of it. Everything but the text stays here."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, StringConstraints(min_length=1, max_length=10_000)] = Field(
        examples=["My mentor helped me with my CV and now I dare to call employers."]
    )
    language: Language | None = Field(
        None,
        description="The writer's known language. A longer text in another language is taken for what it is.",
    )
    provider: Provider = Field(
        "auto",
        description="`auto`: Claude while key, model and budget allow it, else the local model.",
    )
    context: TextContext = TextContext()
    user_id: UUID | None = None


class EvidenceItem(BaseModel):
    """Words of the redacted text that carry a label."""

    label: str = Field(examples=["resume_improvement"])
    snippet: str = Field(examples=["helped me with my CV"])
    start: int = Field(description="In characters of `redacted_text`.", examples=[10])
    end: int = Field(examples=[30])
    reason: str = Field(description="What the model said, or the rule's id.")


class LabelsAnswer(BaseModel):
    """Null was not decided; an empty list was decided: nothing of it is in the text."""

    confidence_increase: bool | None
    confidence_decrease: bool | None
    belonging_increase: bool | None
    belonging_decrease: bool | None
    language_comfort: vocabulary.Comfort | None
    employability_signals: list[vocabulary.Signal] | None
    risk_cues: list[vocabulary.Cue] | None
    topics: list[vocabulary.Topic]


class ModelUsed(BaseModel):
    provider: Literal["local", "anthropic"]
    model_version: str = Field(examples=["q2q-local-v3"])
    prompt_version: str | None = Field(examples=["v3.0"])
    prompt_sha256: str | None
    fallback_reason: Literal["budget", "no_price", "no_key", "no_model"] | None = Field(
        description="Why `auto` took the local model; null where it took Claude or was not asked."
    )


class UsageAnswer(BaseModel):
    input_tokens: int
    output_tokens: int
    cost_usd: float = Field(description="Over all attempts at this text.", examples=[0.00014])
    latency_ms: float


class SafetyAnswer(BaseModel):
    action: Literal["allow", "warn"]
    safety_version: str
    redaction_version: str


class ClassifiedText(BaseModel):
    """What a text says, by whom, and from which of its words."""

    model_config = ConfigDict(extra="forbid")

    text_id: UUID = Field(description="Of this answer; the text is not stored.")
    company_id: UUID
    user_id: UUID | None
    context: TextContext
    language: Language
    redacted_text: str = Field(description="What was labelled: names and contact data are placeholders.")
    labels: LabelsAnswer
    scores: dict[Dimension, float] = Field(
        description="0 to 1; a dimension that was not decided has no score.", examples=[{"confidence": 0.8}]
    )
    certainty: dict[str, float] = Field(description="The model's own, by label.", examples=[{"cv": 0.95}])
    evidence: list[EvidenceItem]
    model: ModelUsed
    usage: UsageAnswer
    safety: SafetyAnswer


async def _company_of(
    caller: DataWriter,
    company_id: Annotated[
        UUID | None,
        Query(alias="companyId", description="Required of an administrator; otherwise one's own or none."),
    ] = None,
) -> UUID:
    if company_id is not None:
        return require_company(caller, company_id)
    if caller.company_id is None:
        raise invalid_parameter("query.companyId", "an administrator has no company and has to name one")
    return caller.company_id


OwnCompany = Annotated[UUID, Depends(_company_of)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        description="Your own id of the request. Repeated within a day, it is answered as the first time.",
    ),
]


@router.post("/classify", response_model=ClassifiedText, responses=CLASSIFY_PROBLEMS)
async def classify_text(
    company_id: OwnCompany, services: Services, order: TextToClassify, idempotency_key: IdempotencyKey = None
) -> Response:
    """Labels and scores of one text. It is screened and redacted first, and not stored."""
    if idempotency_key is None:
        return _json(await _classified(services, company_id, order), is_repeated=False)
    request_hash = _request_hash(services, order)
    if not await kept_answers.begin(services.pool, company_id, idempotency_key, request_hash):
        return await _kept(services, company_id, idempotency_key, request_hash)
    try:
        body = await _classified(services, company_id, order)
        await kept_answers.keep(services.pool, company_id, idempotency_key, body)
    except BaseException:
        await kept_answers.drop(services.pool, company_id, idempotency_key)
        raise
    return _json(body, is_repeated=False)


async def _kept(services: AppServices, company_id: UUID, key: str, request_hash: bytes) -> Response:
    found = await kept_answers.read(services.pool, company_id, key)
    if found is None or found[1] is None:
        raise ProblemError(
            STILL_RUNNING,
            f"the first request with this key is still at work; ask again in {_RUNNING_S} s",
            headers={"Retry-After": str(_RUNNING_S)},
        )
    if not hmac.compare_digest(found[0], request_hash):
        raise ProblemError(KEY_REUSED, "the first request with this key asked for something else")
    return _json(orjson.dumps(found[1]), is_repeated=True)


async def _classified(services: AppServices, company_id: UUID, order: TextToClassify) -> bytes:
    try:
        done = await run_in_threadpool(
            services.classifying.classify,
            company_id,
            order.text,
            language=order.language,
            provider=order.provider,
        )
    except TooManyRequestsError as error:
        raise ProblemError(RATE_LIMITED, str(error), headers={"Retry-After": str(error.wait_s)}) from None
    except HeldError as error:
        item_id = await hold_for_review(services.pool, company_id, order.text, error.language, error.verdict)
        raise ProblemError(
            TEXT_HELD,
            str(error),
            item_id=str(item_id),
            action=error.action,
            categories=list(error.categories),
            safety_version=error.version,
        ) from None
    except UnsupportedLanguageError as error:
        raise ProblemError(LANGUAGE_UNSUPPORTED, str(error), language=error.language) from None
    except CapReached as error:
        raise _budget_exceeded(error) from None
    except (NoProviderError, ClassifierError) as error:
        raise ProblemError(MODEL_UNAVAILABLE, str(error), headers={"Retry-After": str(_AGAIN_S)}) from None
    return orjson.dumps(_members(company_id, order, done))


def _budget_exceeded(error: CapReached) -> ProblemError:
    budget = error.cause.budget
    now = error.cause.at
    wait_s = max(1, int((budget.resets_at - now).total_seconds()) + 1)
    return ProblemError(
        AI_BUDGET_EXCEEDED,
        str(error),
        headers={"Retry-After": str(wait_s)},
        cap_usd=budget.cap_microdollars / MICRODOLLARS,
        remaining_usd=budget.remaining_microdollars / MICRODOLLARS,
        mode=budget.mode,
        resets_at=budget.resets_at.isoformat(),
    )


def _members(company_id: UUID, order: TextToClassify, done: Classification) -> dict[str, Any]:
    found, classified = done.classified.labels, done.classified
    return {
        "text_id": done.text_id,
        "company_id": company_id,
        "user_id": order.user_id,
        "context": order.context.model_dump(),
        "language": done.language,
        "redacted_text": done.redacted_text,
        "labels": {
            **{change: getattr(found, change) for change in CHANGES},
            "language_comfort": found.language_comfort,
            "employability_signals": _sorted(found.employability_signals),
            "risk_cues": _sorted(found.risk_cues),
            "topics": sorted(found.topics),
        },
        "scores": done.scores,
        "certainty": found.probabilities,
        "evidence": [
            {
                "label": item.label,
                "snippet": done.redacted_text[item.start : item.end],
                "start": item.start,
                "end": item.end,
                "reason": item.reason,
            }
            for item in found.evidence
        ],
        "model": {
            "provider": done.provider,
            "model_version": classified.model_version,
            "prompt_version": classified.prompt_version,
            "prompt_sha256": classified.prompt_sha256,
            "fallback_reason": done.fallback_reason,
        },
        "usage": {
            "input_tokens": classified.usage.input_tokens,
            "output_tokens": classified.usage.output_tokens,
            "cost_usd": classified.usage.cost_microdollars / MICRODOLLARS,
            "latency_ms": round(classified.usage.latency_ms, 3),
        },
        "safety": {
            "action": done.safety_action,
            "safety_version": done.safety_version,
            "redaction_version": done.redaction_version,
        },
    }


def _sorted(names: frozenset[Any] | None) -> list[Any] | None:
    return None if names is None else sorted(names)


def _request_hash(services: AppServices, order: TextToClassify) -> bytes:
    secret = services.settings.impact_jwt_secret.get_secret_value().encode()
    return hmac.new(b"kept-answers:" + secret, order.model_dump_json().encode(), hashlib.sha256).digest()


def _json(body: bytes, *, is_repeated: bool) -> Response:
    headers = {"Cache-Control": "no-store", **({"Idempotency-Replayed": "true"} if is_repeated else {})}
    return Response(body, media_type="application/json", headers=headers)


class DimensionItem(BaseModel):
    dimension: Dimension
    labels: list[str] = Field(description="What its score follows from.")
    score: str = Field(description="How it follows.")


class Taxonomy(BaseModel):
    """Everything that can be found in a text."""

    model_config = ConfigDict(extra="forbid")

    languages: list[Language]
    dimensions: list[DimensionItem]
    changes: list[vocabulary.Change]
    language_comfort: list[vocabulary.Comfort]
    employability_signals: list[vocabulary.Signal]
    risk_cues: list[vocabulary.Cue]
    topics: list[vocabulary.Topic]


_CHANGE = "0.8 if it increased, 0.2 if it decreased or both are claimed, 0.5 if neither"
_DIMENSIONS: dict[Dimension, tuple[list[str], str]] = {
    "confidence": (["confidence_increase", "confidence_decrease"], _CHANGE),
    "belonging": (["belonging_increase", "belonging_decrease"], _CHANGE),
    "lang_level_proxy": (["language_comfort"], "0.3 low, 0.6 medium, 0.9 high"),
    "job_readiness": (["employability_signals"], "0.3 and 0.15 for each signal, at most 1"),
    "well_being": (["risk_cues"], "0.9 less 0.15 for each cue, at least 0.1"),
}


@reads.get("/taxonomy", response_model=Taxonomy, responses=AI_PROBLEMS)
async def get_taxonomy(read: OwnReportRead) -> Response:
    """The labels, the dimensions they are scored on, and how."""
    members = {
        "languages": LANGUAGES,
        "dimensions": [
            {"dimension": name, "labels": _DIMENSIONS[name][0], "score": _DIMENSIONS[name][1]}
            for name in DIMENSIONS
        ],
        "changes": CHANGES,
        "language_comfort": COMFORTS,
        "employability_signals": SIGNALS,
        "risk_cues": CUES,
        "topics": TOPICS,
    }
    return answer(read.request, members, None, keep_s=DAY_S)
