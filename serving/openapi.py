"""The API's description, complete: every status a route can answer, with its problem document."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from serving.description import add_problem, complete
from serving.problems import (
    AI_BUDGET_EXCEEDED,
    BAD_REQUEST,
    BUDGET_EXCEEDED,
    COHORT_NOT_FOUND,
    COMPANY_FORBIDDEN,
    COMPANY_NOT_FOUND,
    DEAD_LETTER_NOT_FOUND,
    DELIVERY_NOT_FOUND,
    EXPORT_GONE,
    FIGURES_CHANGED,
    GATE_NOT_PASSED,
    INTERNAL,
    INVALID_PARAMETER,
    KEY_NOT_FOUND,
    KEY_OVER,
    KEY_REUSED,
    LANGUAGE_UNSUPPORTED,
    METRIC_NOT_FOUND,
    MODEL_NOT_FOUND,
    MODEL_UNAVAILABLE,
    NOT_PUBLISHED,
    NOTHING_TO_SEND,
    PARTICIPANT_NOT_FOUND,
    PREVIEW_EXPIRED,
    PRIVACY_REQUEST_CLOSED,
    PRIVACY_REQUEST_NOT_FOUND,
    PROMOTION_REFUSED,
    RATE_LIMITED,
    REPORT_NOT_REPEATED,
    REVIEW_CHANGED,
    REVIEW_CLAIMED,
    REVIEW_CLOSED,
    REVIEW_ITEM_NOT_FOUND,
    ROLE_FORBIDDEN,
    RULE_NOT_FOUND,
    SCHEDULED_NOT_FOUND,
    SCOPE_FORBIDDEN,
    SECOND_REVIEWER_NEEDED,
    STILL_RUNNING,
    STREAMING_DISABLED,
    SUBJECT_NOT_FOUND,
    SUBJECT_SHARED,
    TEXT_HELD,
    UNAUTHENTICATED,
    UNAVAILABLE,
    VERSION_REQUIRED,
    Problem,
    ProblemType,
)

Responses = dict[int | str, dict[str, Any]]

_DESCRIPTION = """
Numbers of newcomer programmes, per company, and live updates of them.

Send an API key or an access token as `Authorization: Bearer …`. The company comes from the credential.
Clients name the version they were written for as `X-API-Version`; `/api-docs/versions` has the changes.
Lists with `x-pagination` go on with `cursor`, until `next_cursor` is null.
Every answer that is not a success is a problem document (RFC 9457); `/problems/` lists the kinds.
"""

TAGS = [
    {
        "name": "companies",
        "description": "A company's figures, from the latest publication of the warehouse.",
    },
    {"name": "value", "description": "What programmes return: SROI, VIS, outcomes, tiles, goals."},
    {"name": "comparison", "description": "Over time, between groups, and beside peers."},
    {
        "name": "q2q",
        "description": "What participants write, as labels and scores; the models behind, and their drift.",
    },
    {"name": "ai", "description": "What calls of models may cost and have cost."},
    {"name": "evidence", "description": "The events and words behind a number."},
    {"name": "stream", "description": "Live updates as server-sent events, resumable without loss."},
    {
        "name": "journey",
        "description": "Flags and milestones of participants: what they are, why, and why not yet.",
    },
    {
        "name": "safety",
        "description": "Flagged texts and those who review them; screening for whoever takes texts in.",
    },
    {
        "name": "impact-in",
        "description": "Companies' numbers on their way to CSR suites: schedules, previews, deliveries,"
        " replays.",
    },
    {
        "name": "privacy",
        "description": "People's rights over their data: export, erasure, correction, restriction, consent.",
    },
    {"name": "keys", "description": "API keys: who has which, new ones, and the end of old ones."},
    {"name": "audit", "description": "What administrators of the platform looked at."},
    {
        "name": "ops",
        "description": "Dead letters and the story of each delivery, for administrators of the platform.",
    },
    {"name": "platform", "description": "Health, metrics, and what explains the API."},
]


def problems(*kinds: ProblemType) -> Responses:
    """The `responses` of a route that can end with these problems; kinds of one status share an entry."""
    responses: dict[str, Any] = {}
    for kind in kinds:
        add_problem(responses, kind)
    return {int(status): response for status, response in responses.items()}


GUARDED = (BAD_REQUEST, UNAUTHENTICATED, COMPANY_FORBIDDEN, ROLE_FORBIDDEN, SCOPE_FORBIDDEN,
           INVALID_PARAMETER, RATE_LIMITED, INTERNAL, UNAVAILABLE)  # fmt: skip

_NOT_MODIFIED: Responses = {
    304: {"description": "The client's copy, named in `If-None-Match`, is still right. No body."}
}
READ = (*GUARDED, COMPANY_NOT_FOUND, BUDGET_EXCEEDED, NOT_PUBLISHED)
READ_PROBLEMS: Responses = {**_NOT_MODIFIED, **problems(*READ)}
LIST_PROBLEMS: Responses = {**_NOT_MODIFIED, **problems(*READ, FIGURES_CHANGED)}
COHORT_PROBLEMS: Responses = {**_NOT_MODIFIED, **problems(*READ, COHORT_NOT_FOUND)}
COHORT_LIST_PROBLEMS: Responses = {**_NOT_MODIFIED, **problems(*READ, COHORT_NOT_FOUND, FIGURES_CHANGED)}
FEED_PROBLEMS: Responses = {**_NOT_MODIFIED, **problems(*READ)}
EVIDENCE_PROBLEMS = problems(*GUARDED, METRIC_NOT_FOUND, BUDGET_EXCEEDED)

OPS = (BAD_REQUEST, UNAUTHENTICATED, ROLE_FORBIDDEN, SCOPE_FORBIDDEN, INVALID_PARAMETER, RATE_LIMITED,
       INTERNAL, UNAVAILABLE)  # fmt: skip
OPS_PROBLEMS = problems(*OPS)
DEAD_LETTER_PROBLEMS = problems(*OPS, DEAD_LETTER_NOT_FOUND)
DELIVERY_PROBLEMS = problems(*OPS, DELIVERY_NOT_FOUND)
GOVERNANCE_PROBLEMS = OPS_PROBLEMS
MODEL_PROBLEMS = problems(*OPS, MODEL_NOT_FOUND)
PROMOTION_PROBLEMS = problems(*OPS, MODEL_NOT_FOUND, GATE_NOT_PASSED, PROMOTION_REFUSED)

AI_PROBLEMS: Responses = {**_NOT_MODIFIED, **problems(*GUARDED, BUDGET_EXCEEDED)}
CLASSIFY_PROBLEMS = problems(*GUARDED, TEXT_HELD, LANGUAGE_UNSUPPORTED, AI_BUDGET_EXCEEDED, MODEL_UNAVAILABLE,
                             KEY_REUSED, STILL_RUNNING)  # fmt: skip
QUEUE_PROBLEMS = problems(*GUARDED)
REVIEW_ITEM_PROBLEMS = problems(*GUARDED, REVIEW_ITEM_NOT_FOUND)
REVIEW_PROBLEMS = problems(
    *GUARDED, REVIEW_ITEM_NOT_FOUND, REVIEW_CLOSED, REVIEW_CLAIMED, SECOND_REVIEWER_NEEDED, REVIEW_CHANGED,
    VERSION_REQUIRED,
)  # fmt: skip
SCREEN_PROBLEMS = problems(*GUARDED)

JOURNEY_READ_PROBLEMS = problems(*GUARDED, PARTICIPANT_NOT_FOUND)
JOURNEY_PROBLEMS = problems(*GUARDED, PARTICIPANT_NOT_FOUND)
IMPACT_IN_PROBLEMS = problems(*GUARDED)
IMPACT_IN_READ_PROBLEMS = problems(*GUARDED, SCHEDULED_NOT_FOUND)
IMPACT_IN_ACT_PROBLEMS = problems(
    *GUARDED, SCHEDULED_NOT_FOUND, REPORT_NOT_REPEATED, PREVIEW_EXPIRED, NOTHING_TO_SEND
)
PRIVACY_LIST_PROBLEMS = problems(*GUARDED)
PRIVACY_ASK_PROBLEMS = problems(
    *GUARDED, SUBJECT_NOT_FOUND, SUBJECT_SHARED, KEY_REUSED, PRIVACY_REQUEST_CLOSED
)
PRIVACY_READ_PROBLEMS = problems(*GUARDED, PRIVACY_REQUEST_NOT_FOUND)
PRIVACY_ACT_PROBLEMS = problems(*GUARDED, PRIVACY_REQUEST_NOT_FOUND, PRIVACY_REQUEST_CLOSED)
PRIVACY_FILE_PROBLEMS = problems(*GUARDED, PRIVACY_REQUEST_NOT_FOUND, PRIVACY_REQUEST_CLOSED, EXPORT_GONE)
PRIVACY_PERSON_PROBLEMS = problems(*GUARDED, SUBJECT_NOT_FOUND)
RULES_PROBLEMS = problems(*GUARDED)
RULE_PROBLEMS = problems(*GUARDED, RULE_NOT_FOUND)

KEYS_PROBLEMS = problems(*GUARDED)
KEY_PROBLEMS = problems(*GUARDED, KEY_NOT_FOUND, KEY_OVER)
AUDIT_PROBLEMS = problems(*GUARDED)

STREAM_PROBLEMS = problems(*GUARDED, STREAMING_DISABLED)


def install(app: FastAPI) -> None:
    """Add what FastAPI cannot derive from the routes: the schema of problems."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes, tags=TAGS
            )
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(problem.pop("$defs"))
            schemas["Problem"] = problem
            complete(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]
