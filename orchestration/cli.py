"""The `impact` command: the platform on this machine, and what is done with it."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Annotated

import typer

from orchestration import lazy_commands
from orchestration.console import explained, out

# Locals hold passwords: they stay out of tracebacks.
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


@app.callback()
def impact() -> None:
    """Runs the platform on this machine, feeds it and looks after it."""


@app.command()
def up(
    stores_only: Annotated[bool, typer.Option("--stores-only", help="Only the stores, migrated.")] = False,
    with_monitoring: Annotated[
        bool, typer.Option("--with-monitoring", help="Prometheus beside it, also beside a running one.")
    ] = False,
) -> None:
    """Start the platform and wait until it is healthy."""
    from orchestration.stack import platform, settings, tables

    started_at = time.monotonic()
    with explained():
        layout = settings.startable_layout()
        started = platform.up(layout, _progress, stores_only=stores_only, with_monitoring=with_monitoring)
    if started.was_running:
        out.print(f"The platform in {layout.home} was running already.")
    else:
        out.print(f"Everything is healthy after {time.monotonic() - started_at:.0f} s.")
    out.print(tables.welcome(layout, stores_only=stores_only, with_monitoring=with_monitoring))


@app.command()
def down() -> None:
    """Stop the platform, stores last. Its data stay."""
    from orchestration.stack import platform, settings

    with explained():
        layout = settings.running_layout()
        was_running = platform.down(layout)
    out.print(f"Stopped; the data stay in {layout.home}." if was_running else "Nothing was running.")


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Health, pid, port and memory of each part. Ends with 0 if all are healthy, 3 if not."""
    from orchestration.stack import settings, tables
    from orchestration.stack import status as platform_status

    with explained():
        found = platform_status.status(settings.running_layout())
    if as_json:
        out.print_json(json.dumps(found.to_dict()))
    else:
        out.print(tables.status_table(found))
    raise typer.Exit(0 if found.is_healthy else 3)


@app.command()
def logs(
    name: Annotated[str, typer.Argument(help="A part as `impact status` names it, or `supervisor`.")],
    follow: Annotated[
        bool, typer.Option("-f", "--follow", help="Go on with what is written from now.")
    ] = False,
    lines: Annotated[int, typer.Option("-n", "--lines", min=0, help="How many lines of the past.")] = 50,
) -> None:
    """Show what a part has printed."""
    from orchestration.stack import logs as stack_logs
    from orchestration.stack import settings

    with explained():
        for line in stack_logs.read(settings.running_layout(), name, lines=lines, follow=follow):
            sys.stdout.write(line)
            sys.stdout.flush()


@app.command()
def env() -> None:
    """Addresses and secrets as KEY=VALUE lines: `set -a; eval "$(impact env)"; set +a`."""
    import shlex

    from orchestration.stack import settings, tables

    with explained():
        environment = tables.client_environment(settings.running_layout())
    for name, value in sorted(environment.items()):
        sys.stdout.write(f"{name}={shlex.quote(value)}\n")


@app.command()
def doctor() -> None:
    """Check stores, rights, disk and ports, and say what to do. Ends with 1 if there is a problem."""
    from orchestration.stack import doctor as stack_doctor
    from orchestration.stack import settings, tables

    with explained():
        findings = stack_doctor.examine(settings.startable_layout())
    out.print(tables.findings_table(findings))
    raise typer.Exit(0 if all(finding.is_good for finding in findings) else 1)


@app.command()
def migrate() -> None:
    """Bring the schema of the running stores to this version. `impact up` does it too."""
    from orchestration.stack import preparation, settings

    with explained():
        applied = preparation.prepare(settings.running_layout())
    for name in applied:
        out.print(f"applied {name}")
    if not applied:
        out.print("The stores are current.")


def _command_environment() -> dict[str, str]:
    """What a package's command finds in its environment: this platform's addresses and secrets."""
    from orchestration.stack import child, settings, tables

    with explained():
        return {**tables.client_environment(settings.running_layout()), **child.direct_calls(os.environ)}


def _progress(line: str) -> None:
    out.print(f"  {line}", style="dim", markup=False)


lazy_commands.register(app, _command_environment)
