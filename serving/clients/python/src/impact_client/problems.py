"""The kinds of problems, each a class to catch. Generated from the API's description."""

from __future__ import annotations

from collections.abc import Mapping

from impact_client.errors import ImpactProblem


class AiBudgetExceeded(ImpactProblem):
    "429: The company's budget for model calls is used up."

    slug = "ai-budget-exceeded"
    advice = "Wait for the next month, have the cap raised, or ask for the local model (`provider: auto` or `local`)."


class BadRequest(ImpactProblem):
    "400: The request cannot be read."

    slug = "bad-request"
    advice = "Correct the request; sending it again will not help."


class BodyTooLarge(ImpactProblem):
    "413: The request's body is too large."

    slug = "body-too-large"
    advice = "Send less at once; the limit is in the detail."


class BodyTooSlow(ImpactProblem):
    "408: The request's body did not arrive in time."

    slug = "body-too-slow"
    advice = "Send it again, without pauses."


class BudgetExceeded(ImpactProblem):
    "429: The company's query budget is used up."

    slug = "budget-exceeded"
    advice = "Wait for the seconds in `Retry-After`; with live updates there is no need to poll."


class CohortNotFound(ImpactProblem):
    "404: Unknown cohort."

    slug = "cohort-not-found"
    advice = "See the company's /cohorts for those there are."


class CompanyForbidden(ImpactProblem):
    "403: Another company's data."

    slug = "company-forbidden"
    advice = "Use your own company's id, or a credential of that company."


class CompanyNotFound(ImpactProblem):
    "404: Unknown company."

    slug = "company-not-found"
    advice = "Check the id; `impact companies import` is how companies come to be known."


class DeadLetterNotFound(ImpactProblem):
    "404: Unknown dead letter."

    slug = "dead-letter-not-found"
    advice = "See /v1/ops/dead-letters for those there are."


class DeliveryNotFound(ImpactProblem):
    "404: Unknown delivery."

    slug = "delivery-not-found"
    advice = "Check source and id; a request with a bad signature or without an id leaves no trace."


class ExportGone(ImpactProblem):
    "410: The file is not there any more."

    slug = "export-gone"
    advice = "Its time is over, or the person was erased; ask for a new export."


class FiguresChanged(ImpactProblem):
    "409: The figures were published anew between two pages."

    slug = "figures-changed"
    advice = "Ask for the first page again, without a cursor."


class GateNotPassed(ImpactProblem):
    "409: The model's evaluation does not pass."

    slug = "gate-not-passed"
    advice = "`failures` says what is missing; `impact q2q evaluate` evaluates it anew."


class IdempotencyKeyReused(ImpactProblem):
    "422: Another request had this Idempotency-Key."

    slug = "idempotency-key-reused"
    advice = "Use a new key for every request, and the same one only to repeat it."


class InternalError(ImpactProblem):
    "500: The server failed."

    slug = "internal-error"
    advice = "Try again; if it stays, report the id in `instance`."


class InvalidParameter(ImpactProblem):
    "422: A parameter is missing or invalid."

    slug = "invalid-parameter"
    advice = "`errors` names each parameter and its rule."


class KeyNotFound(ImpactProblem):
    "404: Unknown API key."

    slug = "key-not-found"
    advice = "See /v1/keys for those there are."


class KeyOver(ImpactProblem):
    "409: The key is expired or revoked."

    slug = "key-over"
    advice = "Make a new key; one that is over has no successor."


class LanguageUnsupported(ImpactProblem):
    "422: The text is in no language that can be labelled."

    slug = "language-unsupported"
    advice = "Texts in English, Ukrainian and Norwegian are labelled; `language` says what was found."


class MetricNotFound(ImpactProblem):
    "404: No evidence for such a metric."

    slug = "metric-not-found"
    advice = "Use a name from /metrics, /outcomes or /tiles; docs/metrics.md lists them."


class ModelNotFound(ImpactProblem):
    "404: Unknown model."

    slug = "model-not-found"
    advice = "See /v1/q2q/models for those there are; `impact q2q sync` brings the file's."


class ModelUnavailable(ImpactProblem):
    "503: The model has no answer."

    slug = "model-unavailable"
    advice = "Try again after the seconds in `Retry-After`, or leave the model to us (`provider: auto`)."


class NotFound(ImpactProblem):
    "404: Nothing at this address."

    slug = "not-found"
    advice = "See /docs for the routes there are."


class NotPublished(ImpactProblem):
    "503: No figures have been published yet."

    slug = "not-published"
    advice = "Run Dagster's job `refresh_warehouse`, or `impact demo`, and try again."


class NothingToSend(ImpactProblem):
    "409: There is no report to make."

    slug = "nothing-to-send"
    advice = "Wait for the period's figures, or look at the connection, as the detail says."


class ParticipantNotFound(ImpactProblem):
    "404: Unknown participant."

    slug = "participant-not-found"
    advice = "Participants are known from their first event on; check id and company."


class PreviewExpired(ImpactProblem):
    "409: These are not the bytes that would be sent now."

    slug = "preview-expired"
    advice = "Look at a new preview and approve that."


class PrivacyRequestClosed(ImpactProblem):
    "409: The request is not in a state for this."

    slug = "privacy-request-closed"
    advice = "Read it again: what has begun is not cancelled, and only what failed is tried again."


class PrivacyRequestNotFound(ImpactProblem):
    "404: Unknown request, consent or restriction."

    slug = "privacy-request-not-found"
    advice = "See /v1/privacy/requests for the requests there are."


class PromotionRefused(ImpactProblem):
    "409: The model is not in a state for this."

    slug = "promotion-refused"
    advice = "See /v1/q2q/models for how it stands."


class RateLimited(ImpactProblem):
    "429: Too many requests this minute."

    slug = "rate-limited"
    advice = "Wait for the seconds in `Retry-After`."


class ReportNotRepeated(ImpactProblem):
    "409: It is not in a state for this."

    slug = "report-not-repeated"
    advice = "Read it again: a report is made once per period, and only failed deliveries are replayed."


class RequestStillRunning(ImpactProblem):
    "409: The request with this Idempotency-Key is not answered yet."

    slug = "request-still-running"
    advice = "Ask again after the seconds in `Retry-After`."


class ReviewChanged(ImpactProblem):
    "412: The item has changed since it was read."

    slug = "review-changed"
    advice = "Read it again and decide about its new version."


class ReviewClaimed(ImpactProblem):
    "409: Another reviewer has claimed the item."

    slug = "review-claimed"
    advice = "Take another one, or wait until `lease_until`."


class ReviewClosed(ImpactProblem):
    "409: The item is closed."

    slug = "review-closed"
    advice = "Nothing is left to decide; look at the queue for the next one."


class ReviewItemNotFound(ImpactProblem):
    "404: Unknown review item."

    slug = "review-item-not-found"
    advice = "See /v1/safety/queue for those there are."


class RoleForbidden(ImpactProblem):
    "403: The role does not allow this."

    slug = "role-forbidden"
    advice = "Use a credential with one of the roles named."


class RuleNotFound(ImpactProblem):
    "404: Unknown rule."

    slug = "rule-not-found"
    advice = "See /v1/journey/rules for those there are."


class ScheduledNotFound(ImpactProblem):
    "404: Unknown schedule, delivery or connection."

    slug = "scheduled-not-found"
    advice = "See /v1/impact-in/schedules, /deliveries and /connections for those there are."


class ScopeForbidden(ImpactProblem):
    "403: The key's scopes do not allow this."

    slug = "scope-forbidden"
    advice = "Use a key with the scope that is named, or one that is not narrowed."


class SecondReviewerNeeded(ImpactProblem):
    "409: It takes two reviewers to let this text pass."

    slug = "second-reviewer-needed"
    advice = "Somebody else with a credential of their own has to approve it too."


class StreamingDisabled(ImpactProblem):
    "501: Live updates are switched off."

    slug = "streaming-disabled"
    advice = "Poll the metrics, or set STREAMING_ENABLED=true."


class SubjectNotFound(ImpactProblem):
    "404: Nobody is known by this id."

    slug = "subject-not-found"
    advice = "Check provider and id; a company asks about people it has to do with, and nobody else."


class SubjectShared(ImpactProblem):
    "409: Another company knows the person too."

    slug = "subject-shared"
    advice = "An administrator of the platform has to ask for this, since it reaches into another company's records."


class TextHeld(ImpactProblem):
    "422: The text is kept back by safety screening."

    slug = "text-held"
    advice = "It was not labelled. Reviewers see it as `item_id` until they decide; `categories` says what was found."


class Unauthenticated(ImpactProblem):
    "401: No valid credential."

    slug = "unauthenticated"
    advice = (
        "Send an API key or an access token as `Authorization: Bearer …`, or an API key as `X-API-Key: …`."
    )


class Unavailable(ImpactProblem):
    "503: A store is not reachable."

    slug = "unavailable"
    advice = "Try again after the seconds in `Retry-After`."


class VersionRequired(ImpactProblem):
    "428: The decision names no version of the item."

    slug = "version-required"
    advice = "Send the item's `version` as `If-Match`, so that nobody's decision is overwritten."


class VersionUnknown(ImpactProblem):
    "400: No such version of the API."

    slug = "version-unknown"
    advice = "Send one of `versions` as `X-API-Version`, or leave the header out; /api-docs/versions has their changes."


PROBLEMS: Mapping[str, type[ImpactProblem]] = {
    "ai-budget-exceeded": AiBudgetExceeded,
    "bad-request": BadRequest,
    "body-too-large": BodyTooLarge,
    "body-too-slow": BodyTooSlow,
    "budget-exceeded": BudgetExceeded,
    "cohort-not-found": CohortNotFound,
    "company-forbidden": CompanyForbidden,
    "company-not-found": CompanyNotFound,
    "dead-letter-not-found": DeadLetterNotFound,
    "delivery-not-found": DeliveryNotFound,
    "export-gone": ExportGone,
    "figures-changed": FiguresChanged,
    "gate-not-passed": GateNotPassed,
    "idempotency-key-reused": IdempotencyKeyReused,
    "internal-error": InternalError,
    "invalid-parameter": InvalidParameter,
    "key-not-found": KeyNotFound,
    "key-over": KeyOver,
    "language-unsupported": LanguageUnsupported,
    "metric-not-found": MetricNotFound,
    "model-not-found": ModelNotFound,
    "model-unavailable": ModelUnavailable,
    "not-found": NotFound,
    "not-published": NotPublished,
    "nothing-to-send": NothingToSend,
    "participant-not-found": ParticipantNotFound,
    "preview-expired": PreviewExpired,
    "privacy-request-closed": PrivacyRequestClosed,
    "privacy-request-not-found": PrivacyRequestNotFound,
    "promotion-refused": PromotionRefused,
    "rate-limited": RateLimited,
    "report-not-repeated": ReportNotRepeated,
    "request-still-running": RequestStillRunning,
    "review-changed": ReviewChanged,
    "review-claimed": ReviewClaimed,
    "review-closed": ReviewClosed,
    "review-item-not-found": ReviewItemNotFound,
    "role-forbidden": RoleForbidden,
    "rule-not-found": RuleNotFound,
    "scheduled-not-found": ScheduledNotFound,
    "scope-forbidden": ScopeForbidden,
    "second-reviewer-needed": SecondReviewerNeeded,
    "streaming-disabled": StreamingDisabled,
    "subject-not-found": SubjectNotFound,
    "subject-shared": SubjectShared,
    "text-held": TextHeld,
    "unauthenticated": Unauthenticated,
    "unavailable": Unavailable,
    "version-required": VersionRequired,
    "version-unknown": VersionUnknown,
}
