"""Problem details (RFC 9457): every answer that is not a success has one of these shapes.

The registry below is the whole list. `type` is a path of this API where the problem is explained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class ProblemType:
    """One kind of problem: its name in the address, its status, and what a caller can do about it."""

    slug: str
    status: int
    title: str
    advice: str

    @property
    def uri(self) -> str:
        return f"/problems/{self.slug}"


BAD_REQUEST = ProblemType(
    "bad-request", 400, "The request cannot be read", "Correct the request; sending it again will not help."
)
VERSION_UNKNOWN = ProblemType(
    "version-unknown", 400, "No such version of the API",
    "Send one of `versions` as `X-API-Version`, or leave the header out; /api-docs/versions has their"
    " changes.",
)  # fmt: skip
UNAUTHENTICATED = ProblemType(
    "unauthenticated", 401, "No valid credential",
    "Send an API key or an access token as `Authorization: Bearer …`, or an API key as `X-API-Key: …`.",
)  # fmt: skip
COMPANY_FORBIDDEN = ProblemType(
    "company-forbidden", 403, "Another company's data",
    "Use your own company's id, or a credential of that company.",
)  # fmt: skip
ROLE_FORBIDDEN = ProblemType(
    "role-forbidden", 403, "The role does not allow this", "Use a credential with one of the roles named."
)
SCOPE_FORBIDDEN = ProblemType(
    "scope-forbidden", 403, "The key's scopes do not allow this",
    "Use a key with the scope that is named, or one that is not narrowed.",
)  # fmt: skip
KEY_NOT_FOUND = ProblemType("key-not-found", 404, "Unknown API key", "See /v1/keys for those there are.")
KEY_OVER = ProblemType(
    "key-over", 409, "The key is expired or revoked", "Make a new key; one that is over has no successor."
)
BODY_TOO_LARGE = ProblemType(
    "body-too-large", 413, "The request's body is too large", "Send less at once; the limit is in the detail."
)
BODY_TOO_SLOW = ProblemType(
    "body-too-slow", 408, "The request's body did not arrive in time", "Send it again, without pauses."
)
NOT_FOUND = ProblemType("not-found", 404, "Nothing at this address", "See /docs for the routes there are.")
COMPANY_NOT_FOUND = ProblemType(
    "company-not-found", 404, "Unknown company",
    "Check the id; `impact companies import` is how companies come to be known.",
)  # fmt: skip
COHORT_NOT_FOUND = ProblemType(
    "cohort-not-found", 404, "Unknown cohort", "See the company's /cohorts for those there are."
)
MODEL_NOT_FOUND = ProblemType(
    "model-not-found", 404, "Unknown model",
    "See /v1/q2q/models for those there are; `impact q2q sync` brings the file's.",
)  # fmt: skip
GATE_NOT_PASSED = ProblemType(
    "gate-not-passed", 409, "The model's evaluation does not pass",
    "`failures` says what is missing; `impact q2q evaluate` evaluates it anew.",
)  # fmt: skip
PROMOTION_REFUSED = ProblemType(
    "promotion-refused", 409, "The model is not in a state for this", "See /v1/q2q/models for how it stands."
)
METRIC_NOT_FOUND = ProblemType(
    "metric-not-found", 404, "No evidence for such a metric",
    "Use a name from /metrics, /outcomes or /tiles; docs/metrics.md lists them.",
)  # fmt: skip
FIGURES_CHANGED = ProblemType(
    "figures-changed", 409, "The figures were published anew between two pages",
    "Ask for the first page again, without a cursor.",
)  # fmt: skip
DEAD_LETTER_NOT_FOUND = ProblemType(
    "dead-letter-not-found", 404, "Unknown dead letter", "See /v1/ops/dead-letters for those there are."
)
DELIVERY_NOT_FOUND = ProblemType(
    "delivery-not-found", 404, "Unknown delivery",
    "Check source and id; a request with a bad signature or without an id leaves no trace.",
)  # fmt: skip
DOCS_NOT_BUILT = ProblemType(
    "docs-not-built", 404, "These pages are not built yet",
    "The import of a file builds the data quality pages, Dagster's job `refresh_warehouse` the warehouse's;"
    " `impact demo` does both.",
)  # fmt: skip
PARTICIPANT_NOT_FOUND = ProblemType(
    "participant-not-found", 404, "Unknown participant",
    "Participants are known from their first event on; check id and company.",
)  # fmt: skip
RULE_NOT_FOUND = ProblemType(
    "rule-not-found", 404, "Unknown rule", "See /v1/journey/rules for those there are."
)
REVIEW_ITEM_NOT_FOUND = ProblemType(
    "review-item-not-found", 404, "Unknown review item", "See /v1/safety/queue for those there are."
)
REVIEW_CLOSED = ProblemType(
    "review-closed",
    409,
    "The item is closed",
    "Nothing is left to decide; look at the queue for the next one.",
)
REVIEW_CLAIMED = ProblemType(
    "review-claimed", 409, "Another reviewer has claimed the item",
    "Take another one, or wait until `lease_until`.",
)  # fmt: skip
SECOND_REVIEWER_NEEDED = ProblemType(
    "second-reviewer-needed", 409, "It takes two reviewers to let this text pass",
    "Somebody else with a credential of their own has to approve it too.",
)  # fmt: skip
REVIEW_CHANGED = ProblemType(
    "review-changed", 412, "The item has changed since it was read",
    "Read it again and decide about its new version.",
)  # fmt: skip
VERSION_REQUIRED = ProblemType(
    "version-required", 428, "The decision names no version of the item",
    "Send the item's `version` as `If-Match`, so that nobody's decision is overwritten.",
)  # fmt: skip
SUBJECT_NOT_FOUND = ProblemType(
    "subject-not-found", 404, "Nobody is known by this id",
    "Check provider and id; a company asks about people it has to do with, and nobody else.",
)  # fmt: skip
SUBJECT_SHARED = ProblemType(
    "subject-shared", 409, "Another company knows the person too",
    "An administrator of the platform has to ask for this, since it reaches into another company's records.",
)  # fmt: skip
PRIVACY_REQUEST_NOT_FOUND = ProblemType(
    "privacy-request-not-found", 404, "Unknown request, consent or restriction",
    "See /v1/privacy/requests for the requests there are.",
)  # fmt: skip
PRIVACY_REQUEST_CLOSED = ProblemType(
    "privacy-request-closed", 409, "The request is not in a state for this",
    "Read it again: what has begun is not cancelled, and only what failed is tried again.",
)  # fmt: skip
EXPORT_GONE = ProblemType(
    "export-gone", 410, "The file is not there any more",
    "Its time is over, or the person was erased; ask for a new export.",
)  # fmt: skip
SCHEDULED_NOT_FOUND = ProblemType(
    "scheduled-not-found", 404, "Unknown schedule, delivery or connection",
    "See /v1/impact-in/schedules, /deliveries and /connections for those there are.",
)  # fmt: skip
REPORT_NOT_REPEATED = ProblemType(
    "report-not-repeated", 409, "It is not in a state for this",
    "Read it again: a report is made once per period, and only failed deliveries are replayed.",
)  # fmt: skip
PREVIEW_EXPIRED = ProblemType(
    "preview-expired", 409, "These are not the bytes that would be sent now",
    "Look at a new preview and approve that.",
)  # fmt: skip
NOTHING_TO_SEND = ProblemType(
    "nothing-to-send", 409, "There is no report to make",
    "Wait for the period's figures, or look at the connection, as the detail says.",
)  # fmt: skip
METHOD_NOT_ALLOWED = ProblemType(
    "method-not-allowed", 405, "The method is not allowed here", "Use a method from the `Allow` header."
)
INVALID_PARAMETER = ProblemType(
    "invalid-parameter",
    422,
    "A parameter is missing or invalid",
    "`errors` names each parameter and its rule.",
)
RATE_LIMITED = ProblemType(
    "rate-limited", 429, "Too many requests this minute", "Wait for the seconds in `Retry-After`."
)
BUDGET_EXCEEDED = ProblemType(
    "budget-exceeded", 429, "The company's query budget is used up",
    "Wait for the seconds in `Retry-After`; with live updates there is no need to poll.",
)  # fmt: skip
TEXT_HELD = ProblemType(
    "text-held", 422, "The text is kept back by safety screening",
    "It was not labelled. Reviewers see it as `item_id` until they decide; `categories` says what was found.",
)  # fmt: skip
LANGUAGE_UNSUPPORTED = ProblemType(
    "language-unsupported", 422, "The text is in no language that can be labelled",
    "Texts in English, Ukrainian and Norwegian are labelled; `language` says what was found.",
)  # fmt: skip
MODEL_UNAVAILABLE = ProblemType(
    "model-unavailable", 503, "The model has no answer",
    "Try again after the seconds in `Retry-After`, or leave the model to us (`provider: auto`).",
)  # fmt: skip
AI_BUDGET_EXCEEDED = ProblemType(
    "ai-budget-exceeded", 429, "The company's budget for model calls is used up",
    "Wait for the next month, have the cap raised, or ask for the local model (`provider: auto` or `local`).",
)  # fmt: skip
KEY_REUSED = ProblemType(
    "idempotency-key-reused", 422, "Another request had this Idempotency-Key",
    "Use a new key for every request, and the same one only to repeat it.",
)  # fmt: skip
STILL_RUNNING = ProblemType(
    "request-still-running", 409, "The request with this Idempotency-Key is not answered yet",
    "Ask again after the seconds in `Retry-After`.",
)  # fmt: skip
INTERNAL = ProblemType(
    "internal-error", 500, "The server failed", "Try again; if it stays, report the id in `instance`."
)
STREAMING_DISABLED = ProblemType(
    "streaming-disabled",
    501,
    "Live updates are switched off",
    "Poll the metrics, or set STREAMING_ENABLED=true.",
)
UNAVAILABLE = ProblemType(
    "unavailable", 503, "A store is not reachable", "Try again after the seconds in `Retry-After`."
)
NOT_PUBLISHED = ProblemType(
    "not-published", 503, "No figures have been published yet",
    "Run Dagster's job `refresh_warehouse`, or `impact demo`, and try again.",
)  # fmt: skip

PROBLEM_TYPES: Mapping[str, ProblemType] = {
    kind.slug: kind
    for kind in (
        BAD_REQUEST, VERSION_UNKNOWN, UNAUTHENTICATED, COMPANY_FORBIDDEN, ROLE_FORBIDDEN, SCOPE_FORBIDDEN,
        NOT_FOUND,
        COMPANY_NOT_FOUND, KEY_NOT_FOUND, KEY_OVER, BODY_TOO_LARGE, BODY_TOO_SLOW,
        COHORT_NOT_FOUND, METRIC_NOT_FOUND, DEAD_LETTER_NOT_FOUND, DELIVERY_NOT_FOUND, DOCS_NOT_BUILT,
        REVIEW_ITEM_NOT_FOUND, METHOD_NOT_ALLOWED, REVIEW_CLOSED, REVIEW_CLAIMED, SECOND_REVIEWER_NEEDED,
        REVIEW_CHANGED, VERSION_REQUIRED, FIGURES_CHANGED, INVALID_PARAMETER, RATE_LIMITED, BUDGET_EXCEEDED,
        PARTICIPANT_NOT_FOUND, RULE_NOT_FOUND,
        INTERNAL, STREAMING_DISABLED, UNAVAILABLE, NOT_PUBLISHED, TEXT_HELD, LANGUAGE_UNSUPPORTED,
        MODEL_UNAVAILABLE, AI_BUDGET_EXCEEDED, KEY_REUSED, STILL_RUNNING,
         MODEL_NOT_FOUND, GATE_NOT_PASSED, PROMOTION_REFUSED, SCHEDULED_NOT_FOUND, REPORT_NOT_REPEATED,
        PREVIEW_EXPIRED, NOTHING_TO_SEND, SUBJECT_NOT_FOUND, SUBJECT_SHARED, PRIVACY_REQUEST_NOT_FOUND,
        PRIVACY_REQUEST_CLOSED, EXPORT_GONE,
    )
}  # fmt: skip

# What Starlette itself raises, by status; any other client error is a bad request.
_BY_STATUS = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED, 408: BODY_TOO_SLOW, 413: BODY_TOO_LARGE}


class FieldError(BaseModel):
    """One parameter that was refused. The value that was sent is never repeated."""

    location: str = Field(examples=["query.period"])
    message: str = Field(examples=["give a month such as 2026-09 or a quarter such as 2026-Q3"])


class Problem(BaseModel):
    """A problem detail (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        description="Where this kind of problem is explained.", examples=[COMPANY_FORBIDDEN.uri]
    )
    title: str = Field(description="The kind of problem; the same for each occurrence.")
    status: int = Field(description="The HTTP status.", examples=[403])
    detail: str = Field(description="What was wrong this time, and what to do.")
    instance: str = Field(description="This occurrence; the same id as in `X-Request-ID` and in the log.")
    errors: list[FieldError] | None = Field(None, description="Each parameter that was refused (422 only).")


class ProblemError(Exception):
    """Ends a request with a problem. `members` are further members of the document."""

    def __init__(
        self,
        kind: ProblemType,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members


def unavailable(store: str, *, retry_after_s: int = 2) -> ProblemError:
    return ProblemError(
        UNAVAILABLE,
        f"{store} does not answer at the moment; trying again in {retry_after_s} s may help",
        headers={"Retry-After": str(retry_after_s)},
    )


def problem_response(
    scope: Mapping[str, Any],
    kind: ProblemType,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, Any] | None = None,
    status: int | None = None,
) -> Response:
    """The document of one occurrence, under the id of its request."""
    request_id = scope.get("state", {}).get("request_id") or str(uuid4())
    body = {
        "type": kind.uri,
        "title": kind.title,
        "status": status or kind.status,
        "detail": detail,
        "instance": f"urn:uuid:{request_id}",
        **(members or {}),
    }
    return Response(
        orjson.dumps(body),
        status_code=status or kind.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def install(app: FastAPI, methods_at: Callable[[str], str | None] = lambda path: None) -> None:
    """Turn every expected exception into a problem; what nobody expected is the middleware's.

    `methods_at` says which methods an address has, where more than the first route's have to be told.
    """

    @app.exception_handler(ProblemError)
    async def known(request: Request, error: ProblemError) -> Response:
        return problem_response(
            request.scope, error.kind, error.detail, headers=error.headers, members=error.members
        )

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        errors = _field_errors(error.errors())
        detail = "; ".join(f"{e['location']}: {e['message']}" for e in errors)
        return problem_response(request.scope, INVALID_PARAMETER, detail, members={"errors": errors})

    @app.exception_handler(HTTPException)
    async def from_framework(request: Request, error: HTTPException) -> Response:
        kind = _BY_STATUS.get(error.status_code, BAD_REQUEST if error.status_code < 500 else INTERNAL)
        detail = {
            NOT_FOUND: f"there is no route {request.url.path}",
            METHOD_NOT_ALLOWED: f"{request.method} is not possible on {request.url.path}",
            BODY_TOO_SLOW: error.detail,
            BODY_TOO_LARGE: error.detail,
        }.get(kind) or HTTPStatus(error.status_code).phrase
        headers = dict(error.headers or {})
        if kind is METHOD_NOT_ALLOWED and (allowed := methods_at(request.url.path)):
            headers = {"Allow": allowed}
        return problem_response(request.scope, kind, detail, headers=headers, status=error.status_code)


def invalid_parameter(location: str, message: str) -> ProblemError:
    """A rule between parameters that one parameter's own pattern cannot express."""
    return ProblemError(
        INVALID_PARAMETER,
        f"{location}: {message}",
        errors=[{"location": location, "message": message}],
    )


def _field_errors(errors: Sequence[Any]) -> list[dict[str, str]]:
    return [
        {
            "location": ".".join(str(part) for part in error["loc"]),
            "message": error["msg"].removeprefix("Value error, "),
        }
        for error in errors
    ]
