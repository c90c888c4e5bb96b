"""How long a person waits for their data: requests over HTTP, to the file in hand.

    python -m tests.benchmarks.privacy_export --own [--times N]

starts a platform on free ports in a folder of its own, tells it of one person by `--webhooks` signed
webhooks, and asks for that person. Without `--own` it asks the running platform, of somebody it knows:

    set -a; eval "$(.venv/bin/impact env)"; set +a
    .venv/bin/python -m tests.benchmarks.privacy_export [--email ADDRESS] [--times N]

Writes the report docs/reports/privacy_export.{md,json}. Ends with 1 if the median is over 5 s.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from ingest.stores import clickhouse_client
from ingest.webhooks.sample import send_sample
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.benchmarks import reports

TARGET_S = 5.0
_PATIENCE_S = 300.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--email", default="oksana.k@example.org")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--own", action="store_true", help="start a platform for it")
    parser.add_argument("--webhooks", type=int, default=20, help="of the person, with --own")
    parser.add_argument("--folder", type=Path, default=reports.FOLDER, help="of the report")
    chosen = parser.parse_args()
    with own_platform(chosen.webhooks) if chosen.own else nullcontext(dict(os.environ)) as environment:
        headers = {"Authorization": f"Bearer {environment['IMPACT_ADMIN_KEY']}"}
        with httpx.Client(base_url=environment["IMPACT_API_URL"], headers=headers, timeout=30) as client:
            runs = [measure(client, chosen.email) for _ in range(chosen.times)]
    rows = [("from the request to the file in hand", "waited_s"), ("of it, the run's own work", "worked_s")]
    table = [["", "median, s", "longest, s", "median / 5 s"]]
    for title, name in rows:
        values = [run[name] for run in runs]
        median = statistics.median(values)
        table.append([title, f"{median:.2f}", f"{max(values):.2f}", f"{median / TARGET_S:.2f}"])
    page = reports.write(
        "privacy_export", "How long a person waits for their data", table, runs,
        command=f"python -m tests.benchmarks.privacy_export{' --own' if chosen.own else ''}",
        notes=f"{len(runs)} requests one after the other, {runs[-1]['rows']} rows of a person,"
        f" {runs[-1]['bytes']} bytes.", folder=chosen.folder,
    )  # fmt: skip
    print(page)
    sys.exit(1 if statistics.median(run["waited_s"] for run in runs) > TARGET_S else 0)


@contextmanager
def own_platform(webhooks: int) -> Iterator[dict[str, str]]:
    """A whole platform that knows one person by so many webhooks; its environment."""
    with tempfile.TemporaryDirectory(prefix="impact-export-") as home:
        layout = Layout.open(Path(home), Ports.free())
        platform.up(layout, print)
        try:
            environment = layout.environment()
            sent = [
                send_sample(environment["IMPACT_WEBHOOK_URL"], environment["IMPACT_WEBHOOK_SECRET_KINTELL"])
                for _ in range(webhooks)
            ]
            subjects = {f"session/{one.session_id}" for one in sent}
            _wait_for(layout, subjects)
            yield environment
        finally:
            platform.down(layout)


def _wait_for(layout: Layout, subjects: Collection[str]) -> None:
    query = "select uniqExact(subject) from raw.events where subject in {subjects:Array(String)}"
    ends = time.monotonic() + _PATIENCE_S
    with closing(clickhouse_client(store_settings(layout))) as clickhouse:
        while clickhouse.query(query, {"subjects": list(subjects)}).result_rows[0][0] < len(subjects):
            if time.monotonic() > ends:
                raise SystemExit(f"the webhooks did not arrive within {_PATIENCE_S:.0f} s")
            time.sleep(0.2)


def measure(client: httpx.Client, email: str) -> dict[str, Any]:
    """One request, in seconds."""
    order = {"subject": {"provider": "email", "external_id": email}}
    started_at = time.monotonic()
    answer = client.post("/v1/privacy/export", json=order)
    answer.raise_for_status()
    while time.monotonic() - started_at < _PATIENCE_S:
        told = client.get(answer.json()["status_url"]).json()
        if told["state"] == "failed":
            raise SystemExit(f"request {told['request_id']} failed: {told['error']}")
        if told["download"]:
            file = client.get(told["download"]["url"])
            file.raise_for_status()
            times = {step["step"]: datetime.fromisoformat(step["recorded_at"]) for step in told["steps"]}
            return {
                "waited_s": time.monotonic() - started_at,
                "worked_s": (times["packed"] - times["begun"]).total_seconds(),
                "rows": sum(step["detail"].get("rows", 0) for step in told["steps"]),
                "bytes": len(file.content),
            }
        time.sleep(0.1)
    raise SystemExit(f"no file within {_PATIENCE_S:.0f} s")


if __name__ == "__main__":
    main()
