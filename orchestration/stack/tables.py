"""What the platform shows in a terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from itertools import pairwise

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from orchestration.stack.layout import HOST, STORES, Layout
from orchestration.stack.preflight import address_of
from orchestration.stack.status import PartStatus, PlatformStatus
from orchestration.stack.store_checks import Finding

MIB = 1 << 20
HINTS = (
    (".venv/bin/impact webhooks send-sample", "signs and sends a first webhook"),
    ("make demo", "a synthetic programme, through the front door"),
    ("make status", "health and memory of each part; `impact logs NAME` shows its output"),
    (".venv/bin/impact env", "addresses and secrets as KEY=VALUE lines"),
    ("make down", "stops everything; the data stay"),
)


def welcome(layout: Layout, *, stores_only: bool = False, with_monitoring: bool = False) -> RenderableType:
    """Where everything is, a key to call the API with, and how to send the first webhook."""
    environment = client_environment(layout)
    places = {name: address_of(layout, name) for name in STORES}
    if not stores_only:
        places |= {
            "API and its docs": f"{environment['IMPACT_API_URL']}/docs",
            "Dagster": environment["DAGSTER_URL"],
            "dbt docs": f"{environment['IMPACT_API_URL']}/dbt-docs/",
            "Webhooks": f"{environment['IMPACT_WEBHOOK_URL']}/v1/webhooks/session-completed",
            "API key": environment["IMPACT_API_KEY"],
        }
    if with_monitoring:
        places["Prometheus"] = f"http://{HOST}:{layout.ports.prometheus}"
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, place in places.items():
        table.add_row(name, place)
    hints = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    hints.add_column(style="cyan", no_wrap=True)
    hints.add_column()
    for command, use in HINTS:
        hints.add_row(command, use)
    return Group(Panel(table, title="The platform is up", expand=False), hints)


def client_environment(layout: Layout) -> dict[str, str]:
    """`layout.environment()` with the demo's company and key, once the demo has made them."""
    environment = layout.environment()
    try:
        demo = json.loads((layout.home / "demo.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {**environment, "IMPACT_API_KEY": environment["IMPACT_ADMIN_KEY"]}
    return {**environment, "IMPACT_API_KEY": demo["api_key"], "DEMO_COMPANY_ID": demo["company_id"]}


def status_table(status: PlatformStatus) -> RenderableType:
    if not status.is_running:
        if status.is_changing:
            return Text(f"The platform in {status.home} is starting or stopping.", style="yellow")
        if status.orphan_pids:
            pids = ", ".join(map(str, status.orphan_pids))
            return Text(
                f"The supervisor of {status.home} is gone, but processes of its own still run (pids {pids})."
                " `make down` stops them; `make up` does so too and starts the platform again.",
                style="red",
            )
        return Text(f"The platform in {status.home} is not running. `make up` starts it.")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("part")
    table.add_column("health")
    for header in ("pid", "port", "memory", "up for"):
        table.add_column(header, justify="right")
    table.add_column("restarts")
    for part in status.parts:
        table.add_row(*_row(part))
    total = (
        f"supervisor {status.supervisor_pid}, {status.rss_bytes / MIB:,.0f} MiB in all, data in {status.home}"
    )
    return Group(table, Text(total, style="dim"))


def _row(part: PartStatus) -> Sequence[RenderableType]:
    if part.is_healthy:
        health = Text("healthy" if part.state != "external" else "healthy (external)", style="green")
    else:
        health = Text(f"{part.state}: {part.problem}", style="red")
    restarts = str(part.restart_count)
    if part.restarted_at:
        restarts += f", last {duration(int(time.time() - part.restarted_at))} ago"
    return (
        part.name,
        health,
        str(part.pid or ""),
        str(part.port or ""),
        f"{part.rss_bytes / MIB:,.0f} MiB" if part.rss_bytes is not None else "",
        duration(part.uptime_s) if part.uptime_s is not None else "",
        Text(restarts, style="yellow") if part.restart_count else Text(restarts, style="dim"),
    )


def duration(seconds: int) -> str:
    """The two largest units: '3 d 4 h', '12 min 5 s', '7 s'."""
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    for (name, size), (smaller_name, smaller) in pairwise(units):
        if seconds >= size:
            return f"{seconds // size} {name} {seconds % size // smaller} {smaller_name}"
    return f"{seconds} s"


def findings_table(findings: Sequence[Finding]) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for header in ("", "what", "found", "what to do"):
        table.add_column(header, overflow="fold")
    for finding in findings:
        sign = Text("✓", style="green") if finding.is_good else Text("✗", style="bold red")
        table.add_row(sign, finding.subject, Text(finding.found), Text(finding.advice))
    return table
