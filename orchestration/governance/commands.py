"""`impact q2q …`: models, their evaluations and their baselines, from the command line."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import psycopg
import typer

from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from nlp.evaluation import comparison
from nlp.evaluation.classifiers import ClassifierUnavailableError, Makers, classifier_of
from nlp.evaluation.figures import run
from nlp.evaluation.labelled import LabelledSetError, load
from nlp.evaluation.page import html
from nlp.evaluation.report import markdown
from nlp.labels import CHANGES
from nlp.registry import promotion
from nlp.registry.gate import macro_f1, proofs
from nlp.registry.models import MODELS, ModelsFileError, read_models
from nlp.registry.standing import standings
from nlp.registry.store import RegistryError
from orchestration.ai.claude import evaluating_makers
from orchestration.ai.settings import AiSettings
from orchestration.governance import shadowing
from orchestration.governance.drifting import SMALLEST_BASELINE, pin
from orchestration.governance.evaluating import NobodyPaysError, refuse_unpaid
from orchestration.governance.evaluating import evaluate as evaluate_versions

ModelId = Annotated[str, typer.Argument(help="Id in the file of models.")]
ModelsPath = Annotated[Path, typer.Option("--file", help="The file of models.")]
PaidBy = Annotated[
    UUID | None, typer.Option(help="The company under whose cap a model is asked that costs money.")
]
Moment = Annotated[datetime | None, typer.Option(help="An instant in UTC; now if left out.")]

_EXPECTED = (
    RegistryError, ModelsFileError, LabelledSetError, ClassifierUnavailableError, NobodyPaysError,
)  # fmt: skip


def models(at: Moment = None, file: ModelsPath = MODELS) -> None:
    """List versions: what serves, since when, and what the gate says of the newest evaluation."""
    instant = _utc(at) or datetime.now(UTC)
    with _registry() as connection:
        policy = read_models(file).policy
        for one in standings(connection, policy, instant):
            if one.is_serving:
                until = f" until {one.serving_until:%Y-%m-%d %H:%M}" if one.serving_until else ""
                by = ", by an operator" if one.is_operators else ""
                state = f"serves since {one.serving_from:%Y-%m-%d %H:%M}{until}{by}"
            else:
                state = "shadow" if one.is_shadow else "does not serve"
            gate = "never evaluated" if one.failures is None else "; ".join(one.failures) or "gate passed"
            typer.echo(f"{one.model_id}  {one.provider}  {state}  {gate}")


def sync(file: ModelsPath = MODELS) -> None:
    """Bring the file of models to the registry and schedule what passes the gate."""
    with _registry() as connection:
        for outcome in promotion.sync(connection, read_models(file), actor=_actor()):
            typer.echo(f"{outcome.model_id}  {outcome.state}: {outcome.why}")


def activate(
    model: ModelId,
    at: Annotated[
        datetime | None, typer.Option(help="Serve from this instant in UTC on; now if left out.")
    ] = None,
    file: ModelsPath = MODELS,
) -> None:
    """Let a version serve, if its evaluation passes the gate, until somebody says otherwise."""
    with _registry() as connection:
        promotion.activate(connection, model, read_models(file).policy, actor=_actor(), at=_utc(at))
    typer.echo(f"{model} serves from {at or 'now'} on")


def deactivate(model: ModelId) -> None:
    """Stop a version from serving. Nothing takes its place until the next sync or activation."""
    with _registry() as connection:
        promotion.deactivate(connection, model, actor=_actor())
    typer.echo(f"{model} serves no longer")


def evaluate(
    model: ModelId,
    file: ModelsPath = MODELS,
    out: Annotated[Path | None, typer.Option(help="Report to write; HTML goes beside it.")] = None,
    paid_by: PaidBy = None,
) -> None:
    """Evaluate a version, store the figures, and say whether the gate lets it serve. Ends with 1 if not."""
    with _registry() as connection:
        [done] = evaluate_versions(
            connection, read_models(file), [model], actor=_actor(), makers=_makers(), paid_by=paid_by
        )
    if out:
        out.write_text(markdown(done.figures, done.failures), "utf-8")
        out.with_suffix(".html").write_text(html(done.figures, done.failures), "utf-8")
    for language, found in done.figures["languages"].items():
        answered = [name for name in CHANGES if name not in done.figures["abstains"].get(language, ())]
        changes = (
            f"macro-F1 {macro_f1(found, answered) or 0.0:.3f} of {len(answered)} changes,"
            f" coverage {found['coverage']:.2f}"
            if answered
            else "no change is answered"
        )
        typer.echo(f"{language}: {found['item_count']} texts, {changes}")
    for proof in proofs(done.figures):
        right, count = proof.claims
        typer.echo(f"{proof.name} ({' '.join(proof.languages)}): {right} of {count} claims are right")
    typer.echo(f"evaluation {done.evaluation_id}")
    if done.failures:
        typer.echo("the gate is not passed:\n" + "\n".join(f"- {failure}" for failure in done.failures))
        raise typer.Exit(1)
    typer.echo(f"the gate is passed; {model} is {done.outcome.state}: {done.outcome.why}")


def compare(
    before: ModelId,
    after: ModelId,
    file: ModelsPath = MODELS,
    out: Annotated[Path | None, typer.Option(help="Where to write it; printed if left out.")] = None,
    paid_by: PaidBy = None,
) -> None:
    """Compare two versions on the labelled set: agreement, flips with examples, cost."""
    with _explained():
        models = read_models(file)
        entries = [models.entry(name) for name in (before, after)]
        refuse_unpaid(entries, paid_by)
        labelled = load(models.policy["set_version"], models.policy["split"])
        runs = [run(classifier_of(entry, _makers()), labelled, paid_by=paid_by) for entry in entries]
        report = comparison.markdown(*runs)
    if out:
        out.write_text(report, "utf-8")
    else:
        typer.echo(report)


def shadow(
    serving: ModelId,
    beside: Annotated[str, typer.Argument(help="The version that scored in shadow.")],
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="The day after the last.")],
    out: Annotated[Path | None, typer.Option(help="Where to write it; printed if left out.")] = None,
) -> None:
    """Compare what a shadow and the serving version said of the same texts: agreement, flips, cost."""
    window = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
    with closing(clickhouse_client(StoreSettings())) as clickhouse:
        found = shadowing.compare_scores(clickhouse, serving, beside, *window)
    if not found.text_count:
        raise typer.BadParameter(f"no text written on these days was scored by both {serving} and {beside}")
    report = shadowing.markdown(found, *window)
    if out:
        out.write_text(report, "utf-8")
        typer.echo(f"{found.text_count} texts, {len(found.flips)} flips of changes: {out}")
    else:
        typer.echo(report)


def baseline(
    model: ModelId,
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="The day after the last.")],
) -> None:
    """Pin the scores of a stretch of days as what later ones are compared with."""
    window = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
    with _registry() as connection, closing(clickhouse_client(StoreSettings())) as clickhouse:
        pinned = pin(connection, clickhouse, model, *window, actor=_actor())
    if pinned is None:
        raise typer.BadParameter(
            f"{model} scored fewer than {SMALLEST_BASELINE} texts of these days: too few for a baseline"
        )
    typer.echo(f"baseline {pinned.baseline_id} of {pinned.text_count} texts")


def _makers() -> Makers:
    return evaluating_makers(AiSettings(), lambda: closing(postgres_connection(StoreSettings())))


def _actor() -> str:
    return f"cli:{getpass.getuser()}"


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


@contextmanager
def _registry() -> Iterator[psycopg.Connection]:
    with _explained(), closing(postgres_connection(StoreSettings(), autocommit=True)) as connection:
        yield connection


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except _EXPECTED as error:
        raise typer.BadParameter(str(error)) from error
