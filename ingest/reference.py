"""Companies, their members and programme instances, read from a folder of three CSV files.

Importing is all or nothing, and importing the same folder again changes nothing: rows are recognised by their
ids, members by company, person and joining date. A row that left a file stays in the database; a membership
ends with `left_on`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from uuid import UUID
from zoneinfo import available_timezones

import msgspec
import psycopg
import typer
from msgspec import Meta
from rich.console import Console

from ingest import leases
from ingest.attribution import ProgramType
from ingest.events import problem_of
from ingest.people import EMAIL, Introduction, introduce_people, resolve_people_blocking
from ingest.stores import StoreSettings, postgres_connection
from ingest.tombstones import ERASED, Tombstones

SHOWN_PROBLEMS = 20
Text = Annotated[str, Meta(min_length=1, max_length=255)]


class ReferenceFileError(Exception):
    """The files cannot be imported; nothing was changed. Says file, line and column, no person's data."""


class Company(msgspec.Struct, frozen=True):
    company_id: UUID
    name: Text
    industry: Text = "other"
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None
    employee_size: Literal["small", "medium", "large", "enterprise"] | None = None
    time_zone: str = "Europe/Oslo"


class Member(msgspec.Struct, frozen=True):
    company_id: UUID
    email: Annotated[str, Meta(pattern=EMAIL)]
    joined_on: date
    first_name: Text | None = None
    last_name: Text | None = None
    left_on: date | None = None
    is_primary: bool = True


class ProgramInstance(msgspec.Struct, frozen=True):
    program_instance_id: UUID
    program_type: ProgramType
    program_name: Text
    program_slug: Text
    start_date: date
    company_id: UUID | None = None
    end_date: date | None = None
    status: Literal["active", "completed", "paused", "cancelled"] = "active"


@dataclass(frozen=True)
class Imported:
    """Rows read from each file."""

    companies: int
    members: int
    program_instances: int


UPSERT_COMPANIES = """
insert into ingest.companies (company_id, name, industry, country, employee_size, time_zone)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
on conflict (company_id) do update
set name = excluded.name, industry = excluded.industry, country = excluded.country,
    employee_size = excluded.employee_size, time_zone = excluded.time_zone
"""

UPSERT_MEMBERS = """
insert into ingest.company_members (company_id, person_id, joined_on, left_on, is_primary)
select * from unnest($1::uuid[], $2::uuid[], $3::date[], $4::date[], $5::boolean[])
on conflict (company_id, person_id, joined_on) do update
set left_on = excluded.left_on, is_primary = excluded.is_primary
"""

UPSERT_INSTANCES = """
insert into ingest.program_instances
(program_instance_id, program_type, program_name, program_slug, start_date, company_id, end_date, status)
select *
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::uuid[], $7::date[], $8::text[])
on conflict (program_instance_id) do update
set company_id = excluded.company_id, program_type = excluded.program_type,
    program_name = excluded.program_name, program_slug = excluded.program_slug,
    start_date = excluded.start_date, end_date = excluded.end_date, status = excluded.status
"""


def import_folder(connection: psycopg.Connection, folder: Path) -> Imported:
    """Read, check and store the files of a folder; a file that is absent is left out."""
    problems: list[str] = []
    companies = _read(folder / "companies.csv", Company, problems, _problem_of_company)
    members = _read(folder / "company_members.csv", Member, problems, _problem_of_member)
    instances = _read(folder / "program_instances.csv", ProgramInstance, problems, _problem_of_instance)
    if not (companies or members or instances or problems):
        raise ReferenceFileError(
            f"{folder} holds none of companies.csv, company_members.csv and program_instances.csv, or no rows"
        )
    _refuse_repeats("companies.csv", "name", [company.name for company in companies], problems)
    _refuse_repeats("program_instances.csv", "program_slug", [i.program_slug for i in instances], problems)
    known = {row[0] for row in connection.execute("select company_id from ingest.companies")}
    known.update(company.company_id for company in companies)
    _refuse_unknown_companies(
        "company_members.csv", [member.company_id for member in members], known, problems
    )
    _refuse_unknown_companies("program_instances.csv", [i.company_id for i in instances], known, problems)
    _raise_if_any(problems)
    try:
        with connection.transaction():
            _store(connection, companies, members, instances)
    except psycopg.errors.UniqueViolation as violation:
        what = violation.diag.constraint_name or "a unique value"
        raise ReferenceFileError(
            f"{folder}: a row uses a name or slug that belongs to another id in the database ({what});"
            " use the id already there, or rename one of the two"
        ) from None
    return Imported(len(companies), len(members), len(instances))


def import_companies(folder: Annotated[Path, typer.Argument(exists=True, file_okay=False)]) -> None:
    """Import companies, members and programme instances from FOLDER."""
    console = Console(highlight=False)
    try:
        with closing(postgres_connection(StoreSettings())) as connection:
            imported = import_folder(connection, folder)
            connection.commit()
    except ReferenceFileError as problem:
        console.print(f"[red]Nothing imported.[/red]\n{problem}", soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(
        f"Imported {imported.companies:,} companies, {imported.members:,} memberships and"
        f" {imported.program_instances:,} programme instances from {folder}"
    )


def _store(
    connection: psycopg.Connection,
    companies: Sequence[Company],
    members: Sequence[Member],
    instances: Sequence[ProgramInstance],
) -> None:
    leases.write(connection)
    tombstones = Tombstones()
    tombstones.refresh(connection)
    people = resolve_people_blocking(
        connection, "email", [member.email for member in members], tombstones=tombstones
    )
    members = [member for member in members if people[member.email] != ERASED]
    introduce_people(connection, {people[m.email]: Introduction(m.first_name, m.last_name) for m in members})
    with psycopg.RawCursor(connection) as cursor:
        cursor.execute(UPSERT_COMPANIES, _columns(companies, Company))
        cursor.execute(
            UPSERT_MEMBERS,
            (
                [member.company_id for member in members],
                [people[member.email] for member in members],
                [member.joined_on for member in members],
                [member.left_on for member in members],
                [member.is_primary for member in members],
            ),
        )
        cursor.execute(UPSERT_INSTANCES, _columns(instances, ProgramInstance))


Row = TypeVar("Row", bound=msgspec.Struct)


def _read(
    path: Path, row_type: type[Row], problems: list[str], problem_of_row: Callable[[Row], str | None]
) -> list[Row]:
    if not path.exists():
        return []
    rows: list[Row] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header = {(name or "").strip().lower() for name in reader.fieldnames or ()}
        required = {field.name for field in msgspec.structs.fields(row_type) if field.required}
        if missing := sorted(required - header):
            problems.append(f"{path.name}, line 1: column {', '.join(missing)} is missing")
            return []
        for cells in reader:
            given = {
                (k or "").strip().lower(): v.strip()
                for k, v in cells.items()
                if isinstance(v, str) and v.strip()
            }
            if not given:
                continue
            try:
                row = msgspec.convert(given, row_type, strict=False)
            except msgspec.ValidationError as error:
                problems.append(f"{path.name}, line {reader.line_num}, {_column_problem(error)}")
                continue
            if problem := problem_of_row(row):
                problems.append(f"{path.name}, line {reader.line_num}, {problem}")
            rows.append(row)
    return rows


def _column_problem(error: msgspec.ValidationError) -> str:
    where, _, reason = problem_of(error).partition(": ")
    if where == "message":  # msgspec says `Object missing required field `x``, and nothing of where
        return reason.replace("Object missing required field", "column").replace("`", "") + ": is empty"
    if "regex" in reason:
        reason = {"email": "not an email address", "country": "not a two-letter country code"}.get(
            where, reason
        )
    return f"column {where}: {reason}"


def _problem_of_company(company: Company) -> str | None:
    if company.time_zone not in available_timezones():
        return "column time_zone: not a time zone such as Europe/Oslo"
    return None


def _problem_of_member(member: Member) -> str | None:
    if member.left_on and member.left_on < member.joined_on:
        return "column left_on: before joined_on"
    return None


def _problem_of_instance(instance: ProgramInstance) -> str | None:
    if instance.end_date and instance.end_date < instance.start_date:
        return "column end_date: before start_date"
    return None


def _refuse_repeats(file: str, column: str, values: Sequence[str], problems: list[str]) -> None:
    if repeated := sorted({value for value in values if values.count(value) > 1}):
        problems.append(f"{file}, column {column}: {', '.join(repeated)} occurs more than once")


def _refuse_unknown_companies(
    file: str, company_ids: Sequence[UUID | None], known: set[UUID], problems: list[str]
) -> None:
    if unknown := sorted(
        {str(company_id) for company_id in company_ids if company_id and company_id not in known}
    ):
        problems.append(
            f"{file}, column company_id: {', '.join(unknown)} is neither in companies.csv nor in the database"
        )


def _raise_if_any(problems: Sequence[str]) -> None:
    if problems:
        more = len(problems) - SHOWN_PROBLEMS
        shown = [*problems[:SHOWN_PROBLEMS], *([f"… and {more} more"] if more > 0 else [])]
        raise ReferenceFileError("\n".join(shown))


def _columns(rows: Sequence[msgspec.Struct], row_type: type[msgspec.Struct]) -> tuple[list[object], ...]:
    return tuple([getattr(row, name) for row in rows] for name in row_type.__struct_fields__)
