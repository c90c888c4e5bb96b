"""`impact ai cap|costs|settle-expired`: the money of model calls from the command line."""

from __future__ import annotations

import getpass
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from ingest.stores import StoreSettings, postgres_connection
from nlp.spend import ledger
from nlp.spend.budget import CapError, month_of, read_budget, set_cap
from nlp.spend.ledger import dollars
from orchestration.ai.events import announce

DEFAULT = "default"
WIDTH_OF_THE_LIST = 150


def cap(
    company: Annotated[
        str, typer.Argument(help=f"A company's id, or `{DEFAULT}`: all without a cap of their own.")
    ],
    amount: Annotated[str, typer.Argument(help="US dollars in a calendar month (UTC), such as 50 or 12.50.")],
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day; today if left out.")
    ] = None,
) -> None:
    """Set what a company may spend on models in a month. 0 stops every paid call."""
    day = (since or datetime.now(UTC)).date()
    try:
        company_id = None if company == DEFAULT else UUID(company)
    except ValueError:
        raise typer.BadParameter(f"{company}: give a company's id, or `{DEFAULT}`") from None
    try:
        usd = Decimal(amount)
    except InvalidOperation:
        raise typer.BadParameter(f"{amount}: give US dollars, such as 50 or 12.50") from None
    with closing(postgres_connection(StoreSettings())) as connection:
        try:
            set_cap(connection, company_id, usd, day, set_by=f"cli:{getpass.getuser()}")
        except CapError as error:
            raise typer.BadParameter(str(error)) from error
    typer.echo(f"{company} may spend ${usd:,f} a month on models from {day} on")


def costs(
    company: Annotated[UUID | None, typer.Option(help="Only this company.")] = None,
    month: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m"], help="The month; the running one if left out.")
    ] = None,
) -> None:
    """Show what companies have spent on models in a month, and what they may."""
    now = datetime.now(UTC)
    at = now if month is None else month.replace(tzinfo=UTC)
    with closing(postgres_connection(StoreSettings())) as connection:
        companies = connection.execute(
            "select company_id from ai.months where month = %(month)s"
            " and (%(company)s::uuid is null or company_id = %(company)s) order by spent_microdollars desc",
            {"month": month_of(at), "company": company},
        ).fetchall()
        budgets = [read_budget(connection, company_id, at) for (company_id,) in companies]
        spent = connection.execute(
            "select company_id, model_version, sum(calls_count), sum(input_tokens), sum(output_tokens),"
            " sum(cost_microdollars)::bigint from ai.daily_costs where date_trunc('month', day) = %(month)s"
            " and (%(company)s::uuid is null or company_id = %(company)s)"
            " group by company_id, model_version order by 6 desc",
            {"month": month_of(at), "company": company},
        ).fetchall()
    if not budgets:
        typer.echo(f"nothing was spent on models in {at:%Y-%m}")
        return
    console = Console()
    console.width = max(console.width, WIDTH_OF_THE_LIST)  # half an id could not be copied
    table = Table("company", "cap", "spent", "put aside", "refused", "models", "resets", box=None)
    for budget in budgets:
        table.add_row(
            str(budget.company_id),
            dollars(budget.cap_microdollars),
            dollars(budget.spent_microdollars),
            dollars(budget.reserved_microdollars),
            str(budget.refused_count),
            budget.mode,
            f"{budget.resets_at:%Y-%m-%d}",
        )
    console.print(table)
    table = Table("company", "model", "calls", "tokens in", "tokens out", "cost", box=None)
    for company_id, model_version, calls, tokens_in, tokens_out, cost in spent:
        table.add_row(
            str(company_id), model_version, f"{calls:,}", f"{tokens_in:,}", f"{tokens_out:,}", dollars(cost)
        )
    console.print(table)


def settle_expired() -> None:
    """Settle, at the whole amount put aside, calls whose process never came back to them."""
    with closing(postgres_connection(StoreSettings())) as connection:
        count = ledger.settle_expired(connection, announce, at=datetime.now(UTC))
    typer.echo(f"{count} calls were written off at their worst case" if count else "nothing had expired")
