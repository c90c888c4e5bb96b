"""`impact impact-in …` and `impact partners simulate`: deliveries from the command line."""

from __future__ import annotations

import asyncio
import getpass
import importlib.util
import os
import sys
from collections import Counter
from contextlib import closing
from typing import Annotated
from uuid import UUID

import asyncpg
import typer
from psycopg.types.json import Jsonb

from ingest.stores import StoreSettings, postgres_connection
from orchestration.impact_in import reconciling
from orchestration.impact_in.connectors import ConnectorError, connector, names
from orchestration.impact_in.guard import ForbiddenAddressError, check_url
from orchestration.impact_in.running import run_due
from orchestration.impact_in.settings import DeliverySettings
from orchestration.impact_in.vault import SecretRefusedError, Vault

SIMULATOR = "tests.partners"


def connect(
    company: Annotated[UUID, typer.Argument(help="The company's id.")],
    name: Annotated[str, typer.Argument(metavar="CONNECTOR", help="benevity, goodera, workday, …")],
    base_url: Annotated[str, typer.Argument(help="The partner's address, https://…")],
    option: Annotated[
        list[str] | None,
        typer.Option("--option", help="NAME=VALUE, such as organization_id=org-1; repeatable."),
    ] = None,
) -> None:
    """Say where a company's numbers go. Secrets are set with `impact impact-in secret`."""
    options = dict(one.partition("=")[::2] for one in option or ())
    try:
        how = connector(name)
        how.full_options(options)
        check_url(base_url, DeliverySettings().impact_in_private_hosts)
    except (ConnectorError, ForbiddenAddressError) as error:
        raise typer.BadParameter(str(error)) from error
    with closing(postgres_connection(StoreSettings(), autocommit=True)) as connection:
        if (
            connection.execute("select from ingest.companies where company_id = %s", (company,)).fetchone()
            is None
        ):
            raise typer.BadParameter(f"there is no company {company}")
        connection.execute(
            "insert into impact_in.connections (company_id, platform, connector, base_url, options,"
            " updated_by)"
            " values (%s, %s, %s, %s, %s, %s) on conflict (company_id, platform) do update"
            " set connector = excluded.connector, base_url = excluded.base_url, options = excluded.options,"
            " updated_at = now(), updated_by = excluded.updated_by",
            (company, how.platform, name, base_url, Jsonb(options), _actor()),
        )
    wanted = ", ".join(how.secrets_of(options))
    typer.echo(f"{company} is connected to {how.title}. Secrets it needs: {wanted}.")


def secret(
    company: Annotated[UUID, typer.Argument(help="The company's id.")],
    platform: Annotated[str, typer.Argument(help="benevity, goodera, workday, webhook")],
    name: Annotated[str, typer.Argument(help="Which secret, such as api_key.")],
) -> None:
    """Read a secret from standard input and keep it encrypted; it is used from the next request on."""
    value = sys.stdin.readline().rstrip("\n")

    async def put() -> None:
        connection = await asyncpg.connect(StoreSettings().postgres_url.get_secret_value())
        try:
            await Vault(DeliverySettings().sealer()).put(
                connection, company, platform, name, value, actor=_actor()
            )
        finally:
            await connection.close()

    try:
        asyncio.run(put())
    except SecretRefusedError as error:
        raise typer.BadParameter(str(error)) from error
    except asyncpg.ForeignKeyViolationError:
        raise typer.BadParameter(f"{company} has no connection to {platform}; make it first") from None
    typer.echo(f"{name} of {platform} is kept for {company}; those before it are gone.")


def gate(
    company: Annotated[UUID, typer.Argument(help="The company's id.")],
    platform: Annotated[str, typer.Argument(help="benevity, goodera, workday, webhook")],
    state: Annotated[str, typer.Argument(help="on, off, or default: as the environment says.")],
) -> None:
    """Switch deliveries to a platform on or off for one company, whatever the environment says."""
    if state not in ("on", "off", "default"):
        raise typer.BadParameter("say on, off or default")
    known = {connector(one).platform for one in names()}
    if platform not in known:
        raise typer.BadParameter(f"there is no platform {platform}; there are {', '.join(sorted(known))}")
    if state == "default":
        change, values = "features #- array['impactIn', %s]", (platform,)
    else:
        change = (
            "jsonb_set(jsonb_set(features, '{impactIn}', coalesce(features -> 'impactIn', '{}')),"
            " array['impactIn', %s], to_jsonb(%s::boolean))"
        )
        values = (platform, state == "on")  # type: ignore[assignment]
    with closing(postgres_connection(StoreSettings(), autocommit=True)) as connection:
        done = connection.execute(
            f"update ingest.companies set features = {change} where company_id = %s",  # noqa: S608 - constants above
            (*values, company),
        )
    if not done.rowcount:
        raise typer.BadParameter(f"there is no company {company}")
    typer.echo(f"Deliveries to {platform} are {state} for {company}.")


def deliver() -> None:
    """Plan and send what is due, now and here, as a run of the scheduler does it."""
    counts = asyncio.run(run_due(StoreSettings().postgres_url.get_secret_value(), DeliverySettings()))
    typer.echo(
        ", ".join(f"{name} {count}" for name, count in sorted(counts.items()) if count) or "Nothing was due."
    )


def reconcile(
    company: Annotated[UUID | None, typer.Option(help="One company's id; without it, all.")] = None,
    platform: Annotated[str | None, typer.Option(help="benevity, goodera, workday, webhook")] = None,
) -> None:
    """Compare what partners accepted last with what is published now; fails where they differ for good."""
    counts = asyncio.run(_reconcile(company, platform))
    said = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in sorted(counts.items()))
    typer.echo(said or "No partner has accepted anything yet.")
    raise typer.Exit(1 if counts["differs"] else 0)


async def _reconcile(company: UUID | None, platform: str | None) -> Counter[str]:
    counts: Counter[str] = Counter()
    connection = await asyncpg.connect(StoreSettings().postgres_url.get_secret_value())
    try:
        async with connection.transaction(readonly=True):
            async for one in reconciling.reconcile(connection, company, platform):
                counts[one.state] += 1
                if one.state != "equal":
                    typer.echo(f"{one.state} {one.platform} {one.period} {one.company_id} {one.delivery_id}")
                for change in one.changes:
                    typer.echo(f"    {change['path']}: accepted {change['before']}, now {change['after']}")
    finally:
        await connection.close()
    return counts


def simulate(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8090,
) -> None:
    """Run the simulated partners in the foreground. They are part of the source tree, not of the package."""
    try:
        found = importlib.util.find_spec(SIMULATOR)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise typer.BadParameter(
            "the simulated partners are in tests/partners of the source tree, and this is not started"
            " from there: run it in the project's folder"
        )
    # In this process's place: whoever ends it ends the partners.
    os.execv(sys.executable, [sys.executable, "-m", SIMULATOR, "--port", str(port)])  # noqa: S606 - our own


def _actor() -> str:
    return f"cli:{getpass.getuser()}"
