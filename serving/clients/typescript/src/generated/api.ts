// Written by scripts/generate.mjs from the API's specification: change the API instead.
import { ProblemError } from "../errors.js";

/** The dated version of the API that the types are of. */
export const API_VERSION = "2026-11-27";

/** 429 The company's budget for model calls is used up. Wait for the next month, have the cap raised, or ask for the local model (`provider: auto` or `local`). */
export class AiBudgetExceededError extends ProblemError {
  override readonly name = "AiBudgetExceededError";
}

/** 400 The request cannot be read. Correct the request; sending it again will not help. */
export class BadRequestError extends ProblemError {
  override readonly name = "BadRequestError";
}

/** 413 The request's body is too large. Send less at once; the limit is in the detail. */
export class BodyTooLargeError extends ProblemError {
  override readonly name = "BodyTooLargeError";
}

/** 408 The request's body did not arrive in time. Send it again, without pauses. */
export class BodyTooSlowError extends ProblemError {
  override readonly name = "BodyTooSlowError";
}

/** 429 The company's query budget is used up. Wait for the seconds in `Retry-After`; with live updates there is no need to poll. */
export class BudgetExceededError extends ProblemError {
  override readonly name = "BudgetExceededError";
}

/** 404 Unknown cohort. See the company's /cohorts for those there are. */
export class CohortNotFoundError extends ProblemError {
  override readonly name = "CohortNotFoundError";
}

/** 403 Another company's data. Use your own company's id, or a credential of that company. */
export class CompanyForbiddenError extends ProblemError {
  override readonly name = "CompanyForbiddenError";
}

/** 404 Unknown company. Check the id; `impact companies import` is how companies come to be known. */
export class CompanyNotFoundError extends ProblemError {
  override readonly name = "CompanyNotFoundError";
}

/** 404 Unknown dead letter. See /v1/ops/dead-letters for those there are. */
export class DeadLetterNotFoundError extends ProblemError {
  override readonly name = "DeadLetterNotFoundError";
}

/** 404 Unknown delivery. Check source and id; a request with a bad signature or without an id leaves no trace. */
export class DeliveryNotFoundError extends ProblemError {
  override readonly name = "DeliveryNotFoundError";
}

/** 404 These pages are not built yet. The import of a file builds the data quality pages, Dagster's job `refresh_warehouse` the warehouse's; `impact demo` does both. */
export class DocsNotBuiltError extends ProblemError {
  override readonly name = "DocsNotBuiltError";
}

/** 410 The file is not there any more. Its time is over, or the person was erased; ask for a new export. */
export class ExportGoneError extends ProblemError {
  override readonly name = "ExportGoneError";
}

/** 409 The figures were published anew between two pages. Ask for the first page again, without a cursor. */
export class FiguresChangedError extends ProblemError {
  override readonly name = "FiguresChangedError";
}

/** 409 The model's evaluation does not pass. `failures` says what is missing; `impact q2q evaluate` evaluates it anew. */
export class GateNotPassedError extends ProblemError {
  override readonly name = "GateNotPassedError";
}

/** 422 Another request had this Idempotency-Key. Use a new key for every request, and the same one only to repeat it. */
export class IdempotencyKeyReusedError extends ProblemError {
  override readonly name = "IdempotencyKeyReusedError";
}

/** 500 The server failed. Try again; if it stays, report the id in `instance`. */
export class InternalError extends ProblemError {
  override readonly name = "InternalError";
}

/** 422 A parameter is missing or invalid. `errors` names each parameter and its rule. */
export class InvalidParameterError extends ProblemError {
  override readonly name = "InvalidParameterError";
}

/** 404 Unknown API key. See /v1/keys for those there are. */
export class KeyNotFoundError extends ProblemError {
  override readonly name = "KeyNotFoundError";
}

/** 409 The key is expired or revoked. Make a new key; one that is over has no successor. */
export class KeyOverError extends ProblemError {
  override readonly name = "KeyOverError";
}

/** 422 The text is in no language that can be labelled. Texts in English, Ukrainian and Norwegian are labelled; `language` says what was found. */
export class LanguageUnsupportedError extends ProblemError {
  override readonly name = "LanguageUnsupportedError";
}

/** 405 The method is not allowed here. Use a method from the `Allow` header. */
export class MethodNotAllowedError extends ProblemError {
  override readonly name = "MethodNotAllowedError";
}

/** 404 No evidence for such a metric. Use a name from /metrics, /outcomes or /tiles; docs/metrics.md lists them. */
export class MetricNotFoundError extends ProblemError {
  override readonly name = "MetricNotFoundError";
}

/** 404 Unknown model. See /v1/q2q/models for those there are; `impact q2q sync` brings the file's. */
export class ModelNotFoundError extends ProblemError {
  override readonly name = "ModelNotFoundError";
}

/** 503 The model has no answer. Try again after the seconds in `Retry-After`, or leave the model to us (`provider: auto`). */
export class ModelUnavailableError extends ProblemError {
  override readonly name = "ModelUnavailableError";
}

/** 404 Nothing at this address. See /docs for the routes there are. */
export class NotFoundError extends ProblemError {
  override readonly name = "NotFoundError";
}

/** 503 No figures have been published yet. Run Dagster's job `refresh_warehouse`, or `impact demo`, and try again. */
export class NotPublishedError extends ProblemError {
  override readonly name = "NotPublishedError";
}

/** 409 There is no report to make. Wait for the period's figures, or look at the connection, as the detail says. */
export class NothingToSendError extends ProblemError {
  override readonly name = "NothingToSendError";
}

/** 404 Unknown participant. Participants are known from their first event on; check id and company. */
export class ParticipantNotFoundError extends ProblemError {
  override readonly name = "ParticipantNotFoundError";
}

/** 409 These are not the bytes that would be sent now. Look at a new preview and approve that. */
export class PreviewExpiredError extends ProblemError {
  override readonly name = "PreviewExpiredError";
}

/** 409 The request is not in a state for this. Read it again: what has begun is not cancelled, and only what failed is tried again. */
export class PrivacyRequestClosedError extends ProblemError {
  override readonly name = "PrivacyRequestClosedError";
}

/** 404 Unknown request, consent or restriction. See /v1/privacy/requests for the requests there are. */
export class PrivacyRequestNotFoundError extends ProblemError {
  override readonly name = "PrivacyRequestNotFoundError";
}

/** 409 The model is not in a state for this. See /v1/q2q/models for how it stands. */
export class PromotionRefusedError extends ProblemError {
  override readonly name = "PromotionRefusedError";
}

/** 429 Too many requests this minute. Wait for the seconds in `Retry-After`. */
export class RateLimitedError extends ProblemError {
  override readonly name = "RateLimitedError";
}

/** 409 It is not in a state for this. Read it again: a report is made once per period, and only failed deliveries are replayed. */
export class ReportNotRepeatedError extends ProblemError {
  override readonly name = "ReportNotRepeatedError";
}

/** 409 The request with this Idempotency-Key is not answered yet. Ask again after the seconds in `Retry-After`. */
export class RequestStillRunningError extends ProblemError {
  override readonly name = "RequestStillRunningError";
}

/** 412 The item has changed since it was read. Read it again and decide about its new version. */
export class ReviewChangedError extends ProblemError {
  override readonly name = "ReviewChangedError";
}

/** 409 Another reviewer has claimed the item. Take another one, or wait until `lease_until`. */
export class ReviewClaimedError extends ProblemError {
  override readonly name = "ReviewClaimedError";
}

/** 409 The item is closed. Nothing is left to decide; look at the queue for the next one. */
export class ReviewClosedError extends ProblemError {
  override readonly name = "ReviewClosedError";
}

/** 404 Unknown review item. See /v1/safety/queue for those there are. */
export class ReviewItemNotFoundError extends ProblemError {
  override readonly name = "ReviewItemNotFoundError";
}

/** 403 The role does not allow this. Use a credential with one of the roles named. */
export class RoleForbiddenError extends ProblemError {
  override readonly name = "RoleForbiddenError";
}

/** 404 Unknown rule. See /v1/journey/rules for those there are. */
export class RuleNotFoundError extends ProblemError {
  override readonly name = "RuleNotFoundError";
}

/** 404 Unknown schedule, delivery or connection. See /v1/impact-in/schedules, /deliveries and /connections for those there are. */
export class ScheduledNotFoundError extends ProblemError {
  override readonly name = "ScheduledNotFoundError";
}

/** 403 The key's scopes do not allow this. Use a key with the scope that is named, or one that is not narrowed. */
export class ScopeForbiddenError extends ProblemError {
  override readonly name = "ScopeForbiddenError";
}

/** 409 It takes two reviewers to let this text pass. Somebody else with a credential of their own has to approve it too. */
export class SecondReviewerNeededError extends ProblemError {
  override readonly name = "SecondReviewerNeededError";
}

/** 501 Live updates are switched off. Poll the metrics, or set STREAMING_ENABLED=true. */
export class StreamingDisabledError extends ProblemError {
  override readonly name = "StreamingDisabledError";
}

/** 404 Nobody is known by this id. Check provider and id; a company asks about people it has to do with, and nobody else. */
export class SubjectNotFoundError extends ProblemError {
  override readonly name = "SubjectNotFoundError";
}

/** 409 Another company knows the person too. An administrator of the platform has to ask for this, since it reaches into another company's records. */
export class SubjectSharedError extends ProblemError {
  override readonly name = "SubjectSharedError";
}

/** 422 The text is kept back by safety screening. It was not labelled. Reviewers see it as `item_id` until they decide; `categories` says what was found. */
export class TextHeldError extends ProblemError {
  override readonly name = "TextHeldError";
}

/** 401 No valid credential. Send an API key or an access token as `Authorization: Bearer …`, or an API key as `X-API-Key: …`. */
export class UnauthenticatedError extends ProblemError {
  override readonly name = "UnauthenticatedError";
}

/** 503 A store is not reachable. Try again after the seconds in `Retry-After`. */
export class UnavailableError extends ProblemError {
  override readonly name = "UnavailableError";
}

/** 428 The decision names no version of the item. Send the item's `version` as `If-Match`, so that nobody's decision is overwritten. */
export class VersionRequiredError extends ProblemError {
  override readonly name = "VersionRequiredError";
}

/** 400 No such version of the API. Send one of `versions` as `X-API-Version`, or leave the header out; /api-docs/versions has their changes. */
export class VersionUnknownError extends ProblemError {
  override readonly name = "VersionUnknownError";
}

export const PROBLEMS: ReadonlyMap<string, typeof ProblemError> = new Map<string, typeof ProblemError>([
  ["ai-budget-exceeded", AiBudgetExceededError],
  ["bad-request", BadRequestError],
  ["body-too-large", BodyTooLargeError],
  ["body-too-slow", BodyTooSlowError],
  ["budget-exceeded", BudgetExceededError],
  ["cohort-not-found", CohortNotFoundError],
  ["company-forbidden", CompanyForbiddenError],
  ["company-not-found", CompanyNotFoundError],
  ["dead-letter-not-found", DeadLetterNotFoundError],
  ["delivery-not-found", DeliveryNotFoundError],
  ["docs-not-built", DocsNotBuiltError],
  ["export-gone", ExportGoneError],
  ["figures-changed", FiguresChangedError],
  ["gate-not-passed", GateNotPassedError],
  ["idempotency-key-reused", IdempotencyKeyReusedError],
  ["internal-error", InternalError],
  ["invalid-parameter", InvalidParameterError],
  ["key-not-found", KeyNotFoundError],
  ["key-over", KeyOverError],
  ["language-unsupported", LanguageUnsupportedError],
  ["method-not-allowed", MethodNotAllowedError],
  ["metric-not-found", MetricNotFoundError],
  ["model-not-found", ModelNotFoundError],
  ["model-unavailable", ModelUnavailableError],
  ["not-found", NotFoundError],
  ["not-published", NotPublishedError],
  ["nothing-to-send", NothingToSendError],
  ["participant-not-found", ParticipantNotFoundError],
  ["preview-expired", PreviewExpiredError],
  ["privacy-request-closed", PrivacyRequestClosedError],
  ["privacy-request-not-found", PrivacyRequestNotFoundError],
  ["promotion-refused", PromotionRefusedError],
  ["rate-limited", RateLimitedError],
  ["report-not-repeated", ReportNotRepeatedError],
  ["request-still-running", RequestStillRunningError],
  ["review-changed", ReviewChangedError],
  ["review-claimed", ReviewClaimedError],
  ["review-closed", ReviewClosedError],
  ["review-item-not-found", ReviewItemNotFoundError],
  ["role-forbidden", RoleForbiddenError],
  ["rule-not-found", RuleNotFoundError],
  ["scheduled-not-found", ScheduledNotFoundError],
  ["scope-forbidden", ScopeForbiddenError],
  ["second-reviewer-needed", SecondReviewerNeededError],
  ["streaming-disabled", StreamingDisabledError],
  ["subject-not-found", SubjectNotFoundError],
  ["subject-shared", SubjectSharedError],
  ["text-held", TextHeldError],
  ["unauthenticated", UnauthenticatedError],
  ["unavailable", UnavailableError],
  ["version-required", VersionRequiredError],
  ["version-unknown", VersionUnknownError],
]);
