"""A storm of reconnections: `python -m tests.soak.reconnect_storm --clients 1000 --seconds 300`.

Starts stores and API processes of its own. Clients of two companies follow the stream with random drops, in
the middle of a frame too; some read slowly, some stop reading for seconds; the API processes are stopped and
killed in turn; updates of both companies are published all the time. In the end each client's sequence has to
be the published one of its company, minus the gaps it was told: no loss, no double, no foreign event.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import uvloop

from tests.soak import reconnecting


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument(
        "--rate", type=float, default=50, help="updates per second, of both companies together"
    )
    parser.add_argument("--processes", type=int, default=2, help="API processes that share the clients")
    parser.add_argument("--restart-every", type=float, default=20, help="seconds between restarts, about")
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--report", type=Path, help="write the report here: <path>.md and <path>.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, reconnecting.stores(Path(folder)) as place:
        figures = uvloop.run(
            reconnecting.storm(
                place,
                clients=options.clients,
                seconds=options.seconds,
                rate=options.rate,
                processes=options.processes,
                restart_every_s=options.restart_every,
                seed=options.seed,
            )
        )
    figures["command"] = (
        f"python -m tests.soak.reconnect_storm --clients {options.clients} --seconds {options.seconds:g}"
        f" --rate {options.rate:g} --seed {options.seed}"
    )
    report = render(figures)
    print(report)
    if options.report:
        options.report.with_suffix(".md").write_text(report, encoding="utf-8")
        options.report.with_suffix(".json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    sys.exit(0 if figures["is_exact"] else 1)


def render(figures: dict[str, object]) -> str:
    rows = [f"| {name} | {value} |" for name, value in figures.items() if name not in ("command", "rss_mb")]
    verdict = "every client received exactly what was published" if figures["is_exact"] else "NOT exact"
    memory = ", ".join(f"{value:.0f}" for value in figures["rss_mb"])  # type: ignore[attr-defined]
    return "\n".join(
        [
            "# A storm of reconnections", "", f"`{figures['command']}`: {verdict}.", "",
            "| | |", "| --- | ---: |", *rows, "",
            f"Memory of the largest API process over the run, MB: {memory}.", "",
        ]
    )  # fmt: skip


if __name__ == "__main__":
    main()
