"""Cohorts: groups of one company's participants, defined by filters from a closed vocabulary.

Whoever stores a definition comes through here, so that the warehouse, which compiles filters into membership,
meets only what it knows: an unknown or misspelt filter would silently let everybody in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import msgspec
import psycopg
from msgspec import Meta

from ingest.events import problem_of

ProgramType = Literal[
    "language_course", "upskilling_course", "mentorship_program", "buddy_program", "certification_program",
    "other",
]  # fmt: skip
LanguageLevel = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
TextLanguage = Literal["en", "uk", "no"]
ALLOWED = {
    "program_type": get_args(ProgramType),
    "language_level": get_args(LanguageLevel),
    "text_language": get_args(TextLanguage),
}
LONGEST_NAME = 120


class CohortError(Exception):
    """The cohort cannot be stored as asked; nothing was changed."""


class CohortFilters(
    msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Who belongs: whoever passes every filter given. None given: every participant of the company."""

    program_type: ProgramType | None = None  # enrolled in a programme of this type
    program_instance_id: UUID | None = None  # enrolled in this round of a programme
    enrolled_from: date | None = None  # one enrolment satisfies all filters on enrolments together
    enrolled_until: date | None = None  # last day, included; days in UTC
    language_level: LanguageLevel | None = None  # the first level ever seen in a session
    text_language: TextLanguage | None = None  # the language of the newest text
    min_sessions: Annotated[int, Meta(ge=1, le=100_000)] | None = None  # completed sessions with the company


@dataclass(frozen=True)
class Cohort:
    cohort_id: UUID
    company_id: UUID
    name: str
    filters: CohortFilters
    created_at: datetime


def read_filters(given: Mapping[str, Any]) -> CohortFilters:
    """The filters, or a CohortError that names the one that is wrong and what it may be."""
    known = CohortFilters.__struct_fields__
    if unknown := sorted(set(given) - set(known)):
        raise CohortError(f"unknown filter {', '.join(unknown)}; a cohort is defined by {', '.join(known)}")
    try:
        filters = msgspec.convert(given, CohortFilters)
    except msgspec.ValidationError as error:
        problem = problem_of(error)
        allowed = ", ".join(ALLOWED.get(problem.partition(":")[0], ()))
        raise CohortError(f"filter {problem}{f' ({allowed})' if allowed else ''}") from None
    if filters.enrolled_from and filters.enrolled_until and filters.enrolled_until < filters.enrolled_from:
        raise CohortError(
            f"filter enrolled_until: {filters.enrolled_until} is before enrolled_from"
            f" {filters.enrolled_from}: nobody could belong"
        )
    return filters


def add_cohort(
    connection: psycopg.Connection, company_id: UUID, name: str, given: Mapping[str, Any]
) -> Cohort:
    """Store a cohort. Its members are known after the next refresh of the warehouse."""
    filters = read_filters(given)
    if not (name := name.strip()) or len(name) > LONGEST_NAME:
        raise CohortError(f"the name has {len(name)} characters; it needs 1 to {LONGEST_NAME}")
    _refuse_a_round_of_another_company(connection, company_id, filters.program_instance_id)
    try:
        with connection.transaction():
            rows = connection.execute(
                "insert into ingest.cohort_definitions (company_id, name, filters) values (%s, %s, %s::jsonb)"
                " returning cohort_id, created_at",
                (company_id, name, msgspec.json.encode(filters).decode()),
            ).fetchall()
    except psycopg.errors.UniqueViolation:
        raise CohortError(f"company {company_id} has a cohort of this name already; choose another") from None
    except psycopg.errors.ForeignKeyViolation:
        raise CohortError(f"no company {company_id}; import it first (`impact companies import`)") from None
    return Cohort(rows[0][0], company_id, name, filters, rows[0][1])


def list_cohorts(connection: psycopg.Connection, company_id: UUID | None = None) -> list[Cohort]:
    """Every cohort, or those of one company, by company and name."""
    rows = connection.execute(
        "select cohort_id, company_id, name, filters, created_at from ingest.cohort_definitions"
        " where %(company)s::uuid is null or company_id = %(company)s order by company_id, name",
        {"company": company_id},
    ).fetchall()
    return [Cohort(row[0], row[1], row[2], read_filters(row[3]), row[4]) for row in rows]


def _refuse_a_round_of_another_company(
    connection: psycopg.Connection, company_id: UUID, program_instance_id: UUID | None
) -> None:
    if program_instance_id is None:
        return
    # The charity's own rounds (no company) are open to every company's participants.
    found = connection.execute(
        "select 1 from ingest.program_instances"
        " where program_instance_id = %s and coalesce(company_id, %s) = %s",
        (program_instance_id, company_id, company_id),
    ).fetchall()
    if not found:
        raise CohortError(
            f"filter program_instance_id: company {company_id} takes part in no round {program_instance_id}"
        )
