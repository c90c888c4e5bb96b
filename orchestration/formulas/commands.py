"""`impact formula-overrides set|list`: a company's own formula parameters from the command line."""

from __future__ import annotations

import math
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from ingest.stores import StoreSettings, postgres_connection
from orchestration.formulas import overrides
from orchestration.formulas.registry import registry

WIDTH_OF_THE_LIST = 130
GIVEN_BACK = "standard"


def set_(
    company: Annotated[UUID, typer.Argument(help="The company that reckons with it.")],
    formula: Annotated[str, typer.Argument(help=f"One of {', '.join(registry().formulas)}.")],
    values: Annotated[
        list[str] | None, typer.Argument(help="NAME=VALUE; NAME=standard gives the parameter back.")
    ] = None,
    parameter_set: Annotated[
        str | None, typer.Option("--set", help="A whole set, such as quality; `standard` ends the choice.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day; today if left out.")
    ] = None,
) -> None:
    """Set a company's own parameters from a day on. Periods that end before it stay as they are."""
    day = since.date() if since else datetime.now(UTC).date()
    with closing(postgres_connection(StoreSettings())) as connection:
        try:
            in_force = overrides.set_overrides(
                connection,
                registry(),
                company,
                formula,
                day,
                dict(_named_value(text) for text in values or []),
                parameter_set,
            )
        except overrides.OverrideRefusedError as error:
            raise typer.BadParameter(str(error)) from error
        connection.commit()
    typer.echo(f"{formula} of {company} from {day} on, in periods that end on it or later:")
    for name, value in sorted(in_force.items()):
        typer.echo(f"  {name} = {value:g}")


def list_(
    company: Annotated[UUID | None, typer.Option(help="Only those of this company.")] = None,
) -> None:
    """Show what companies have set themselves, and from when on."""
    with closing(postgres_connection(StoreSettings())) as connection:
        stored = overrides.read_overrides(connection, company)
    table = Table("company", "formula", "from", "parameter", "value", box=None)
    for override in stored:
        table.add_row(
            str(override.company_id),
            override.formula,
            f"{override.effective_from}",
            override.parameter or "(set)",
            override.parameter_set or (GIVEN_BACK if override.value is None else f"{override.value:g}"),
        )
    # Wider than a narrow terminal: half an id helps nobody.
    console = Console()
    console.width = max(console.width, WIDTH_OF_THE_LIST)
    console.print(table)


def _named_value(text: str) -> tuple[str, float | None]:
    name, _, value = text.partition("=")
    if value == GIVEN_BACK:
        return name, None
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise typer.BadParameter(f"{text}: write NAME=NUMBER, such as weight_hours=0.2, or NAME={GIVEN_BACK}")
    return name, number
