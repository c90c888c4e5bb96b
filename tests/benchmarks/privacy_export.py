"""How long a person waits for their data: requests over HTTP on the running platform, to the file in hand.

    set -a; eval "$(.venv/bin/impact env)"; set +a
    .venv/bin/python -m tests.benchmarks.privacy_export [--email ADDRESS] [--times N]

Of somebody the platform knows, such as `impact webhooks send-sample` makes. Writes the report
docs/reports/privacy_export.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

REPORTS = Path(__file__).resolve().parents[2] / "docs" / "reports"
TARGET_S = 5.0
_PATIENCE_S = 300.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--email", default="oksana.k@example.org")
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args()
    headers = {"Authorization": f"Bearer {os.environ['IMPACT_ADMIN_KEY']}"}
    with httpx.Client(base_url=os.environ["IMPACT_API_URL"], headers=headers, timeout=30) as client:
        runs = [measure(client, arguments.email) for _ in range(arguments.times)]
    rows = [("from the request to the file in hand", "waited_s"), ("of it, the run's own work", "worked_s")]
    lines = [
        "# How long a person waits for their data",
        "",
        f"{len(runs)} requests one after the other, {runs[-1]['rows']} rows of a person,"
        f" {runs[-1]['bytes']} bytes.",
        f"The reference is {TARGET_S:.0f} s. Raw: `privacy_export.json`.",
        "",
        "| | median | longest | median / reference |",
        "|---|---|---|---|",
    ]
    for title, name in rows:
        values = [run[name] for run in runs]
        median = statistics.median(values)
        lines.append(f"| {title} | {median:.2f} s | {max(values):.2f} s | {median / TARGET_S:.2f} |")
    (REPORTS / "privacy_export.json").write_text(json.dumps(runs, indent=1) + "\n", "utf-8")
    (REPORTS / "privacy_export.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


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
