"""What the demo shows at its end: expected beside served, and where to look next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from orchestration.demo.dashboard import Dashboard
from orchestration.demo.ledger import Cell, same
from orchestration.demo.loaded import ImportedRows
from orchestration.demo.scored import ScoredTexts
from orchestration.demo.served import ImpactScore
from orchestration.demo.settings import DemoSettings
from orchestration.demo.state import CompanyKey

Figures = Mapping[Cell, Mapping[str, float | None]]
QUARTERS_SHOWN = 2
_SHOWN = (
    ("volunteers_count", "volunteers"),
    ("participants_count", "participants"),
    ("sessions_count", "sessions"),
    ("volunteer_hours", "hours"),
    ("ratings_count", "ratings"),
    ("avg_rating", "mean rating"),
)


def figures_table(keys: tuple[CompanyKey, ...], expected: Figures, served: Figures) -> RenderableType:
    """The last quarters of each company: the served number, and the ledger's wherever it is another one."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("company")
    table.add_column("quarter")
    for _, heading in _SHOWN:
        table.add_column(heading, justify="right")
    for key in keys:
        cells = sorted(
            (c for c in expected if c.company_id == key.company_id and c.grain == "quarter"),
            key=lambda cell: cell.period,
        )
        for cell in cells[-QUARTERS_SHOWN:]:
            got = served.get(cell, {})
            table.add_row(
                key.name,
                cell.period,
                *(_compared(expected[cell][name], got.get(name)) for name, _ in _SHOWN),
            )
    return table


def comparison(
    expected: Figures, served: Figures, imported: ImportedRows, board: Dashboard
) -> RenderableType:
    """What was compared, and what the exports had in them."""
    of_worth, others = len(board.worth), len(board) - len(board.worth)
    numbers = sum(name in served.get(cell, {}) for cell, row in expected.items() for name in row)
    return Group(
        Text(f"✓ {numbers:,} numbers served by the API equal the simulator's ledger.", style="green"),
        Text(
            f"✓ {others:,} numbers of trends, programme tiles and retention equal it too.",
            style="green",
        ),
        Text(
            f"✓ {of_worth:,} numbers of goals, funnels, returns and a cohort equal it too.",
            style="green",
        ),
        Text(
            f"  {imported.files} files with {imported.rows:,} rows: {imported.rejected:,} were wrong and are"
            f" in the error files, {imported.repeated:,} came twice and count once.",
            style="dim",
        ),
    )


def texts(scored: ScoredTexts | None) -> Text:
    """One line of what became of what people wrote."""
    if scored is None:
        return Text("  No model has passed its evaluation, so no text was scored.", style="yellow")
    return Text(
        f"✓ {scored.cleared:,} texts were cleared; {scored.model} gave {scored.scored:,} of them"
        f" {scored.scores:,} scores.",
        style="green",
    )


def impact(scores: Sequence[ImpactScore]) -> RenderableType:
    """The impact score of each company's latest quarter. What is missing says why (docs/metrics.md)."""
    return Group(
        *(
            Text(
                f"  Impact score of {one.company}, {one.period}: "
                + (
                    f"{one.score:.2f}, {one.band}" if one.score is not None else f"none, {one.missing_reason}"
                ),
                style="dim",
            )
            for one in scores
        )
    )


def places(settings: DemoSettings) -> RenderableType:
    """Where to look."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("Dagster's graph", f"{settings.dagster_url}/asset-groups")
    table.add_row("dbt docs", f"{settings.impact_api_url}/dbt-docs/")
    table.add_row("API docs", f"{settings.impact_api_url}/docs")
    table.add_row("CSV files", f"{settings.landing}, the rejected rows in errors/")
    return table


def call(settings: DemoSettings, key: CompanyKey, period: str) -> str:
    """A line to copy: the company's period at a glance."""
    address = f"{settings.impact_api_url}/v1/companies/{key.company_id}/at-a-glance?period={period}"
    return f"curl -H 'Authorization: Bearer {key.api_key}' '{address}'"


def _compared(expected: float | None, served: float | None) -> Text:
    if same(expected, served):
        return Text.assemble(_shown(served), (" ✓", "green"))
    return Text(f"{_shown(served)} ≠ {_shown(expected)}", style="red")


def _shown(number: float | None) -> str:
    if number is None:
        return "–"
    return f"{number:,}" if isinstance(number, int) else f"{number:,.2f}"
