"""Examines what the platform stands on: folder, disk, ports and stores."""

from __future__ import annotations

import shutil

from orchestration.stack import preflight, processes, supervision
from orchestration.stack.layout import STORES, Layout
from orchestration.stack.platform import children_of
from orchestration.stack.store_checks import Finding, examine_store


def examine(layout: Layout) -> list[Finding]:
    """Every finding, good and bad, in the order in which an operator would look."""
    with supervision.connect(layout) as supervisor:
        running = (
            {name for name, state in supervisor.states().items() if state.is_up} if supervisor else set()
        )
    findings = [_disk(layout), *_ports(layout, running)]
    for store in STORES:
        if layout.is_external(store) or store in running:
            findings += examine_store(layout, store)
        else:
            findings.append(Finding(store, True, "embedded, not running", "`make up` starts it"))
    return findings


def _disk(layout: Layout) -> Finding:
    free = shutil.disk_usage(layout.home).free
    problem = preflight.disk_problems(layout)
    return Finding("disk", not problem, f"{free / 2**30:.1f} GiB free at {layout.home}", " ".join(problem))


def _ports(layout: Layout, running: set[str]) -> list[Finding]:
    ours = {process.pid for process in processes.of_platform(layout)}
    findings = []
    for child in children_of(layout, with_monitoring=bool(running & {"prometheus"})):
        for name, port in preflight.ports_needed(layout, [child]):
            by = processes.listener(port)
            if by.pid in ours or child.name in running:
                findings.append(Finding(f"port {port}", True, f"{name}, used by {child.name}"))
            elif problems := preflight.port_problems(layout, [child]):
                found = f"{name}, used by {by.program or 'another program'} (pid {by.pid or 'unknown'})"
                findings.append(Finding(f"port {port}", False, found, problems[0].partition(". ")[2]))
            else:
                findings.append(Finding(f"port {port}", True, f"{name}, free"))
    return findings
