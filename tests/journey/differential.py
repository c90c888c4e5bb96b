"""Both evaluators against each other: `python -m tests.journey.differential --histories 100000`.

Makes people from seeds, asks ClickHouse and the interpreter the same rules about them, and names the first
answer that differs, with its seed; of one in twenty also what the statement of backtests says of seven
instants. With `--url` in a ClickHouse that runs already; what it wrote it deletes. Each seed that is through
is written to docs/reports/journey_differential.{md,json}; whoever comes again, after `--minutes` or an
interruption, goes on with the seeds that this code has not been asked yet.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client
from orchestration.journey import grid
from orchestration.journey.backtest import answers_of
from orchestration.journey.evaluation import evaluate
from orchestration.journey.interpreter import interpret
from orchestration.journey.outcome import Outcome
from orchestration.journey.rules import Rule, load_rules
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.benchmarks import reports
from tests.benchmarks.parts import code_of
from tests.embedded import running
from tests.journey import histories

PEOPLE_PER_SEED = 2_000
RULES_PER_SEED = 10
INSTANTS_SHARE = 20  # of so many people one, each at seven instants
EVALUATORS = (
    "orchestration/journey/rules",
    *(f"orchestration/journey/{name}.py"
      for name in ("backtest", "compiling", "evaluation", "grid", "interpreter", "outcome")),
    "tests/journey/histories.py",
)  # fmt: skip


def compare(client: ClickHouseClient, seed: int, *, people: int, rule_count: int = RULES_PER_SEED) -> int:
    """Compare all answers of a seed's people and rules; returns how many. A difference is an error."""
    random = Random(seed)  # noqa: S311 - to be made again, not to be secret
    company_id = UUID(int=random.getrandbits(128))
    found = histories.histories(random, company_id, people)
    rules = [*load_rules(), *histories.rules(random, rule_count)]
    histories.store(client, found)
    try:
        known_at = random.choice((None, histories.KNOWN_AT))
        return _compare(client, seed, rules, found, known_at)
    finally:
        client.command(
            "delete from journey.events where company_id = {company:UUID}", parameters={"company": company_id}
        )


def _compare(
    client: ClickHouseClient, seed: int, rules: Sequence[Rule], found: histories.Histories,
    known_at: datetime | None,
) -> int:  # fmt: skip
    answered: dict[tuple[UUID, UUID], list[Outcome]] = {person: [] for person in found}
    for outcome in evaluate(client, rules, as_of=histories.AS_OF, known_at=known_at, people=list(found)):
        answered[outcome.company_id, outcome.person_id].append(outcome)
    count = 0
    for (company_id, person_id), activities in found.items():
        expected = interpret(
            rules, activities, company_id=company_id, person_id=person_id, as_of=histories.AS_OF,
            known_at=known_at,
        )  # fmt: skip
        for ours, theirs in zip(expected, answered[company_id, person_id], strict=True):
            assert ours == theirs, f"seed {seed}: interpreter {ours}\nClickHouse {theirs}"
            count += 1
    return count


def compare_instants(client: ClickHouseClient, seed: int, *, people: int, rule_count: int) -> int:
    """Compare what one statement says of several instants with the interpreter at each; returns how many."""
    random = Random(seed)  # noqa: S311
    company_id = UUID(int=random.getrandbits(128))
    found = histories.histories(random, company_id, people)
    rules = [*load_rules(), *histories.rules(random, rule_count)]
    rules = [rule for rule in rules if grid.is_possible([rule])]
    step = timedelta(milliseconds=random.choice((1, 3_600_000, 7 * 86_400_000, 5_000_000_001)))
    when = [histories.AS_OF + number * step for number in range(-5, 2)]
    histories.store(client, found)
    try:
        answers = answers_of(client, rules, when, company_id=company_id, as_known=False)
    finally:
        client.command(
            "delete from journey.events where company_id = {company:UUID}", parameters={"company": company_id}
        )
    for number in range(len(answers.people)):
        _, person_id = answers.person(number)
        for place, at in enumerate(when):
            outcomes = interpret(
                rules, found[company_id, person_id], company_id=company_id, person_id=person_id, as_of=at
            )
            for outcome, held in zip(outcomes, answers.held, strict=True):
                assert held[number, place] == (outcome.holds is True), f"seed {seed}, {at}: {outcome}"
    return len(answers.people) * len(when) * len(rules)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.journey.differential", description=__doc__)
    parser.add_argument("--histories", type=int, default=100_000)
    parser.add_argument("--seeds", nargs=2, type=int, metavar=("FIRST", "LAST"), help="Only these of them.")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="Begin no seed after so long.")
    parser.add_argument(
        "--url", help="http://user:password@host:port of a ClickHouse to use instead of an own"
    )
    parser.add_argument("--folder", type=Path, default=reports.FOLDER)
    options = parser.parse_args()
    code = code_of(*EVALUATORS)
    raw_path = options.folder / "journey_differential.json"
    known = json.loads(raw_path.read_text())["measured"] if raw_path.exists() else []
    done = [one for one in known if one["code"] == code]
    seeds = range(1, -(-options.histories // PEOPLE_PER_SEED) + 1)
    first, last = options.seeds or (seeds[0], seeds[-1])
    waiting = [seed for seed in seeds if first <= seed <= last and seed not in {one["seed"] for one in done}]
    until = time.monotonic() + 60 * options.minutes

    def run(settings: StoreSettings) -> None:
        with closing(clickhouse_client(settings)) as client:
            for seed in waiting:
                if time.monotonic() > until:
                    return
                done.append({**_of_seed(client, seed), "code": code})
                _write(done, options)
                print(f"seed {seed}: {sum(one['histories'] for one in done):,} histories", flush=True)

    if options.url:
        run(StoreSettings(postgres_url="-", clickhouse_url=options.url, nats_url="-"))
    else:
        with tempfile.TemporaryDirectory() as folder:
            layout = Layout.open(Path(folder), Ports.free())
            with running(layout, stores_only=True):
                run(store_settings(layout))
    print(_write(done, options))
    left = len(seeds) - len(done)
    sys.exit(f"{left * PEOPLE_PER_SEED:,} histories are left: run it again" if left > 0 else 0)


def _of_seed(client: ClickHouseClient, seed: int) -> dict[str, float]:
    started = time.process_time()
    answers = compare(client, seed, people=PEOPLE_PER_SEED)
    at_instants = compare_instants(
        client, seed, people=PEOPLE_PER_SEED // INSTANTS_SHARE, rule_count=2 * RULES_PER_SEED
    )
    return {
        "seed": seed, "histories": PEOPLE_PER_SEED, "answers": answers, "answers_at_instants": at_instants,
        "cpu_s": round(time.process_time() - started, 1),
    }  # fmt: skip


def _write(done: Sequence[dict[str, Any]], options: argparse.Namespace) -> str:
    histories, answers, at_instants, cpu_s = (
        sum(one[name] for one in done) for name in ("histories", "answers", "answers_at_instants", "cpu_s")
    )
    table = [
        ["what", "count"],
        ["histories", f"{histories:,}"],
        ["answers of ClickHouse and the interpreter, all equal", f"{answers:,}"],
        ["of one in twenty at seven instants in one statement, besides", f"{at_instants:,}"],
        ["answers per second of this process", f"{answers / cpu_s if cpu_s else 0:,.0f}"],
    ]
    return reports.write(
        "journey_differential", "Two evaluators, one answer", table, done, folder=options.folder,
        command=f"python -m tests.journey.differential --histories {options.histories}",
        notes=f"{len(done)} seeds. An answer that differs ends the run and its seed is not counted.",
    )  # fmt: skip


if __name__ == "__main__":
    main()
