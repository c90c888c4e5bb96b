"""What the routes of deliveries and schedules take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from serving.parameters import Flag, Instant, Whole

Status = Literal["awaiting_approval", "due", "sending", "retrying", "delivered", "failed"]
PLATFORM = r"^[a-z][a-z0-9_]{1,30}$"
_PERIOD = r"^\d{4}(-\d{2}|-Q[1-4]|-W\d{2}|-\d{2}-\d{2})$"


class Delivery(BaseModel):
    """One report or correction, and how it stands."""

    model_config = ConfigDict(extra="ignore")

    delivery_id: UUID
    schedule_id: UUID
    company_id: UUID
    platform: str = Field(examples=["benevity"])
    connector: str = Field(examples=["workday_soap"])
    period: str = Field(examples=["2026-09"])
    period_start: date
    period_end: date
    revision: int = Field(description="0 is the report; corrections of it count from 1.")
    corrects: UUID | None = Field(description="The accepted delivery that a correction replaces.")
    status: Status
    is_unknown: bool = Field(
        description="The partner may have it already; it is asked before it is sent again."
    )
    mapping_version: str
    data_version: int = Field(description="The publication that the numbers come from.")
    payload_sha256: str
    idempotency_key: str
    withheld: list[str] = Field(description="Numbers that rest on too few people to be told.")
    due_at: datetime
    next_attempt_at: datetime
    failure_count: int = Field(description="Tries that ended without an acceptance, since the last replay.")
    attempt_count: int = Field(description="Requests made.")
    http_status: int | None
    error_class: str | None
    error: str | None
    provider_reference: str | None = Field(description="The partner's own id of it.")
    partner_state: Literal["received", "retrying", "processed", "rejected"] | None = Field(
        description="What the partner called back since; null: nothing."
    )
    partner_state_at: datetime | None = Field(description="By the partner's clock.")
    approved_by: str | None
    replayed_by: str | None
    created_at: datetime
    finished_at: datetime | None


class DeliveryPage(BaseModel):
    items: list[Delivery]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null on the last.")


class Attempt(BaseModel):
    """One request to the partner, written before it left."""

    attempt_id: UUID = Field(description="Also the X-Request-ID it was sent with.")
    number: int
    kind: Literal["send", "read_back"] = Field(description="`read_back` asks whether the partner has it.")
    started_at: datetime
    finished_at: datetime | None
    payload_sha256: str
    http_status: int | None
    latency_ms: float | None
    error_class: str | None
    error: str | None
    decision: Literal["accepted", "retry", "reauthenticate", "give_up", "unknown", "under_way"]
    provider_reference: str | None


class Callback(BaseModel):
    """What the partner said of a delivery after its answer."""

    event_id: UUID
    provider_event: str = Field(examples=["data.processed"])
    outcome: Literal["received", "processed", "failed", "retrying"]
    error_code: str | None
    occurred_at: datetime = Field(description="By the partner's clock.")
    received_at: datetime


class Change(BaseModel):
    path: str = Field(examples=["metrics[volunteer_hours].metricValue"])
    before: Any
    after: Any


class DeliveryWithAttempts(Delivery):
    attempts: list[Attempt]
    callbacks: list[Callback]
    changes: list[Change] | None = Field(description="Of a correction: what differs from what was accepted.")


class DeliveryQuery(BaseModel):
    platform: str | None = Field(None, pattern=PLATFORM)
    status: list[Status] | None = Field(None, description="One or several; without it, all.")
    period: str | None = Field(None, pattern=_PERIOD, examples=["2026-09"])
    since: Instant | None = Field(None, alias="from", description="Made then or later.")
    until: Instant | None = Field(None, alias="to", description="Made before then.")
    limit: int = Field(50, ge=1, le=500)
    cursor: str | None = Field(None, max_length=64, description="`next_cursor` of the page before.")
    company_id: UUID | None = Field(
        None, alias="companyId", description="For administrators of the platform."
    )


class PlatformStats(BaseModel):
    platform: str
    deliveries_count: int
    delivered_count: int
    failed_count: int
    waiting_count: int
    awaiting_approval_count: int
    unknown_count: int
    corrections_count: int
    attempts_count: int


class Stats(BaseModel):
    since: datetime
    items: list[PlatformStats]


class TimelineDay(BaseModel):
    day: date
    platform: str
    delivered_count: int
    failed_count: int
    latency_p95_s: float | None = Field(description="From the time due to the partner's acceptance.")


class Timeline(BaseModel):
    since: datetime
    items: list[TimelineDay]


class PlatformSla(BaseModel):
    """How a platform's deliveries keep what was promised."""

    platform: str
    state: Literal["ok", "warning", "breached"]
    reasons: list[str]
    finished_count: int
    delivered_count: int
    success_share: float | None
    latency_p95_s: float | None
    retried_count: int
    retry_success_share: float | None
    consecutive_failures_count: int
    missed_count: int = Field(description="Slots that came due while nobody planned, reported and not sent.")
    no_data_count: int = Field(description="Slots for which nothing was ever published.")


class SlaStatus(BaseModel):
    since: datetime
    promise: dict[str, float]
    items: list[PlatformSla]


class SlaMonth(PlatformSla):
    """The same of one month."""

    month: str = Field(examples=["2026-09"], description="In UTC: the one in which a delivery finished.")


class SlaException(BaseModel):
    """One report that broke a promise, or is about to."""

    at: datetime = Field(description="When it finished, or came due where it has not.")
    company_id: UUID
    platform: str
    period: str
    kind: Literal["failed", "late", "waiting", "missed", "no_data"] = Field(
        description="Late took longer than promised, waiting does so still; missed and no_data were not sent."
    )
    delivery_id: UUID | None
    error_class: str | None
    latency_s: float | None


class SlaReport(BaseModel):
    first_month: str
    last_month: str
    promise: dict[str, float]
    overall: list[PlatformSla] = Field(
        description="Over all these months; failures in a row are the most there were."
    )
    items: list[SlaMonth]
    exceptions: list[SlaException] = Field(description="The oldest first, up to 500.")
    exceptions_left_out: int


class Preview(BaseModel):
    """What would be sent, byte for byte. Approve it by its hash."""

    preview_id: UUID | None = Field(description="Of a schedule's preview; null for a delivery's.")
    delivery_id: UUID | None
    schedule_id: UUID
    company_id: UUID
    platform: str
    period: str
    status: str
    method: str
    url: str
    headers: dict[str, str] = Field(description="As they are sent; secrets and signatures are masked.")
    content_type: str
    body: str = Field(description="The frozen bytes as text. Of SOAP without its security header.")
    payload_sha256: str
    data_version: int
    withheld: list[str]
    is_expired: bool = Field(description="Figures were published anew since: it cannot be approved any more.")
    created_at: datetime
    compared_with: UUID | None = Field(description="The last delivery that the partner accepted.")
    changes: list[Change]


class ApprovalOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    payload_sha256: str = Field(
        pattern="^[0-9a-f]{64}$", description="Of the preview that was looked at.", examples=["0f" * 32]
    )
    preview_id: UUID | None = Field(None, description="Of a schedule's preview.")


class Approval(BaseModel):
    delivery_id: UUID
    status: Literal["due"] = "due"


class BulkReplayOrder(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"delivery_ids": ["5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"]}]},
    )

    delivery_ids: list[UUID] | None = Field(None, min_length=1, max_length=100)
    platform: str | None = Field(None, pattern=PLATFORM, examples=["benevity"])
    period: str | None = Field(None, pattern=_PERIOD, examples=["2026-09"])
    dry_run: Flag = Field(False, description="Only say which.")


class BulkReplay(BaseModel):
    replayed: list[UUID]
    refused: dict[UUID, str] = Field(description="Those that were named and not replayed, and why.")


class ScheduleOrder(BaseModel):
    """When a company's numbers go to a platform."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"platform": "benevity", "cadence": "monthly", "hour": 6, "time_zone": "Europe/Oslo"}
            ]
        },
    )

    platform: str = Field(pattern=PLATFORM, examples=["benevity"])
    cadence: Literal["monthly", "quarterly", "weekly", "daily", "cron"]
    cron: str | None = Field(None, max_length=100, description="Five fields; for cadence `cron` alone.")
    grain: Literal["month", "quarter", "week", "day"] | None = Field(
        None, description="The period that is reported; follows from the cadence, and is a month for `cron`."
    )
    hour: Whole = Field(0, ge=0, le=23, description="Of the day, on the schedule's clock.")
    time_zone: str | None = Field(None, max_length=64, description="IANA name; without it, the company's.")
    missed: Literal["latest", "all", "report"] = Field(
        "latest", description="Of slots that came due while nobody planned: send the latest, all, or none."
    )
    requires_approval: Flag = Field(False, description="Nothing leaves before somebody has seen its preview.")
    sends_corrections: Flag = True
    is_active: Flag = True
    company_id: UUID | None = Field(None, description="For administrators of the platform.")


class ScheduleChange(BaseModel):
    """Only what is named is changed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"cadence": "quarterly"}]})

    cadence: Literal["monthly", "quarterly", "weekly", "daily", "cron"] | None = None
    cron: str | None = Field(None, max_length=100)
    grain: Literal["month", "quarter", "week", "day"] | None = None
    hour: Whole | None = Field(None, ge=0, le=23)
    time_zone: str | None = Field(None, max_length=64)
    missed: Literal["latest", "all", "report"] | None = None
    requires_approval: Flag | None = None
    sends_corrections: Flag | None = None
    is_active: Flag | None = None


class Schedule(BaseModel):
    model_config = ConfigDict(extra="ignore")

    schedule_id: UUID
    company_id: UUID
    platform: str
    cadence: Literal["monthly", "quarterly", "weekly", "daily", "cron"]
    cron: str | None
    grain: Literal["month", "quarter", "week", "day"]
    hour: int
    time_zone: str | None
    missed: Literal["latest", "all", "report"]
    requires_approval: bool
    sends_corrections: bool
    is_active: bool
    version: int = Field(description="Send it as `If-Match` with a change.")
    next_due_at: datetime
    created_at: datetime
    created_by: str


class ScheduleList(BaseModel):
    items: list[Schedule]


class RunOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    period: str | None = Field(
        None, pattern=_PERIOD, description="Without it, the one that closed last.", examples=["2026-09"]
    )


class Run(BaseModel):
    slot_id: UUID
    period: str


class ConnectionOrder(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "connector": "benevity",
                    "base_url": "https://api.benevity.example",
                    "options": {"organization_id": "org-1", "program_id": "prog-1"},
                }
            ]
        },
    )

    connector: str = Field(max_length=40, examples=["workday_soap"])
    base_url: str = Field(max_length=500, examples=["https://api.benevity.example"])
    options: dict[str, str] = Field(default_factory=dict, examples=[{"organization_id": "org-1"}])
    mapping_version: str | None = Field(None, max_length=20, description="Without it, the newest.")
    company_id: UUID | None = Field(None, description="For administrators of the platform.")


class Connection(BaseModel):
    company_id: UUID
    platform: str
    connector: str
    base_url: str
    options: dict[str, str]
    mapping_version: str | None
    secrets: list[str] = Field(description="Names of the secrets that are kept; they are shown to nobody.")
    missing_secrets: list[str] = Field(description="Those it needs and has not.")
    updated_at: datetime


class ConnectionList(BaseModel):
    items: list[Connection]


class SecretOrder(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"secret": "as the partner gave it"}]}
    )

    secret: str = Field(min_length=1, max_length=4096)
    company_id: UUID | None = Field(None, description="For administrators of the platform.")


class SecretKept(BaseModel):
    platform: str
    name: str
