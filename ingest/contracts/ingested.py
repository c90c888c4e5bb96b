"""ingest.*: volunteering, donations, enrolments, placements and directory entries of companies' own systems.

Emails, names and ids of people at the source become person ids on the way in, so no event carries them.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, field

from ingest.contracts.base import Amount, Currency, EventData, Name, Part, Percent, SdgGoal, UtcTime, event

CsrSystem = Literal["benevity", "goodera", "workday", "manual"]
SourceId = Annotated[str, Meta(min_length=1, max_length=255, description="Id of the record at the source")]
TenantId = Annotated[str, Meta(min_length=1, max_length=255, description="The company's id at the source")]
VolunteeringType = Literal[
    "skills_volunteering", "hands_on_volunteering", "virtual_volunteering", "board_service", "pro_bono",
    "other",
]  # fmt: skip
DonationType = Literal[
    "one_time", "recurring", "matching_gift", "payroll_deduction", "volunteer_grant", "disaster_relief",
    "other",
]  # fmt: skip
PlacementSystem = Literal["mentorship", "job_board", "manual"]
PlacementType = Literal[
    "mentorship_match", "job_placement", "internship", "apprenticeship", "volunteer_placement", "other"
]
PlacementStatus = Literal["active", "completed", "terminated", "on_hold"]
JobLevel = Literal["entry", "mid", "senior", "executive"]
MeetingFrequency = Literal["weekly", "biweekly", "monthly", "as_needed"]
COMPANY_RECORDS = "CSV of a company's own records or of its CSR suite (Benevity, Goodera, Workday)"


@event(
    "ingest.volunteer.logged",
    subject="volunteering/<source system>/<source id>",
    time="activity_date",
    person="user_id",
    company="company_id",
    sent_by=COMPANY_RECORDS,
)
class IngestVolunteerLogged(EventData, kw_only=True, frozen=True):
    """An employee logged volunteering hours in the company's own system."""

    source_system: CsrSystem
    source_id: SourceId
    source_tenant_id: TenantId | None = None
    user_id: UUID
    company_id: UUID
    activity_name: Name
    activity_type: VolunteeringType
    hours_logged: Amount
    activity_date: UtcTime
    nonprofit_name: str | None = None
    nonprofit_id: str | None = None
    cause_area: str | None = None
    sdg_goals: list[SdgGoal] | None = None
    verified: bool = False
    verified_by: UUID | None = None
    verified_at: UtcTime | None = None
    tags: list[str] | None = None
    location: str | None = None


class CompanyMatch(Part, kw_only=True, frozen=True):
    """What the employer added to a donation."""

    matched: bool
    match_amount: Amount | None = None
    match_ratio: Amount | None = None


@event(
    "ingest.donation.made",
    subject="donation/<source system>/<source id>",
    time="donation_date",
    person="user_id",
    company="company_id",
    sent_by=COMPANY_RECORDS,
)
class IngestDonationMade(EventData, kw_only=True, frozen=True):
    """An employee gave money."""

    source_system: CsrSystem
    source_id: SourceId
    source_tenant_id: TenantId | None = None
    user_id: UUID
    company_id: UUID
    donation_type: DonationType
    amount: Amount
    currency: Currency
    amount_usd: Amount | None = field(default=None, name="amountUSD")
    nonprofit_name: str | None = None
    nonprofit_id: str | None = None
    donation_date: UtcTime
    company_match: CompanyMatch | None = None
    receipt_number: str | None = None
    campaign_id: str | None = None
    campaign_name: str | None = None


class EnrollmentOutcome(Part, kw_only=True, frozen=True):
    """How an enrolment ended."""

    passed: bool | None = None
    score: Percent | None = None
    grade: str | None = None
    certificate_issued: bool | None = None
    certificate_id: str | None = None


@event(
    "ingest.enrollment.created",
    subject="enrollment/<person id>/<program instance id>",
    time="enrollment_date",
    person="user_id",
    company="company_id",
    sent_by="CSV of enrolments; Kintell, learning and mentorship platforms",
)
class IngestEnrollmentCreated(EventData, kw_only=True, frozen=True):
    """A participant joined a programme. A later version says how it went on."""

    source_system: Literal["kintell", "upskilling", "mentorship", "manual"]
    source_id: SourceId | None = None
    source_tenant_id: TenantId | None = None
    user_id: UUID
    company_id: UUID | None = None
    program_type: Literal[
        "language_course",
        "upskilling_course",
        "mentorship_program",
        "buddy_program",
        "certification_program",
        "other",
    ]
    program_id: UUID | None = None
    program_name: Name
    enrollment_date: UtcTime
    status: Literal["enrolled", "in_progress", "completed", "withdrawn", "failed"]
    completed_at: UtcTime | None = None
    completion_percentage: Percent | None = None
    outcome: EnrollmentOutcome | None = None
    hours_completed: Amount | None = None


class PlacementOutcome(Part, kw_only=True, frozen=True):
    """How a placement went."""

    successful: bool | None = None
    rating: Annotated[float, Meta(ge=1, le=5)] | None = None


@event(
    "ingest.placement.created",
    subject="placement/<source system>/<source id>",
    time="placement_date",
    person="user_id",
    company="company_id",
    sent_by="CSV of mentorship platforms and job boards",
)
class IngestPlacementCreated(EventData, kw_only=True, frozen=True):
    """A participant was placed with a mentor, an employer or a volunteering organisation."""

    source_system: PlacementSystem
    source_id: SourceId
    source_tenant_id: TenantId | None = None
    user_id: UUID
    company_id: UUID | None = None
    placement_type: PlacementType
    placement_date: UtcTime
    status: PlacementStatus
    job_title: str | None = None
    job_level: JobLevel | None = None
    employer_name: str | None = None
    employer_id: str | None = None
    mentor_id: UUID | None = None
    meeting_frequency: MeetingFrequency | None = None
    outcome: PlacementOutcome | None = None


class Permissions(Part, kw_only=True, frozen=True):
    """What the employer lets the person do on the platform."""

    can_volunteer: bool = True
    can_donate: bool = True
    can_access_platform: bool = True


@event(
    "ingest.directory.synced",
    subject="directory/<source system>/<user id>",
    time="synced_at",
    person="user_id",
    company="company_id",
    sent_by="HR systems (Workday, ADP, BambooHR)",
)
class IngestDirectorySynced(EventData, kw_only=True, frozen=True):
    """A company's HR system told us about an employee. Names and email stay in Postgres."""

    source_system: Literal["workday", "adp", "bamboohr", "manual"]
    user_id: UUID
    company_id: UUID
    employee_type: Literal["full_time", "part_time", "contractor", "intern", "temporary", "other"]
    status: Literal["active", "inactive", "terminated", "on_leave"]
    department: str | None = None
    job_title: str | None = None
    location: str | None = None
    manager_id: UUID | None = None
    permissions: Permissions | None = None
    synced_at: UtcTime
