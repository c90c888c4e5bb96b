"""What CSR suites call back about the numbers we delivered to them. Aggregates only, no person.

No partner has confirmed these shapes: they follow the documents we were given. Unknown fields are ignored.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from ingest.webhooks.fields import Moment, SourceId, check_years

Text = Annotated[str, Meta(max_length=500)]


class CallbackError(msgspec.Struct, frozen=True, rename="camel"):
    """Why the suite could not use a delivery."""

    code: SourceId | None = None
    message: Text | None = None


class Callback(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the three suites' callbacks share. `delivery_id` is our X-Delivery-ID, if they return it."""

    timestamp: Moment
    delivery_id: UUID | None = None
    organization_id: SourceId | None = None
    error: CallbackError | None = None

    def __post_init__(self) -> None:
        check_years(timestamp=self.timestamp)


class BenevityCallback(Callback, frozen=True, kw_only=True, rename="camel"):
    event: Literal["delivery.success", "delivery.failed", "delivery.retry"]
    transaction_id: SourceId


class GooderaCallback(Callback, frozen=True, kw_only=True, rename="camel"):
    event: Literal["data.received", "data.processed", "data.failed"]
    batch_id: SourceId


class WorkdayCallback(Callback, frozen=True, kw_only=True, rename="camel"):
    """`reportId` is what its answer to us held; `activityId` or `programId` name a row of what we sent."""

    event: Literal["activity.created", "activity.updated", "enrollment.confirmed"]
    report_id: SourceId | None = None
    activity_id: SourceId | None = None
    program_id: SourceId | None = None

    def __post_init__(self) -> None:
        check_years(timestamp=self.timestamp)
        if not (self.report_id or self.activity_id or self.program_id):
            raise ValueError("needs a reportId, an activityId or a programId")
