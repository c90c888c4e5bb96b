"""The results of `tests.benchmarks.growth` as a page: a table for each of what grows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.benchmarks import reports

RATE = 20  # updates a second, of the clients

Figures = dict[str, Any]

COLUMNS = {
    "events": {
        "engine_limit_mib": "engine's limit, MiB",
        "raw_bytes_per_event": "raw, bytes an event", "all_bytes_per_event": "with marts",
        "build_s": "marts from nothing, s", "build_engine_s": "engine s", "build_peak_mib": "peak MiB",
        "refresh_s": "after 10,000 new, s", "refresh_engine_s": "engine s", "refresh_peak_mib": "peak MiB",
        "person_ms": "one person, ms", "dashboard_ms": "one company, ms",
    },
    "companies": {
        "events": "events", "engine_limit_mib": "engine's limit, MiB", "build_s": "marts from nothing, s",
        "rows_served": "rows served", "publish_s": "publication, s",
        "publish_nothing_s": "of nothing, s", "postgres_mib": "Postgres MiB", "reads_per_s": "reads a second",
        "read_p50_ms": "p50 ms", "read_p95_ms": "p95 ms", "read_p99_ms": "p99 ms", "api_rss_mib": "API MiB",
    },
    "clients": {
        "deliveries_per_s": "deliveries a second", "delivered_share": "of those sent",
        "server_cores": "cores of the API", "us_per_delivery": "µs each", "rss_mib": "API MiB",
        "kib_per_client": "KiB a client", "p50_ms": "p50 ms", "p99_ms": "p99 ms",
    },
}  # fmt: skip
TITLES = {
    "events": "Events", "companies": "Companies, with so many events between them",
    "clients": f"Clients of the live stream, {RATE} updates a second",
}  # fmt: skip


def write(results: list[Figures], folder: Path) -> str:
    """The report; a ratio stands beside each size, to the smallest of its kind, per one of what grows."""
    sizes = {what: [one["count"] for one in results if one["of"] == what] for what in COLUMNS}
    asked = " ".join(f"--{what} {' '.join(map(str, counts))}" for what, counts in sizes.items() if counts)
    command = f"python -m tests.benchmarks.growth {asked}"
    pages = []
    for what, columns in COLUMNS.items():
        rows = [one for one in results if one["of"] == what]
        if not rows:
            continue
        table = [
            [what, *columns.values(), "cost of one, ratio"],
            *(
                [f"{one['count']:,}", *(_shown(one.get(name, "")) for name in columns), _ratio(one, rows[0])]
                for one in rows
            ),
        ]
        notes = "Ratio: what one more costs, to the smallest size. Engine seconds are of one core."
        pages.append(
            reports.write("growth", TITLES[what], table, results, command=command, notes=notes, folder=folder)
        )
    page = "\n".join(pages)
    (folder / "growth.md").write_text(page, "utf-8")
    return page


def _ratio(one: Figures, smallest: Figures) -> str:
    name = {"events": "build_engine_s", "companies": "publish_cpu_s", "clients": "server_cores"}[one["of"]]
    each = [result[name] / result["count"] for result in (one, smallest)]
    return f"{each[0] / each[1]:.2f}" if each[1] else ""


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,}"
