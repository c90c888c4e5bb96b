"""Commands of other rooms, by name. Each is a plain function there, imported only when it is called.

So `impact status` does not pay for polars, and a room keeps its command next to what it does.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup

from orchestration.console import explained
from orchestration.stack.errors import PlatformError

# Options and arguments are the function's own: they are passed on unread, `--help` included.
_PASS_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@dataclass(frozen=True)
class RoomCommand:
    path: str  # as typed after `impact`
    function: str  # module:function
    help: str
    needs_platform: bool = True  # its addresses and secrets, that is
    passes_on: bool = False  # what the function does not know goes to another program


ROOM_COMMANDS = (
    RoomCommand(
        "acceptance",
        "orchestration.acceptance:acceptance",
        "Go over the checklist, on a platform of its own, and say which lines hold.",
        needs_platform=False,
    ),
    RoomCommand(
        "monitoring write",
        "orchestration.monitoring.files:write",
        "Write the dashboards' files from the code.",
        needs_platform=False,
    ),
    RoomCommand(
        "monitoring check",
        "orchestration.monitoring.files:check",
        "Compare the dashboards' files with the code.",
        needs_platform=False,
    ),
    RoomCommand(
        "api specs write",
        "serving.spec_commands:write",
        "Write the descriptions of the API and the other processes.",
        needs_platform=False,
    ),
    RoomCommand(
        "api specs check",
        "serving.spec_commands:check",
        "Compare the descriptions with the code, and with what clients were promised.",
        needs_platform=False,
    ),
    RoomCommand(
        "api specs publish",
        "serving.spec_commands:publish",
        "Promise clients what the code offers now.",
        needs_platform=False,
    ),
    RoomCommand(
        "demo",
        "orchestration.demo.command:demo",
        "Feed the platform a synthetic programme and show the results.",
    ),
    RoomCommand(
        "ai cap", "orchestration.ai.commands:cap", "Set what a company may spend on models in a month."
    ),
    RoomCommand(
        "ai costs", "orchestration.ai.commands:costs", "Show what companies spend on models, and may spend."
    ),
    RoomCommand(
        "ai settle-expired",
        "orchestration.ai.commands:settle_expired",
        "Write off, at the worst case, calls that nobody came back to.",
    ),
    RoomCommand(
        "backfill import",
        "ingest.backfill.command:backfill",
        "Import one file of history; `impact backfill FILE` is the same.",
    ),
    RoomCommand(
        "backfill release", "ingest.backfill.command:release", "Publish a withheld batch all the same."
    ),
    RoomCommand(
        "backfill discard",
        "ingest.backfill.command:discard",
        "Drop a withheld batch, or forget a file in quarantine.",
    ),
    RoomCommand("backfill withheld", "ingest.backfill.command:withheld", "List the batches that wait."),
    RoomCommand(
        "backfill quarantine", "ingest.backfill.command:quarantine", "List the files no programme claims."
    ),
    RoomCommand(
        "benchmarks opt-in", "ingest.benchmark_commands:opt_in", "Let a company's numbers into benchmarks."
    ),
    RoomCommand(
        "benchmarks opt-out",
        "ingest.benchmark_commands:opt_out",
        "Keep a company's numbers out of benchmarks.",
    ),
    RoomCommand("cohorts add", "ingest.cohort_commands:add", "Define a group of a company's participants."),
    RoomCommand("cohorts list", "ingest.cohort_commands:list_cohorts", "List cohorts and their filters."),
    RoomCommand(
        "companies import",
        "ingest.reference:import_companies",
        "Import companies, members and programme instances.",
    ),
    RoomCommand(
        "dbt",
        "orchestration.dbt_by_hand:dbt",
        "Run dbt by hand, while no erasure puts tables in their places.",
        passes_on=True,
    ),
    RoomCommand("dead-letters list", "ingest.dead_letters.commands:list_letters", "List dead letters."),
    RoomCommand("dead-letters show", "ingest.dead_letters.commands:show", "Show one dead letter."),
    RoomCommand("dead-letters replay", "ingest.dead_letters.commands:replay", "Process dead letters anew."),
    RoomCommand("dead-letters discard", "ingest.dead_letters.commands:discard", "Delete dead letters."),
    RoomCommand("deliveries show", "ingest.delivery_commands:show", "Show what became of one delivery."),
    RoomCommand(
        "journey validate",
        "orchestration.journey.commands:validate",
        "Check rule files of the journey engine.",
    ),
    RoomCommand(
        "journey backtest", "orchestration.journey.commands:backtest", "Try a rule on the past, week by week."
    ),
    RoomCommand(
        "journey explain", "orchestration.journey.commands:explain", "Say what every rule says of a person."
    ),
    RoomCommand(
        "journey report", "orchestration.journey.commands:report", "Write the page of the rules in force."
    ),
    RoomCommand(
        "formula-overrides set",
        "orchestration.formulas.commands:set_",
        "Give a company its own formula parameters from a day on.",
    ),
    RoomCommand(
        "formula-overrides list",
        "orchestration.formulas.commands:list_",
        "List the parameters that companies have set themselves.",
    ),
    RoomCommand(
        "impact-in connect", "orchestration.impact_in.commands:connect", "Say where a company's numbers go."
    ),
    RoomCommand(
        "impact-in secret", "orchestration.impact_in.commands:secret", "Keep a partner's secret, encrypted."
    ),
    RoomCommand(
        "impact-in gate",
        "orchestration.impact_in.commands:gate",
        "Switch deliveries to a platform on or off for one company.",
    ),
    RoomCommand("impact-in deliver", "orchestration.impact_in.commands:deliver", "Send what is due, now."),
    RoomCommand(
        "impact-in reconcile",
        "orchestration.impact_in.commands:reconcile",
        "Compare what partners accepted with what is published.",
    ),
    RoomCommand("keys create", "ingest.api_key_commands:create", "Make an API key and show it once."),
    RoomCommand(
        "keys list", "ingest.api_key_commands:list_keys", "List the API keys, without the keys themselves."
    ),
    RoomCommand("keys revoke", "ingest.api_key_commands:revoke", "Take an API key out of force."),
    RoomCommand(
        "load ingest",
        "orchestration.load_commands:ingest",
        "Send signed webhooks at a rate.",
        needs_platform=False,
    ),
    RoomCommand(
        "load reads",
        "orchestration.load_commands:reads",
        "Read dashboards at a rate.",
        needs_platform=False,
    ),
    RoomCommand(
        "load stream",
        "orchestration.load_commands:stream",
        "Send live updates to many clients.",
        needs_platform=False,
    ),
    RoomCommand(
        "load freshness",
        "orchestration.load_commands:freshness",
        "Time webhooks until their number is on the dashboard.",
        needs_platform=False,
    ),
    RoomCommand(
        "load mixed", "orchestration.load_commands:mixed", "All of it at once.", needs_platform=False
    ),
    RoomCommand(
        "load compare",
        "orchestration.load_commands:compare",
        "Say whether this checkout is slower than another version.",
        needs_platform=False,
    ),
    RoomCommand(
        "partners simulate",
        "orchestration.impact_in.commands:simulate",
        "Run simulated CSR suites in the foreground.",
        needs_platform=False,
    ),
    RoomCommand(
        "privacy seal",
        "ingest.sealing.commands:seal",
        "Seal texts of events that were stored in the clear.",
    ),
    RoomCommand(
        "privacy retention",
        "orchestration.privacy.retention.commands:retention",
        "List for how long what is kept; end what is over.",
    ),
    RoomCommand(
        "privacy keep",
        "orchestration.privacy.retention.commands:keep",
        "Let a company keep data for another time, within legal bounds.",
    ),
    RoomCommand(
        "privacy rotate-key",
        "ingest.sealing.commands:rotate_key",
        "Wrap the keys of people's texts by a new master key.",
    ),
    RoomCommand(
        "privacy requests",
        "orchestration.privacy.requests.commands:requests",
        "List requests of people about their data, by the time they are due.",
    ),
    RoomCommand(
        "privacy audit verify",
        "orchestration.privacy.requests.commands:verify",
        "Check that the audit of privacy requests is as it was recorded.",
    ),
    RoomCommand(
        "privacy declared",
        "orchestration.privacy.declarations.commands:declared",
        "List what holds data of people.",
    ),
    RoomCommand(
        "privacy coverage",
        "orchestration.privacy.declarations.commands:coverage",
        "Compare what the stores hold with what is declared.",
    ),
    RoomCommand(
        "privacy lineage",
        "orchestration.privacy.declarations.commands:lineage",
        "Trace which columns personal data feed.",
    ),
    RoomCommand(
        "privacy mask",
        "orchestration.privacy.declarations.commands:mask",
        "Make the views for analysts that show no person.",
    ),
    RoomCommand(
        "privacy matrix",
        "orchestration.privacy.declarations.commands:matrix",
        "Write the privacy test matrix.",
    ),
    RoomCommand(
        "privacy record",
        "orchestration.privacy.declarations.commands:record_of_processing",
        "Write the record of processing.",
    ),
    RoomCommand(
        "privacy fides",
        "orchestration.privacy.declarations.commands:fides",
        "Write the declarations as Fides datasets.",
    ),
    RoomCommand(
        "privacy erasures",
        "orchestration.privacy.erasure.commands:erasures",
        "List erasures, and the steps of those that are not finished.",
    ),
    RoomCommand(
        "privacy verify",
        "orchestration.privacy.erasure.commands:verify",
        "Check a certificate, and count again what is left of the people it is about.",
    ),
    RoomCommand(
        "privacy restored",
        "orchestration.privacy.erasure.commands:restored",
        "After a backup was put back: find who came back with it and erase them again.",
    ),
    RoomCommand("q2q models", "orchestration.governance.commands:models", "List models and what serves."),
    RoomCommand(
        "q2q sync", "orchestration.governance.commands:sync", "Bring the file of models to the registry."
    ),
    RoomCommand("q2q activate", "orchestration.governance.commands:activate", "Let a version serve."),
    RoomCommand(
        "q2q deactivate", "orchestration.governance.commands:deactivate", "Stop a version from serving."
    ),
    RoomCommand(
        "q2q evaluate", "orchestration.governance.commands:evaluate", "Evaluate a version and ask the gate."
    ),
    RoomCommand("q2q compare", "orchestration.governance.commands:compare", "Compare two versions."),
    RoomCommand(
        "q2q shadow",
        "orchestration.governance.commands:shadow",
        "Compare a shadow's scores with what served.",
    ),
    RoomCommand(
        "q2q baseline", "orchestration.governance.commands:baseline", "Pin what drift is measured against."
    ),
    RoomCommand(
        "safety try",
        "orchestration.gate.commands:try_",
        "Count which stored texts changed rules would move; nothing is written.",
    ),
    RoomCommand(
        "safety rescreen",
        "orchestration.gate.commands:rescreen",
        "Judge texts anew that have no verdict of the rules in force.",
    ),
    RoomCommand(
        "soak",
        "orchestration.endurance_commands:soak",
        "Send for an hour with everything switched on, and say what gave way.",
        needs_platform=False,
    ),
    RoomCommand(
        "chaos",
        "orchestration.endurance_commands:chaos",
        "Break things by a seed while it sends, and say whether promises held.",
        needs_platform=False,
    ),
    RoomCommand(
        "webhooks rotate",
        "ingest.webhooks.secret_commands:rotate",
        "Give a source a new secret; the old ones end after a while.",
    ),
    RoomCommand(
        "webhooks secrets",
        "ingest.webhooks.secret_commands:secrets",
        "List the secrets of every source, without the secrets themselves.",
    ),
    RoomCommand(
        "webhooks send-sample", "orchestration.sample_webhook:send", "Sign one Kintell webhook and send it."
    ),
)
GROUPS = {
    "api": "The API as clients see it.",
    "api specs": "Its committed descriptions.",
    "ai": "What models may cost, and cost.",
    "backfill": "History from files.",
    "benchmarks": "Companies' consent to benchmarks.",
    "cohorts": "Groups of a company's participants.",
    "companies": "Companies, their members and programme instances.",
    "dead-letters": "What could not be processed.",
    "deliveries": "Webhook deliveries.",
    "formula-overrides": "What companies reckon with instead of the standard parameters.",
    "impact-in": "Deliveries of companies' numbers to their CSR suites.",
    "keys": "API keys.",
    "load": "Load on a platform, measured and held to budgets.",
    "monitoring": "Dashboards for what Prometheus sees.",
    "partners": "CSR suites, played.",
    "privacy": "People's data: their rights over them, how they are kept and erased.",
    "privacy audit": "Who did what about whose request.",
    "q2q": "Models that label texts.",
    "safety": "Screening of texts.",
    "webhooks": "Webhooks.",
    "journey": "Rules about people: checked, tried on the past, explained.",
}


class _ImportGroup(TyperGroup):
    """Its first word may be a file or an option: then a file is to be imported."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help"):
            args = ["import", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer, environment: Callable[[], dict[str, str]]) -> None:
    """Add every room's command to `app`. `environment` gives the addresses that such a command needs."""
    groups = {
        name: typer.Typer(help=text, no_args_is_help=True, cls=_ImportGroup if name == "backfill" else None)
        for name, text in GROUPS.items()
    }
    for path, group in groups.items():
        parent, _, name = path.rpartition(" ")
        (groups[parent] if parent else app).add_typer(group, name=name)
    for command in ROOM_COMMANDS:
        group_name, _, name = command.path.rpartition(" ")
        _add(groups[group_name] if group_name else app, name, command, environment)


def _add(
    app: typer.Typer, name: str, command: RoomCommand, environment: Callable[[], dict[str, str]]
) -> None:
    @app.command(name, help=command.help, context_settings=_PASS_ON)
    def run(context: typer.Context) -> None:
        with explained():
            function = load(command)
        if command.needs_platform and "--help" not in context.args:
            os.environ.update(environment())
        room = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
        settings = {"ignore_unknown_options": True, "allow_extra_args": True} if command.passes_on else None
        room.command(help=command.help, context_settings=settings)(function)
        room(args=context.args, prog_name=f"impact {command.path}")


def load(command: RoomCommand) -> Callable[..., Any]:
    """The function behind a command."""
    module, _, function = command.function.partition(":")
    try:
        loaded = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise PlatformError(f"`impact {command.path}` is not part of this installation: {error}") from error
    if not callable(loaded):
        raise TypeError(f"{command.function} is not a function")
    return loaded  # type: ignore[no-any-return]
