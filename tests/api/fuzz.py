"""Requests that nobody would write, to every operation of the API: `python -m tests.api.fuzz --cases 10000`.

Starts stores and an API of its own on free ports, with two companies that have figures, and lets
schemathesis ask: with the examples of the description, at the edges of each schema, at random, and in chains
of requests. Fails on a 5xx, on a status, header or body that the description does not have, on a lax check
of what is sent, and on an answer without a credential. `--report` writes docs/reports/api_fuzz.{md,json}.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ingest.api_keys import create_key
from ingest.stores import postgres_connection
from orchestration.stack import preparation
from tests.benchmarks.ingest import running_stores
from tests.serving.figures import DATABASE, Marts
from tests.serving.running import OURS, THEIR_SEED, THEIRS, Api, running_api, wait_until_ready

REPORT = Path(__file__).parents[2] / "docs" / "reports" / "api_fuzz"
PHASES = ("examples", "coverage", "fuzzing", "stateful")
# A live stream ends at once here, so that it is an operation like any other.
OPTIONS = {
    "STREAM_LIFETIME_S": "0.2",
    "STREAM_HEARTBEAT_S": "0.1",
    "SERVING_QUERIES_PER_DAY": "1000000000",
    "SERVING_QUERIES_PER_MONTH": "1000000000",
    "AI_REQUESTS_PER_MINUTE": "1000000",
    "SERVING_MARTS_DATABASE": DATABASE,
}
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


@dataclass(frozen=True)
class Outcome:
    """What schemathesis said of one run."""

    seed: int
    cases: int
    failures: Sequence[str]  # a line each: what was wrong, how often, in which operations
    operations: int  # tested
    skipped: int
    seconds: float
    output: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="go on until so many were asked")
    parser.add_argument("--examples", type=int, default=20, help="random requests per operation and round")
    parser.add_argument("--seed", type=int, default=20261127, help="repeats a run")
    parser.add_argument("--only", help="operations whose id matches this expression")
    parser.add_argument("--phases", default=",".join(PHASES))
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.name}.md and .json")
    arguments = parser.parse_args()
    rounds: list[Outcome] = []
    with tempfile.TemporaryDirectory() as name, running_stores(Path(name)) as layout:
        settings = preparation.store_settings(layout)
        with closing(postgres_connection(settings, autocommit=True)) as connection:
            for company_id, title in ((OURS, "Ours"), (THEIRS, "Theirs")):
                connection.execute(
                    "insert into ingest.companies (company_id, name) values (%s, %s)", (company_id, title)
                )
            key = create_key(connection, OURS, "fuzz", "company_admin", rate_limit_per_minute=100_000_000)
        Marts(settings).publish({OURS: 0, THEIRS: THEIR_SEED})
        log = Path(name) / "api.log"
        with running_api(layout, log, **OPTIONS) as api:
            wait_until_ready(api)
            while sum(one.cases for one in rounds) < arguments.cases:
                seed = arguments.seed + len(rounds)
                done = fuzz(api, key, examples=arguments.examples, seed=seed, phases=arguments.phases,
                            only=arguments.only)  # fmt: skip
                rounds.append(done)
                total = sum(one.cases for one in rounds)
                print(f"{total} cases so far, {len(done.failures)} kinds of failures in this round")
                if done.failures or not done.cases:
                    print(done.output)
                    break
        print("\n".join(line for line in log.read_text("utf-8").splitlines() if '"error"' in line)[-4000:])
    report = render(rounds)
    print(report)
    if arguments.report:
        REPORT.with_suffix(".md").write_text(report, encoding="utf-8")
        raw = [{**asdict(one), "output": one.output[-2000:]} for one in rounds]
        REPORT.with_suffix(".json").write_text(json.dumps(raw, indent=2) + "\n", encoding="utf-8")
    if any(one.failures for one in rounds) or not rounds[-1].cases:
        sys.exit(1)


def fuzz(
    api: Api, key: str, *, examples: int, seed: int, phases: str = ",".join(PHASES), only: str | None = None
) -> Outcome:
    """One run of schemathesis against a running API; the description it goes by is the API's own."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        done = subprocess.run(
            [
                sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION), "run",
                f"{api.url}/openapi.json", "--header", f"Authorization: Bearer {key}", "--phases", phases,
                "--max-examples", str(examples), "--seed", str(seed), "--report", "json",
                "--report-json-path", str(report), "--workers", "2", "--continue-on-failure",
                *(("--include-operation-id-regex", only) if only else ()),
            ],
            capture_output=True, text=True, check=False, cwd=folder,
        )  # fmt: skip
        output = done.stdout + done.stderr
        if not report.exists():
            failures = [f"schemathesis ended with {done.returncode}"]
            return Outcome(seed, 0, failures, 0, 0, time.monotonic() - started, output)
        found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    operations = found["operations"] or {"tested": 0, "skipped": 0}  # none: the description was not read
    failures = [
        f"{one['title']} ({one['count']}): {', '.join(one['operations'])}" for one in found["failures"]
    ]
    failures += [f"{one['title']} ({one['count']})" for one in found["errors"]]
    if done.returncode and not failures:
        failures.append(f"schemathesis ended with {done.returncode}")
    return Outcome(
        seed=seed,
        cases=found["test_cases"]["generated"],
        failures=failures,
        operations=operations["tested"],
        skipped=operations["skipped"],
        seconds=time.monotonic() - started,
        output=output,
    )


def render(rounds: Sequence[Outcome]) -> str:
    rows = "\n".join(
        f"| {one.seed} | {one.operations} | {one.skipped} | {one.cases:,} | {len(one.failures)}"
        f" | {one.seconds:.0f} s |"
        for one in rounds
    )
    failures = "\n".join(f"- {line}" for one in rounds for line in one.failures) or "None."
    return f"""# The API under requests that nobody would write

Printed by `python -m tests.api.fuzz --cases N --report` on {datetime.now(UTC):%Y-%m-%d},
{platform.machine()}, Python {platform.python_version()}, schemathesis {version("schemathesis")}:
{sum(one.cases for one in rounds):,} cases.

| seed | operations | left out | cases | kinds of failures | time |
|---|---|---|---|---|---|
{rows}

Phases: {", ".join(PHASES)}. Every check of schemathesis is on, but for those that
`tests/api/schemathesis.toml` names with their reasons.

## Failures

{failures}
"""


if __name__ == "__main__":
    main()
