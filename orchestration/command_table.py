"""The commands that other packages bring to `impact`, and their groups, in the order of `--help`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """A plain function somewhere, whose parameters are the command's."""

    path: str  # as typed after `impact`
    module: str
    function: str
    help: str
    needs_platform: bool = True  # its addresses and secrets, that is
    passes_on: bool = False  # what the function does not know goes to another program


def _in(
    module: str, *commands: tuple[str, str, str], needs_platform: bool = True, passes_on: bool = False
) -> Iterator[Command]:
    """Commands of one module: as typed, the function's name, the line in `--help`."""
    for path, function, text in commands:
        yield Command(path, module, function, text, needs_platform, passes_on)


COMMANDS = (
    *_in(
        "orchestration.acceptance",
        (
            "acceptance",
            "acceptance",
            "Go over the checklist, on a platform of its own, and say which lines hold.",
        ),
        needs_platform=False,
    ),
    *_in(
        "orchestration.monitoring.files",
        ("monitoring write", "write", "Write the dashboards' files from the code."),
        ("monitoring check", "check", "Compare the dashboards' files with the code."),
        needs_platform=False,
    ),
    *_in(
        "serving.spec_commands",
        ("api specs write", "write", "Write the descriptions of the API and the other processes."),
        (
            "api specs check",
            "check",
            "Compare the descriptions with the code, and with what clients were promised.",
        ),
        ("api specs publish", "publish", "Promise clients what the code offers now."),
        needs_platform=False,
    ),
    *_in(
        "orchestration.demo.command",
        ("demo", "demo", "Feed the platform a synthetic programme and show the results."),
    ),
    *_in(
        "orchestration.ai.commands",
        ("ai cap", "cap", "Set what a company may spend on models in a month."),
        ("ai costs", "costs", "Show what companies spend on models, and may spend."),
        (
            "ai settle-expired",
            "settle_expired",
            "Write off, at the worst case, calls that nobody came back to.",
        ),
    ),
    *_in(
        "ingest.backfill.command",
        ("backfill import", "backfill", "Import one file of history; `impact backfill FILE` is the same."),
        ("backfill release", "release", "Publish a withheld batch all the same."),
        ("backfill discard", "discard", "Drop a withheld batch, or forget a file in quarantine."),
        ("backfill withheld", "withheld", "List the batches that wait."),
        ("backfill quarantine", "quarantine", "List the files no programme claims."),
    ),
    *_in(
        "ingest.benchmark_commands",
        ("benchmarks opt-in", "opt_in", "Let a company's numbers into benchmarks."),
        ("benchmarks opt-out", "opt_out", "Keep a company's numbers out of benchmarks."),
    ),
    *_in(
        "ingest.cohort_commands",
        ("cohorts add", "add", "Define a group of a company's participants."),
        ("cohorts list", "list_cohorts", "List cohorts and their filters."),
    ),
    *_in(
        "ingest.reference",
        ("companies import", "import_companies", "Import companies, members and programme instances."),
    ),
    *_in(
        "orchestration.dbt_by_hand",
        ("dbt", "dbt", "Run dbt by hand, while no erasure puts tables in their places."),
        passes_on=True,
    ),
    *_in(
        "ingest.dead_letters.commands",
        ("dead-letters list", "list_letters", "List dead letters."),
        ("dead-letters show", "show", "Show one dead letter."),
        ("dead-letters replay", "replay", "Process dead letters anew."),
        ("dead-letters discard", "discard", "Delete dead letters."),
    ),
    *_in(
        "ingest.delivery_commands",
        ("deliveries show", "show", "Show what became of one delivery."),
    ),
    *_in(
        "orchestration.journey.commands",
        ("journey validate", "validate", "Check rule files of the journey engine."),
        ("journey backtest", "backtest", "Try a rule on the past, week by week."),
        ("journey explain", "explain", "Say what every rule says of a person."),
        ("journey report", "report", "Write the page of the rules in force."),
    ),
    *_in(
        "orchestration.formulas.commands",
        ("formula-overrides set", "set_", "Give a company its own formula parameters from a day on."),
        ("formula-overrides list", "list_", "List the parameters that companies have set themselves."),
    ),
    *_in(
        "orchestration.impact_in.commands",
        ("impact-in connect", "connect", "Say where a company's numbers go."),
        ("impact-in secret", "secret", "Keep a partner's secret, encrypted."),
        ("impact-in gate", "gate", "Switch deliveries to a platform on or off for one company."),
        ("impact-in deliver", "deliver", "Send what is due, now."),
        ("impact-in reconcile", "reconcile", "Compare what partners accepted with what is published."),
    ),
    *_in(
        "ingest.api_key_commands",
        ("keys create", "create", "Make an API key and show it once."),
        ("keys list", "list_keys", "List the API keys, without the keys themselves."),
        ("keys revoke", "revoke", "Take an API key out of force."),
    ),
    *_in(
        "orchestration.load_commands",
        ("load ingest", "ingest", "Send signed webhooks at a rate."),
        ("load reads", "reads", "Read dashboards at a rate."),
        ("load stream", "stream", "Send live updates to many clients."),
        ("load freshness", "freshness", "Time webhooks until their number is on the dashboard."),
        ("load mixed", "mixed", "All of it at once."),
        ("load compare", "compare", "Say whether this checkout is slower than another version."),
        needs_platform=False,
    ),
    *_in(
        "orchestration.impact_in.commands",
        ("partners simulate", "simulate", "Run simulated CSR suites in the foreground."),
        needs_platform=False,
    ),
    *_in(
        "ingest.sealing.commands",
        ("privacy seal", "seal", "Seal texts of events that were stored in the clear."),
    ),
    *_in(
        "orchestration.privacy.retention.commands",
        ("privacy retention", "retention", "List for how long what is kept; end what is over."),
        ("privacy keep", "keep", "Let a company keep data for another time, within legal bounds."),
    ),
    *_in(
        "ingest.sealing.commands",
        ("privacy rotate-key", "rotate_key", "Wrap the keys of people's texts by a new master key."),
    ),
    *_in(
        "orchestration.privacy.requests.commands",
        (
            "privacy requests",
            "requests",
            "List requests of people about their data, by the time they are due.",
        ),
        ("privacy audit verify", "verify", "Check that the audit of privacy requests is as it was recorded."),
    ),
    *_in(
        "orchestration.privacy.declarations.commands",
        ("privacy declared", "declared", "List what holds data of people."),
        ("privacy coverage", "coverage", "Compare what the stores hold with what is declared."),
        ("privacy lineage", "lineage", "Trace which columns personal data feed."),
        ("privacy mask", "mask", "Make the views for analysts that show no person."),
        ("privacy matrix", "matrix", "Write the privacy test matrix."),
        ("privacy record", "record_of_processing", "Write the record of processing."),
        ("privacy fides", "fides", "Write the declarations as Fides datasets."),
    ),
    *_in(
        "orchestration.privacy.erasure.commands",
        ("privacy erasures", "erasures", "List erasures, and the steps of those that are not finished."),
        (
            "privacy verify",
            "verify",
            "Check a certificate, and count again what is left of the people it is about.",
        ),
        (
            "privacy restored",
            "restored",
            "After a backup was put back: find who came back with it and erase them again.",
        ),
    ),
    *_in(
        "orchestration.governance.commands",
        ("q2q models", "models", "List models and what serves."),
        ("q2q sync", "sync", "Bring the file of models to the registry."),
        ("q2q activate", "activate", "Let a version serve."),
        ("q2q deactivate", "deactivate", "Stop a version from serving."),
        ("q2q evaluate", "evaluate", "Evaluate a version and ask the gate."),
        ("q2q compare", "compare", "Compare two versions."),
        ("q2q shadow", "shadow", "Compare a shadow's scores with what served."),
        ("q2q baseline", "baseline", "Pin what drift is measured against."),
    ),
    *_in(
        "orchestration.gate.commands",
        ("safety try", "try_", "Count which stored texts changed rules would move; nothing is written."),
        ("safety rescreen", "rescreen", "Judge texts anew that have no verdict of the rules in force."),
    ),
    *_in(
        "orchestration.endurance_commands",
        ("soak", "soak", "Send for an hour with everything switched on, and say what gave way."),
        ("chaos", "chaos", "Break things by a seed while it sends, and say whether promises held."),
        needs_platform=False,
    ),
    *_in(
        "ingest.webhooks.secret_commands",
        ("webhooks rotate", "rotate", "Give a source a new secret; the old ones end after a while."),
        ("webhooks secrets", "secrets", "List the secrets of every source, without the secrets themselves."),
    ),
    *_in(
        "orchestration.sample_webhook",
        ("webhooks send-sample", "send", "Sign one Kintell webhook and send it."),
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
