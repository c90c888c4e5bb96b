"""`impact cohorts add|list`: cohorts from the command line."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated, Any
from uuid import UUID

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from ingest import cohorts
from ingest.cohorts import CohortError
from ingest.stores import StoreSettings, postgres_connection

WIDTH_OF_THE_LIST = 170


def add(
    name: Annotated[str, typer.Argument(help="What reports call it, such as 'Language B1, autumn'.")],
    company: Annotated[UUID, typer.Option(help="The company whose participants it groups.")],
    program_type: Annotated[str | None, typer.Option(help="Enrolled in this type of programme.")] = None,
    program_instance_id: Annotated[
        str | None, typer.Option(help="Enrolled in this round of a programme.")
    ] = None,
    enrolled_from: Annotated[str | None, typer.Option(help="First day of enrolment, 2026-01-01.")] = None,
    enrolled_until: Annotated[str | None, typer.Option(help="Last day of enrolment.")] = None,
    language_level: Annotated[str | None, typer.Option(help="First known level, A1 to C2.")] = None,
    text_language: Annotated[
        str | None, typer.Option(help="Language of the newest text: en, uk, no.")
    ] = None,
    min_sessions: Annotated[int | None, typer.Option(help="At least so many completed sessions.")] = None,
) -> None:
    """Define a cohort. Whoever passes every filter belongs, from the next refresh on."""
    asked: dict[str, Any] = {
        "program_type": program_type,
        "program_instance_id": program_instance_id,
        "enrolled_from": enrolled_from,
        "enrolled_until": enrolled_until,
        "language_level": language_level,
        "text_language": text_language,
        "min_sessions": min_sessions,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    with closing(postgres_connection(StoreSettings())) as connection:
        try:
            cohort = cohorts.add_cohort(connection, company, name, given)
        except CohortError as error:
            raise typer.BadParameter(str(error)) from error
        connection.commit()
    typer.echo(cohort.cohort_id)


def list_cohorts(
    company: Annotated[UUID | None, typer.Option(help="Only the cohorts of this company.")] = None,
) -> None:
    """Show every cohort with its filters."""
    with closing(postgres_connection(StoreSettings())) as connection:
        found = cohorts.list_cohorts(connection, company)
    table = Table("cohort id", "company", "name", "filters", box=None)
    for cohort in found:
        filters = msgspec.to_builtins(cohort.filters)
        shown = ", ".join(f"{name} {value}" for name, value in filters.items()) or "every participant"
        table.add_row(str(cohort.cohort_id), str(cohort.company_id), cohort.name, shown)
    console = Console()
    console.width = max(console.width, WIDTH_OF_THE_LIST)  # half an id could not be copied
    console.print(table)
