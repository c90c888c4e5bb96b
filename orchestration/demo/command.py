"""`impact demo`: a synthetic programme through the front doors, and its numbers beside the ledger's."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import aiohttp
import psycopg
import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from ingest.api_keys import create_key
from ingest.cohorts import add_cohort, list_cohorts
from ingest.reference import import_folder
from ingest.stores import StoreSettings, postgres_connection
from orchestration.console import explained, out
from orchestration.demo import dashboard, report
from orchestration.demo.dagster_api import Dagster
from orchestration.demo.files import LandingFolder, WrittenFile, write_reference
from orchestration.demo.history import history
from orchestration.demo.ledger import Ledger, differences
from orchestration.demo.loaded import TRANSIENT, imported_rows, wait_until_loaded
from orchestration.demo.population import Population
from orchestration.demo.progress import COHORT, COHORT_FILTERS
from orchestration.demo.scored import (
    ScoredTexts,
    model_serving,
    partitions_to_score,
    scored_texts,
    wait_until_screened,
)
from orchestration.demo.served import impact_scores, served
from orchestration.demo.settings import DemoSettings
from orchestration.demo.state import CompanyKey, DemoState, programme_of
from orchestration.demo.webhooks import Delivery, deliveries, in_sending_order, send
from orchestration.demo.work import employee_records
from orchestration.feeding import feeding_patiently
from orchestration.stack.errors import PlatformError

T = TypeVar("T")
SHOWN_DIFFERENCES = 20
PATIENCE_S = 120  # a store of the platform may be restarting


def demo(
    seed: Annotated[int, typer.Option(min=0, help="Another seed makes another programme.")] = 7,
    scale: Annotated[float, typer.Option(min=0.02, max=1000, help="Multiplies people and facts.")] = 1,
    now: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The programme ends where this day begins; today, UTC."),
    ] = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Send everything and do not compare.")] = False,
) -> None:
    """Feed the platform a synthetic programme and check its numbers. Run again, it goes on."""
    with explained():
        settings, stores = DemoSettings(), StoreSettings()
        population = programme_of(
            settings.state_file,
            seed=seed,
            scale=scale,
            now=now.date() if now else None,
            today=datetime.now(UTC).date(),
        )
        out.print(
            "All data of this demo are synthetic: companies, people and texts are invented, addresses end in"
            " example.org and example.com.",
            style="yellow",
        )
        try:
            asyncio.run(Demo(settings, stores, population).run(wait=not no_wait))
        except KeyboardInterrupt:
            raise PlatformError("Interrupted; `impact demo` goes on where this one stopped.") from None


class Demo:
    """The steps in their order. Each can be repeated: what is there already changes nothing."""

    def __init__(self, settings: DemoSettings, stores: StoreSettings, population: Population) -> None:
        self.settings = settings
        self.stores = stores
        self.population = population
        self.ledger = Ledger(population.window)

    async def run(self, *, wait: bool) -> None:
        with _progress() as progress:
            files, queue = self._simulate(progress)
            async with (
                # The marts are refreshed once, by the demo itself, and not at every step of the way.
                feeding_patiently(self.stores.postgres_url.get_secret_value()),
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session,
            ):
                keys = await self._patiently(self._introduce_companies)
                dagster = Dagster(session, self.settings.dagster_url)
                await self._run_job(progress, dagster, "backfill_landing_files", "Importing history")
                await self._send(progress, queue)
                if not wait:
                    return
                await self._wait_until_loaded(progress)
                imported = await self._patiently(lambda: imported_rows(self.stores, files))
                scored = await self._score(progress, dagster)
                await self._run_job(progress, dagster, "refresh_warehouse", "Refreshing the warehouse")
                expected, board = self.ledger.expected(), dashboard.expected(self.ledger)
                figures = await served(session, self.settings.impact_api_url, keys)
                shown = await dashboard.shown(session, self.settings.impact_api_url, keys, board)
                impact = await impact_scores(session, self.settings.impact_api_url, keys)
        out.print(report.figures_table(keys, expected, figures))
        problems = [*differences(expected, figures), *dashboard.differences(board, shown)]
        if problems:
            hidden = len(problems) - SHOWN_DIFFERENCES
            more = f"\n… and {hidden} more" if hidden > 0 else ""
            raise PlatformError(
                f"{len(problems)} numbers differ from the simulator's ledger:\n"
                + "\n".join(problems[:SHOWN_DIFFERENCES])
                + more
            )
        out.print(report.comparison(expected, figures, imported, board))
        out.print(report.texts(scored))
        out.print(report.impact(impact))
        quarter = max(cell.period for cell in expected if cell.grain == "quarter")
        out.print(report.places(self.settings))
        # Soft: a line that is copied must not be folded.
        out.print(report.call(self.settings, keys[0], quarter), style="cyan", soft_wrap=True, markup=False)

    def _simulate(self, progress: Progress) -> tuple[list[WrittenFile], Sequence[Delivery]]:
        """Invent the programme: into the ledger, into CSV files, and into the queue of webhooks."""
        task = progress.add_task("Inventing a programme", total=self.population.participant_count)
        landing = LandingFolder(self.settings.landing, self.population)
        queue: list[Delivery] = []
        for participant, facts in history(self.population):
            for fact in facts:
                self.ledger.record(fact)
                landing.add(fact)
                queue.extend(deliveries(self.population, fact))
            progress.update(task, completed=participant.number + 1)
        for record in employee_records(self.population):
            self.ledger.record(record)
            landing.add(record)
        write_reference(self.settings.folder / "reference", self.population)
        return landing.finish(), in_sending_order(queue)

    def _introduce_companies(self) -> tuple[CompanyKey, ...]:
        """Import companies, members and instances, and make one API key per company, once."""
        with closing(postgres_connection(self.stores)) as connection:
            import_folder(connection, self.settings.folder / "reference")
            self._watch_learners(connection)
            held = DemoState.load(self.settings.state_file)
            if held is not None:
                connection.commit()
                return held.keys
            keys = tuple(
                CompanyKey(
                    company.company_id, company.name, create_key(connection, company.company_id, "demo")
                )
                for company in self.population.companies
            )
            connection.commit()
        state = DemoState(self.population.seed, self.population.scale, self.population.window.now, keys)
        state.save(self.settings.state_file)
        return keys

    def _watch_learners(self, connection: psycopg.Connection) -> None:
        """Define a cohort for each company, once."""
        watched = {cohort.company_id for cohort in list_cohorts(connection) if cohort.name == COHORT}
        for company in self.population.companies:
            if company.company_id not in watched:
                add_cohort(connection, company.company_id, COHORT, COHORT_FILTERS)

    async def _score(self, progress: Progress, dagster: Dagster) -> ScoredTexts | None:
        """Have every text screened and scored; None if no model passes the gate of models."""
        task = progress.add_task("Screening texts", total=None)
        await wait_until_screened(
            self.stores, lambda done, total: progress.update(task, completed=done, total=max(total, 1))
        )
        if await self._patiently(lambda: model_serving(self.stores)) is None:
            await self._run_job(progress, dagster, "evaluate_models", "Evaluating the model")
        model = await self._patiently(lambda: model_serving(self.stores))
        if model is None:
            return None
        if tags := await self._patiently(lambda: partitions_to_score(self.stores, model)):
            await self._run_job(progress, dagster, "score_texts", "Scoring texts", tags)
        return await self._patiently(lambda: scored_texts(self.stores, model))

    async def _run_job(
        self,
        progress: Progress,
        dagster: Dagster,
        job: str,
        title: str,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        task = progress.add_task(title, total=None)
        await dagster.run(
            job, lambda run: progress.update(task, description=f"{title} ({run.status.lower()})"), tags
        )
        progress.update(task, description=title, total=1, completed=1)

    async def _send(self, progress: Progress, queue: Sequence[Delivery]) -> Counter[str]:
        task = progress.add_task("Sending webhooks", total=len(queue))
        return await send(
            queue,
            url=self.settings.impact_webhook_url,
            secret=self.settings.impact_webhook_secret_kintell.get_secret_value().encode(),
            on_sent=lambda: progress.advance(task),
        )

    async def _wait_until_loaded(self, progress: Progress) -> None:
        expected = self.ledger.subjects
        task = progress.add_task("Loading events", total=expected.total())
        await wait_until_loaded(
            self.stores, self.population, expected, lambda loaded: progress.update(task, completed=loaded)
        )

    async def _patiently(self, step: Callable[[], T]) -> T:
        """Do a step in the stores, and do it again while one of them is away."""
        give_up_at = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            try:
                return await asyncio.to_thread(step)
            except TRANSIENT as error:
                if asyncio.get_running_loop().time() > give_up_at:
                    raise PlatformError(
                        f"a store of the platform has been away for {PATIENCE_S} s ({type(error).__name__});"
                        " see `impact status`"
                    ) from None
            await asyncio.sleep(1)


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(finished_text="[green]✓[/green]"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=out,
    )
