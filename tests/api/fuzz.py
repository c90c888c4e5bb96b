"""Requests that nobody would write, to every operation of the API: `python -m tests.api.fuzz --cases 10000`.

Starts stores and an API of its own on free ports, with two companies that have figures, and lets
schemathesis ask: with the examples of the description, at the edges of each schema, at random, and in chains
of requests. Fails on a 5xx, on a status, header or body that the description does not have, on a lax check
of what is sent, and on an answer without a credential. It asks part by part, a few operations each; what a
part found is kept, so `--minutes 8` may be said again and again until all was asked (exit 3 until then). A
part that failed, or whose description has changed, is asked again. `--report` writes
docs/reports/api_fuzz.{md,json}.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any, Literal

import httpx

from ingest.api_keys import create_key
from ingest.stores import postgres_connection
from orchestration.stack import preparation
from serving.app import create_app
from serving.description import operations
from serving.settings import ServingSettings
from tests.benchmarks.ingest import running_stores
from tests.serving.figures import DATABASE, Marts
from tests.serving.running import OURS, THEIR_SEED, THEIRS, Api, running_api, wait_until_ready

REPORT = Path(__file__).parents[2] / "docs" / "reports" / "api_fuzz"
ALONE = ("examples", "coverage", "fuzzing")  # phases that ask one operation at a time
CHAINED = ("stateful",)
AT_RANDOM = ("fuzzing",)  # what another seed makes anew
TOGETHER = 6  # operations of a part: a minute or two
UNFINISHED = 3
_REFERENCE = re.compile(r'"#/components/(\w+)/([^"]+)"')
_NO_LINKS = "No links for stateful testing"
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
Document = dict[str, Any]
Asker = Literal["company_admin", "system_admin"]


@dataclass(frozen=True)
class Part:
    """Some operations of one tag, what is done with them, and who asks."""

    operations: tuple[str, ...]
    phases: tuple[str, ...]
    asker: Asker
    seed: int
    description: str  # a hash of what is promised of them: what was asked of another has to be asked again

    @property
    def name(self) -> str:
        return (
            f"{self.seed} {self.asker} {','.join(self.phases)} {','.join(self.operations)} {self.description}"
        )


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
    part: str = ""
    commit: str = ""


class Kept:
    """What the parts found so far: a file of one seed, only appended to; the last word on each counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        found = [Outcome(**json.loads(line)) for line in lines]
        # Of the same operations under another description, what was found is nothing any more.
        newest = {one.part.rpartition(" ")[0]: one.part for one in found}
        self.outcomes = {one.part: one for one in found if newest[one.part.rpartition(" ")[0]] == one.part}

    def add(self, outcome: Outcome) -> None:
        about = outcome.part.rpartition(" ")[0]
        self.outcomes = {name: one for name, one in self.outcomes.items() if name.rpartition(" ")[0] != about}
        self.outcomes[outcome.part] = outcome
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")

    def has_passed(self, part: Part) -> bool:
        return part.name in self.passed

    @property
    def passed(self) -> set[str]:
        return {name for name, one in self.outcomes.items() if not one.failures}

    @property
    def cases(self) -> int:
        return sum(one.cases for one in self.outcomes.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="go on until so many were asked")
    parser.add_argument("--examples", type=int, default=20, help="random requests per operation and round")
    parser.add_argument("--seed", type=int, default=20261127, help="repeats a run")
    parser.add_argument("--only", default="", help="operations whose id matches this expression")
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="begin no further part after so long"
    )
    parser.add_argument("--through", default="", help="a command that runs each part, such as `nice`")
    parser.add_argument("--afresh", action="store_true", help="forget what was found so far")
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.name}.md and .json")
    arguments = parser.parse_args()
    document = create_app(ServingSettings.for_documentation()).openapi()
    kept = Kept(_kept_path(arguments.seed, arguments.examples, arguments.only))
    if arguments.afresh:
        kept.path.unlink(missing_ok=True)
        kept = Kept(kept.path)
    is_finished = _ask(arguments, document, kept)
    report = render(
        kept.outcomes.values(), [operation["operationId"] for _, operation in operations(document)]
    )
    print(report)
    if arguments.report and is_finished:
        REPORT.with_suffix(".md").write_text(report, encoding="utf-8")
        raw = [{**asdict(one), "output": one.output[-500:]} for one in kept.outcomes.values()]
        REPORT.with_suffix(".json").write_text(json.dumps(raw, indent=2) + "\n", encoding="utf-8")
    if any(one.failures for one in kept.outcomes.values()):
        sys.exit(1)
    if not is_finished:
        print(f"not all was asked yet; run it again to go on ({kept.path})")
        sys.exit(UNFINISHED)


def _kept_path(seed: int, examples: int, only: str) -> Path:
    asked = json.dumps([seed, examples, only])
    return (
        Path(tempfile.gettempdir()) / f"impact-fuzz-{hashlib.sha256(asked.encode()).hexdigest()[:12]}.jsonl"
    )


def _ask(arguments: argparse.Namespace, document: Document, kept: Kept) -> bool:
    """Ask part after part, each once; whether all was asked. Starts nothing where it was asked before."""
    if _waiting(arguments, document, kept, set()) is None:
        return True
    commit = subprocess.run(
        ["git", "rev-parse", "--short=8", "HEAD"], capture_output=True, text=True, check=True,
        cwd=REPORT.parent,
    ).stdout.strip()  # fmt: skip
    tried: set[str] = set()
    with _running() as (api, keys):
        until = time.monotonic() + 60 * arguments.minutes
        while part := _waiting(arguments, document, kept, tried):
            if time.monotonic() > until:
                return False
            tried.add(part.name)
            found = fuzz(
                api, keys[part.asker], examples=arguments.examples, seed=part.seed,
                phases=",".join(part.phases),
                only=f"^({'|'.join(map(re.escape, part.operations))})$", through=arguments.through.split(),
            )  # fmt: skip
            kept.add(replace(found, part=part.name, commit=commit))
            print(
                f"{kept.cases:>6,} cases; {found.cases} in {found.seconds:.0f} s of {part.name}", flush=True
            )
            if found.failures:
                print(found.output, flush=True)
            assert api.process.poll() is None, f"the API ended: {api.log.read_text('utf-8')[-4000:]}"
    return True


def _waiting(arguments: argparse.Namespace, document: Document, kept: Kept, tried: set[str]) -> Part | None:
    """The next part to be asked; later rounds begin when the ones before have passed and were too few."""
    for number in count():
        for part in parts(document, arguments.seed + number, arguments.only, is_first=not number):
            if not kept.has_passed(part) and part.name not in tried:
                return part
        if kept.cases >= arguments.cases or arguments.only or tried - kept.passed:
            return None
    raise AssertionError("rounds do not end by themselves")


def parts(document: Document, seed: int, only: str, *, is_first: bool) -> Iterator[Part]:
    """All that is asked in a round. Later rounds ask at random alone: the rest would be the same again."""
    tags: dict[tuple[str, Asker], list[str]] = {}
    for _, operation in operations(document):
        # Of anybody else, what is for administrators of the platform only tells that it is.
        asker: Asker = (
            "system_admin" if "system:admin" in operation.get("x-permission", ()) else "company_admin"
        )
        if re.search(only, operation["operationId"]):
            tags.setdefault((operation["tags"][0], asker), []).append(operation["operationId"])
    for (_, asker), ids in tags.items():
        for first in range(0, len(ids), TOGETHER):
            few = tuple(ids[first : first + TOGETHER])
            yield Part(few, ALONE if is_first else AT_RANDOM, asker, seed, _description(document, few))
        if is_first and len(ids) > 1:
            yield Part(tuple(ids), CHAINED, asker, seed, _description(document, ids))


def _description(document: Document, ids: Collection[str]) -> str:
    """A hash of the operations with all that they refer to."""
    told = [[path, one] for path, one in operations(document) if one["operationId"] in ids]
    text = json.dumps(told, sort_keys=True)
    waiting, seen = set(_REFERENCE.findall(text)), set()
    while waiting:
        kind, name = one = waiting.pop()
        seen.add(one)
        told.append([kind, name, document["components"][kind][name]])
        waiting |= set(_REFERENCE.findall(json.dumps(told[-1]))) - seen
    return hashlib.sha256(json.dumps(sorted(told, key=str), sort_keys=True).encode()).hexdigest()[:8]


@contextmanager
def _running() -> Iterator[tuple[Api, dict[Asker, str]]]:
    """An API on stores of its own, and a key for each who asks."""
    with tempfile.TemporaryDirectory() as name, running_stores(Path(name)) as layout:
        settings = preparation.store_settings(layout)
        with closing(postgres_connection(settings, autocommit=True)) as connection:
            for company_id, title in ((OURS, "Ours"), (THEIRS, "Theirs")):
                connection.execute(
                    "insert into ingest.companies (company_id, name) values (%s, %s)", (company_id, title)
                )
            keys: dict[Asker, str] = {
                "company_admin": create_key(
                    connection, OURS, "fuzz", "company_admin", rate_limit_per_minute=100_000_000
                ),
                "system_admin": create_key(
                    connection, None, "fuzz", "system_admin", rate_limit_per_minute=100_000_000
                ),
            }
        Marts(settings).publish({OURS: 0, THEIRS: THEIR_SEED})
        log = Path(name) / "api.log"
        with running_api(layout, log, **OPTIONS) as api:
            wait_until_ready(api)
            try:
                yield api, keys
            finally:
                lines = log.read_text("utf-8").splitlines()
                print("\n".join(line for line in lines if '"error"' in line)[-8000:])


def fuzz(
    api: Api, key: str, *, examples: int, seed: int, phases: str, only: str, through: Sequence[str] = ()
) -> Outcome:
    """One run of schemathesis against a running API; the description it goes by is the API's own."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        description = Path(folder) / "openapi.json"
        # Schemathesis itself waits ten seconds.
        description.write_bytes(httpx.get(f"{api.url}/openapi.json", timeout=120).content)
        done = subprocess.run(
            [
                *through, sys.executable, "-m", "schemathesis.cli",
                "--config-file", str(CONFIGURATION), "run",
                str(description), "--url", api.url,
                "--header", f"Authorization: Bearer {key}", "--phases", phases,
                "--max-examples", str(examples), "--seed", str(seed), "--report", "json",
                "--report-json-path", str(report), "--continue-on-failure", "--generation-database", "none",
                "--no-shrink", "--include-operation-id-regex", only,
            ],
            capture_output=True, text=True, check=False, cwd=folder,
        )  # fmt: skip
        output = done.stdout + done.stderr
        if not report.exists():
            failures = [f"schemathesis ended with {done.returncode}"]
            return Outcome(seed, 0, failures, 0, 0, time.monotonic() - started, output)
        found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    tested = found["operations"] or {"tested": 0, "skipped": 0}  # none: the description was not read
    failures = [
        f"{one['title']} ({one['count']}): {', '.join(one['operations'])}" for one in found["failures"]
    ]
    failures += [f"{one['title']} ({one['count']})" for one in found["errors"]]
    if phases == "stateful" and _NO_LINKS in output:  # none of these leads to another of them
        return Outcome(seed, 0, [], 0, tested["skipped"], time.monotonic() - started, output)
    if done.returncode and not failures:
        failures.append(f"schemathesis ended with {done.returncode}")
    return Outcome(
        seed=seed,
        cases=found["test_cases"]["generated"],
        failures=failures,
        operations=tested["tested"],
        skipped=tested["skipped"],
        seconds=time.monotonic() - started,
        output=output,
    )


def render(outcomes: Iterable[Outcome], described: Sequence[str]) -> str:
    found = list(outcomes)
    rows = "\n".join(
        f"| {one.seed} | {one.part.split(' ')[1]} | {', '.join(one.part.split(' ')[2].split(','))}"
        f" | {', '.join(one.part.split(' ')[3].split(','))} | {one.cases:,} | {len(one.failures)}"
        f" | {one.seconds:.0f} s |"
        for one in found
    )
    asked = {operation for one in found for operation in one.part.split(" ")[3].split(",")}
    failures = "\n".join(f"- {line}" for one in found for line in one.failures) or "None."
    return f"""# The API under requests that nobody would write

Printed by `python -m tests.api.fuzz --cases N --report` on {datetime.now(UTC):%Y-%m-%d},
{platform.machine()}, Python {platform.python_version()}, schemathesis {version("schemathesis")}, commits
{", ".join(sorted({one.commit for one in found}))}: {sum(one.cases for one in found):,} cases, {len(asked)} of
{len(described)} operations.

| seed | asked by | phases | operations | cases | kinds of failures | time |
|---|---|---|---|---|---|---|
{rows}

Every check of schemathesis is on, but for those that `tests/api/schemathesis.toml` names with their reasons.

## Failures

{failures}
"""


if __name__ == "__main__":
    main()
