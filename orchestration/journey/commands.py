"""`impact journey validate|backtest|explain`: rules tried before they are switched on."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from ingest.stores import StoreSettings, clickhouse_client
from orchestration.journey.activities import of_people
from orchestration.journey.backtest import backtest as run_backtest
from orchestration.journey.backtest import instants
from orchestration.journey.backtest_page import comment, html, markdown
from orchestration.journey.interpreter import interpret
from orchestration.journey.people import Key
from orchestration.journey.rules import Rule, RuleFileError, load_rules
from orchestration.journey.rules.loading import RULE_FILES, load_rule
from orchestration.journey.rules.report import REPORT, page

A_YEAR = timedelta(weeks=51)


def validate(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Rule files; left out, all shipped ones.")
    ] = None,
) -> None:
    """Check rule files. Ends with 1 and file:line of every problem if there is one."""
    try:
        rules = [load_rule(path) for path in paths] if paths else load_rules()
    except RuleFileError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for rule in rules:
        typer.echo(f"{rule.id}  {rule.hash[:12]}  {rule.state}")


def backtest(
    rule: Annotated[str, typer.Argument(help="Id of a shipped rule, or a rule file.")],
    against: Annotated[str | None, typer.Option(help="Another version to compare with: id or file.")] = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="A year before the end if left out."),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Today if left out.")
    ] = None,
    company: Annotated[UUID | None, typer.Option(help="Only people of this company.")] = None,
    as_known: Annotated[
        bool, typer.Option("--as-known", help="Each week knows only what was recorded by then.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option(help="Where to write .md and .html; printed as Markdown if left out.")
    ] = None,
    as_comment: Annotated[
        bool, typer.Option("--comment", help="Print what the change changes, for where it is reviewed.")
    ] = False,
) -> None:
    """Say whom a rule would have flagged when, week by week, and how two versions differ."""
    if as_comment and against is None:
        raise typer.BadParameter("a comment is on a change: name the version before with --against")
    rules = [_rule(rule), *([_rule(against)] if against else [])]
    end = (last or datetime.now(UTC)).replace(tzinfo=UTC)
    start = first.replace(tzinfo=UTC) if first else end - A_YEAR
    try:
        when = instants(start, end)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    with closing(clickhouse_client(StoreSettings())) as client:
        results, difference = run_backtest(client, rules, when, company_id=company, as_known=as_known)
    if as_comment and difference is not None:
        typer.echo(comment(results, difference))
        return
    if output is None:
        typer.echo(markdown(results, difference))
        return
    output.with_suffix(".md").write_text(markdown(results, difference), "utf-8")
    output.with_suffix(".html").write_text(html(results, difference), "utf-8")
    typer.echo(f"written: {output.with_suffix('.md')}, {output.with_suffix('.html')}")


def explain(
    company: Annotated[UUID, typer.Argument()],
    person: Annotated[UUID, typer.Argument()],
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"])] = None,
) -> None:
    """Say what every rule says of a person, and what is missing."""
    key = Key(company, person)
    with closing(clickhouse_client(StoreSettings())) as client:
        activities = of_people(client, [key])[key]
    when = as_of.replace(tzinfo=UTC) if as_of else datetime.now(UTC)
    for outcome in interpret(load_rules(), activities, company_id=company, person_id=person, as_of=when):
        said = {True: "yes", False: "no", None: "unknown"}[outcome.holds]
        typer.echo(f"{outcome.rule_id}: {said}{''.join(f'; {one.distance}' for one in outcome.unmet)}")


def report() -> None:
    """Write docs/reports/journey_engine_rules.md from the rule files."""
    REPORT.write_text(page(load_rules()), "utf-8")
    typer.echo(f"written: {REPORT}")


def _rule(named: str) -> Rule:
    try:
        if Path(named).suffix in (".yaml", ".yml"):
            return load_rule(Path(named))
        found = [rule for rule in load_rules() if rule.id == named]
    except (RuleFileError, OSError) as error:
        raise typer.BadParameter(str(error)) from error
    if not found:
        raise typer.BadParameter(f"no rule {named!r} in {RULE_FILES}: name one of them, or a .yaml file")
    return found[0]
