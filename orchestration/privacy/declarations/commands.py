"""`impact privacy …`: what is declared about people, and whether the running platform holds to it."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.table import Table

from ingest.stores import StoreSettings, clickhouse_client, nats_client, postgres_connection
from orchestration.console import err, out
from orchestration.dbt import PROJECT_DIR, DbtTargets
from orchestration.privacy.declarations import catalogue, record
from orchestration.privacy.declarations.declarations import Declarations
from orchestration.privacy.declarations.fides import fides_datasets
from orchestration.privacy.declarations.grammar import DeclarationError, Via
from orchestration.privacy.declarations.masking import create_masked_views
from orchestration.privacy.declarations.reading import declared as everything_declared
from orchestration.settings import OrchestrationSettings

MATRIX = PROJECT_DIR.parent / "docs" / "reports" / "privacy_test_matrix.md"
RECORD = PROJECT_DIR / "models" / "_record_of_processing.md"

Output = Annotated[Path | None, typer.Option("--out", help="Write to this file instead.")]


def declared(
    everything: Annotated[bool, typer.Option("--all", help="Also what holds nothing of people.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """List what holds data of people and what erasure does there, in the order of erasure."""
    declarations = _declarations()
    shown = declarations.in_erasure_order()
    if everything:
        shown += tuple(one for one in declarations if not one.is_about_people)
    if as_json:
        out.print_json(json.dumps([one.model_dump(mode="json") for one in shown]))
        return
    table = Table("relation", "found by", "erasure", "on disk", "export", box=None)
    for one in shown:
        reached_by = one.reach.via if isinstance(one.reach, Via) else one.reach
        found_by = ", ".join(one.subject_keys.values()) or reached_by
        table.add_row(
            one.key, found_by, one.erase, one.physically or "", "own" if one.export == "own" else ""
        )
    out.print(table)
    out.print(
        f"{len(shown)} of {len(declarations)} declared relations; declarations {declarations.sha256[:12]}"
    )


def coverage() -> None:
    """Compare what the stores hold with what is declared. Ends with 1 if anything is not declared."""
    found = asyncio.run(_gaps())
    for gap in found:
        out.print(str(gap), markup=False)
    if found:
        err.print(f"gaps between what is held and what is declared: {len(found)}", style="red")
        raise typer.Exit(1)
    out.print("Everything that is held is declared.")


async def _gaps() -> list[catalogue.Gap]:
    settings = StoreSettings()
    with closing(clickhouse_client(settings)) as client, closing(postgres_connection(settings)) as connection:
        held = [*catalogue.in_clickhouse(client), *catalogue.in_postgres(connection)]
    nats = await nats_client(settings, name="privacy coverage")
    try:
        held += await catalogue.in_jetstream(nats.jetstream())
    finally:
        await nats.close()
    held += catalogue.in_folder(OrchestrationSettings().impact_home)
    return catalogue.gaps(_declarations(), held)


def lineage(output: Output = None) -> None:
    """Trace which columns of the built warehouse personal data feed. Ends with 1 if one has no class."""
    from orchestration.privacy.declarations.handwritten import handwritten_views, traced_views
    from orchestration.privacy.declarations.taint import compiled_models, traced

    declarations = _declarations()
    compiled: dict[str, str] = {}
    for target in DbtTargets.at(OrchestrationSettings().impact_home):
        compiled |= compiled_models(declarations, target.name, target.run_folder)
    if not compiled:
        raise typer.BadParameter("dbt has built nothing yet; materialize the warehouse first")
    models, views = traced(declarations, compiled), traced_views(declarations, handwritten_views())
    feeds, leaks = {**models.feeds, **views.feeds}, (*models.leaks, *views.leaks)
    for leak in leaks:
        out.print(str(leak), markup=False)
    columns = models.columns + views.columns
    out.print(
        f"{models.models} models and {views.models} views of migrations, {columns} columns,"
        f" {len(feeds)} of them fed by personal data, {len(leaks)} without a class"
    )
    if output:
        by_column = {column: sorted(map(list, fed)) for column, fed in sorted(feeds.items())}
        output.write_text(
            json.dumps({"declarations": declarations.sha256, "feeds": by_column}, indent=1) + "\n", "utf-8"
        )
    if leaks:
        raise typer.Exit(1)


def matrix(output: Output = None) -> None:
    """Write docs/reports/privacy_test_matrix.md from the declarations."""
    _write(output or MATRIX, record.privacy_matrix(_declarations()))


def record_of_processing(output: Output = None) -> None:
    """Write the record of processing (GDPR Art. 30), which dbt docs show as the project's page."""
    _write(output or RECORD, record.record_of_processing(_declarations()))


def fides(output: Output = None) -> None:
    """Write the declarations as Fides datasets, in YAML."""
    text = yaml.safe_dump(fides_datasets(_declarations()), sort_keys=False, allow_unicode=True)
    if output is None:
        typer.echo(text)
    else:
        _write(output, text)


def mask() -> None:
    """Make or renew the views in ClickHouse's database `masked`, through which analysts see no person."""
    with closing(clickhouse_client(StoreSettings())) as client:
        created = create_masked_views(client, _declarations())
    out.print(f"{len(created)} views are in the database masked: {', '.join(created)}")


def _declarations() -> Declarations:
    try:
        return everything_declared()
    except DeclarationError as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    out.print(f"wrote {path}")
