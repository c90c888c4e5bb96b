"""external.*: short forms in which CSR and identity systems announce what `ingest.*` says in full."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from ingest.contracts.base import Amount, Currency, EventData, Name, UtcTime, event

CsrSource = Literal["benevity", "goodera", "workday"]
SourceId = Annotated[str, Meta(min_length=1, max_length=255, description="Id of the record at the source")]


@event(
    "external.volunteer.logged",
    subject="volunteering/<source>/<source id>",
    time="activity_date",
    person="user_id",
    company="company_id",
    sent_by="CSR suites, before their record is normalised",
)
class ExternalVolunteerLogged(EventData, kw_only=True, frozen=True):
    """A CSR suite announced volunteering hours."""

    source: CsrSource
    source_id: SourceId
    user_id: UUID
    company_id: UUID
    activity_name: Name
    hours_logged: Amount
    activity_date: UtcTime


@event(
    "external.donation.made",
    subject="donation/<source>/<source id>",
    time="donation_date",
    person="user_id",
    company="company_id",
    sent_by="CSR suites, before their record is normalised",
)
class ExternalDonationMade(EventData, kw_only=True, frozen=True):
    """A CSR suite announced a donation."""

    source: CsrSource
    source_id: SourceId
    user_id: UUID
    company_id: UUID
    amount: Amount
    currency: Currency
    donation_date: UtcTime


@event(
    "external.user.synced",
    subject="user/<source>/<user id>",
    time="synced_at",
    person="user_id",
    company="company_id",
    sent_by="Identity providers (Workday, Azure AD, Okta)",
)
class ExternalUserSynced(EventData, kw_only=True, frozen=True):
    """An identity provider made, changed or deactivated a user. Names and email stay in Postgres."""

    source: Literal["workday", "azure_ad", "okta"]
    user_id: UUID
    company_id: UUID
    action: Literal["created", "updated", "deactivated"]
    synced_at: UtcTime
