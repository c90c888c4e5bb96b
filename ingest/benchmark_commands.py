"""`impact benchmarks opt-in|opt-out`: a company's consent to benchmarks, from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

import psycopg
import typer

from ingest import benchmark_opt_ins
from ingest.benchmark_opt_ins import ConsentScope, OptInError
from ingest.stores import StoreSettings, postgres_connection

Company = Annotated[UUID, typer.Option(help="The company.")]
Day = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day; today if left out.")
]


def opt_in(
    company: Company,
    scope: Annotated[
        ConsentScope, typer.Option(help="Peer groups its numbers may enter: all, or of one kind only.")
    ] = "all",
    on: Day = None,
) -> None:
    """Let a company's numbers into benchmarks of quarters that end on that day or later."""
    day = _day(on)
    with _connection() as connection:
        benchmark_opt_ins.opt_in(connection, company, scope, day)
    typer.echo(f"{company} is in benchmarks ({scope}) from {day} on")


def opt_out(company: Company, on: Day = None) -> None:
    """Keep a company's numbers out of what is published from that day on."""
    day = _day(on)
    with _connection() as connection:
        benchmark_opt_ins.opt_out(connection, company, day)
    typer.echo(f"{company} is in no benchmark that is published from {day} on")


def _day(on: datetime | None) -> date:
    return (on or datetime.now(UTC)).date()


@contextmanager
def _connection() -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(StoreSettings())) as connection:
        try:
            yield connection
        except OptInError as error:
            raise typer.BadParameter(str(error)) from error
        connection.commit()
