"""What companies and job boards keep themselves: hours, donations and placements, one record per row.

A record is known by the system that keeps it and its id there: a later file with the same id corrects it.
"""

from __future__ import annotations

from typing import get_args

from ingest.backfill.format import Column, Format, Kind, choice, number, time
from ingest.contracts.ingested import (
    CsrSystem,
    DonationType,
    JobLevel,
    MeetingFrequency,
    PlacementStatus,
    PlacementSystem,
    PlacementType,
    VolunteeringType,
)

YES, NO = ("true", "yes"), ("false", "no")
_COMPANY = Column("company", also=("company_name", "company_id"))
_NONPROFIT = (
    Column("nonprofit_name", also=("nonprofit", "organization")),
    Column("nonprofit_id"),
)


def _record(systems: tuple[str, ...]) -> tuple[Column, ...]:
    return (
        choice("source_system", systems, required=True),
        Column("source_id", required=True, also=("record_id", "transaction_id")),
    )


def _yes_or_no(name: str) -> Column:
    return Column(name, Kind.CHOICE, any_case=True, choices=(*YES, *NO))


VOLUNTEERING = Format(
    "volunteering-v1", "manual", None,
    (
        *_record(get_args(CsrSystem)),
        Column("employee_email", Kind.EMAIL, required=True, also=("volunteer_email", "email", "user_email")),
        _COMPANY,
        Column("activity_name", required=True, also=("activity",)),
        choice("activity_type", get_args(VolunteeringType)),
        Column("hours", Kind.NUMBER, required=True, also=("hours_logged",), maximum=1_000),
        time("activity_date", "activity_at", required=True),
        *_NONPROFIT,
        Column("cause_area", also=("cause",)),
        Column("sdg_goals", Kind.GOALS),
        _yes_or_no("verified"),
        Column("location"),
    ),
    key=("source_system", "source_id"), file_name=r"volunteer|hours",
)  # fmt: skip

DONATIONS = Format(
    "donations-v1", "manual", None,
    (
        *_record(get_args(CsrSystem)),
        Column("employee_email", Kind.EMAIL, required=True, also=("donor_email", "email", "user_email")),
        _COMPANY,
        choice("donation_type", get_args(DonationType)),
        number("amount", 1_000_000_000, required=True),
        Column("currency", required=True),
        number("amount_usd", 1_000_000_000),
        number("match_amount", 1_000_000_000),
        number("match_ratio", 100),
        time("donation_date", "donated_at", required=True),
        *_NONPROFIT,
        Column("receipt_number"),
        Column("campaign_id"),
        Column("campaign_name"),
    ),
    key=("source_system", "source_id"), file_name=r"donation|giving",
)  # fmt: skip

PLACEMENTS = Format(
    "placements-v1", "manual", None,
    (
        *_record(get_args(PlacementSystem)),
        Column("participant_email", Kind.EMAIL, required=True, also=("email", "user_email")),
        _COMPANY,
        Column("program_slug", also=("program",)),
        choice("placement_type", get_args(PlacementType), required=True),
        time("placement_date", "placed_at", required=True),
        choice("status", get_args(PlacementStatus), required=True),
        Column("job_title"),
        choice("job_level", get_args(JobLevel)),
        Column("employer_name", also=("employer",)),
        Column("employer_id"),
        Column("mentor_email", Kind.EMAIL),
        choice("meeting_frequency", get_args(MeetingFrequency)),
        _yes_or_no("successful"),
        Column("rating", Kind.NUMBER, minimum=1, maximum=5),
    ),
    key=("source_system", "source_id"), file_name=r"placement",
)  # fmt: skip

INGESTED = (VOLUNTEERING, DONATIONS, PLACEMENTS)
