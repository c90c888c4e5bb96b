"""What evaluating rules takes: `python -m tests.benchmarks.journey_rules --events 10000000`.

30 rules of 3 conditions for everybody in one statement; a backtest of 52 weeks; one person's explanation.
Beside it zen-engine and CEL decide the same rules row by row, over facts that the same engine puts together.
CEL is measured where its wheel is installed (`uv sync --group bench`). Engine time is the processor time of
ClickHouse and of this process, shared by the cores: what a machine that does nothing else would need at best.

Writes docs/reports/journey_rules.{md,json}.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import zen
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import clickhouse_client
from orchestration.journey.activities import of_people
from orchestration.journey.backtest import backtest, instants
from orchestration.journey.compiling import Compiled, compile_rules
from orchestration.journey.evaluation import parameters, statement
from orchestration.journey.interpreter import interpret
from orchestration.journey.people import Key
from orchestration.journey.rules import Rule
from orchestration.stack.layout import Layout
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from tests.benchmarks import reports
from tests.benchmarks.dbt_build import stores
from tests.benchmarks.synthetic_events import insert_events
from tests.benchmarks.usage import processor_seconds

AS_OF = datetime(2026, 8, 1, tzinfo=UTC)
RUNS = 3
_FACTS: Sequence[dict[str, Any]] = (
    {"count": "kintell_sessions", "where": {"kind": "language"}},
    {"avg": "kintell_ratings.score"},
    {"time_since": "any_activity"},
    {"count": "buddy_checkins", "within": "90 days"},
    {"last": "outcome_scores.score", "where": {"kind": "lang_level_proxy"}},
    {"count": "program_enrollments", "where": {"status": "enrolled"}},
    {"max": "kintell_sessions.level"},
    {"sum": "kintell_sessions.minutes", "within": "180 days"},
    {"exists": "course_completions"},
    {"count": "kintell_sessions", "within": "30 days"},
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, default=reports.FOLDER)
    options = parser.parse_args()
    # Merging ten million activities may take longer than a client waits.
    with (
        stores() as layout,
        closing(clickhouse_client(store_settings(layout), send_receive_timeout=3_600)) as client,
    ):
        insert_events(client, options.events)
        client.command("optimize table journey.events final")
        results = measure(layout, client)
    first = results[0][1].engine_s
    print(
        reports.write(
            "journey_rules", "Evaluating rules",
            [
                ["step", "seconds", "engine time, s", "ratio"],
                *(
                    [name, f"{one.seconds:.3f}", f"{one.engine_s:.3f}", f"{one.engine_s / first:.2f}"]
                    for name, one in results
                ),
            ],
            {name: one._asdict() for name, one in results},
            command=f"python -m tests.benchmarks.journey_rules --events {options.events}",
            notes="Medians of three runs; the ratio is of engine times, to the full recompute.",
            folder=options.folder,
        )
    )  # fmt: skip


def measure(layout: Layout, client: ClickHouseClient) -> list[tuple[str, Taken]]:
    [clickhouse] = [part.pid for part in status(layout).parts if part.name == "clickhouse" and part.pid]

    def timed(act: Callable[[], object]) -> Taken:
        return _timed(act, clickhouse)

    some = rules()
    compiled = compile_rules(some, upto="answers")
    answers = ", ".join(f"countIf(h{number})" for number in range(len(some)))
    asked = statement(compiled, known_at=None, people=False)
    bound = parameters(compiled, as_of=AS_OF, known_at=None)
    weeks = instants(AS_OF - timedelta(weeks=51), AS_OF)
    person = Key(*client.query("select company_id, person_id from journey.events limit 1").result_rows[0])
    counted = f"select {answers} from ({asked})"
    results = [
        ("30 rules, everybody, one statement", timed(lambda: client.query(counted, parameters=bound))),
        ("52 weeks of one rule", timed(lambda: backtest(client, some[:1], weeks))),
        ("one person explained", timed(lambda: explain(client, some, person))),
        ("zen-engine row by row, with facts", timed(lambda: by_zen(client, some, compiled, asked, bound))),
    ]
    if importlib.util.find_spec("cel"):
        results.append(
            ("CEL row by row, with facts", timed(lambda: by_cel(client, some, compiled, asked, bound)))
        )
    return results


def rules() -> list[Rule]:
    """30 rules of 3 conditions each over 10 facts."""
    return [
        Rule.model_validate(
            {
                "id": f"rule_{number}", "name": "A rule", "description": "Measured.", "owner": "tests",
                "state": "draft",
                "facts": {f"fact_{place}": _FACTS[place] for place in _places(number)},
                "when": {"all": [_condition(place, number) for place in _places(number)]},
                "then": {"set_flag": {"flag": f"flag_{number}"}},
            }
        )
        for number in range(30)
    ]  # fmt: skip


def _places(number: int) -> list[int]:
    return [(number + offset) % len(_FACTS) for offset in (0, 3, 7)]


def _condition(place: int, number: int) -> dict[str, Any]:
    value = f"{1 + number} days" if "time_since" in _FACTS[place] else (number % 5) / 4
    return {"fact": f"fact_{place}", "op": ">=", "value": value}


class Taken(NamedTuple):
    """The median of some runs."""

    seconds: float
    engine_s: float


def _timed(act: Callable[[], object], clickhouse: int) -> Taken:
    taken = []
    for _ in range(RUNS):
        used, started = processor_seconds(clickhouse) + time.process_time(), time.perf_counter()
        act()
        seconds = time.perf_counter() - started
        used = processor_seconds(clickhouse) + time.process_time() - used
        taken.append((seconds, used / (os.cpu_count() or 1)))
    return Taken(*(statistics.median(some) for some in zip(*taken, strict=True)))


def explain(client: ClickHouseClient, some: Sequence[Rule], person: Key) -> None:
    known = of_people(client, [person])[person]
    interpret(some, known, company_id=person.company_id, person_id=person.person_id, as_of=AS_OF)


def facts(
    client: ClickHouseClient, compiled: Compiled, asked: str, bound: dict[str, Any]
) -> list[dict[str, float]]:
    """Of everybody, unknown as -1: both engines refuse to compare what is not there."""
    names = [name for name in compiled.names if name.startswith("f")]
    columns = ", ".join(f"ifNull({name}, -1)" for name in names)
    rows = client.query(f"select {columns} from ({asked})", parameters=bound).result_rows
    return [dict(zip(names, row, strict=True)) for row in rows]


def expressions(some: Sequence[Rule], compiled: Compiled, joint: str) -> list[str]:
    return [
        f" {joint} ".join(f"f{place[one.fact]} {one.op} {one.threshold:.2f}" for one in rule.when.all)  # type: ignore[union-attr]
        for rule, place in zip(some, compiled.facts, strict=True)
    ]


def by_zen(
    client: ClickHouseClient, some: Sequence[Rule], compiled: Compiled, asked: str, bound: dict[str, Any]
) -> int:
    programs = [zen.compile_expression(one) for one in expressions(some, compiled, "and")]
    people = facts(client, compiled, asked, bound)
    return sum(bool(program.evaluate(person)) for person in people for program in programs)


def by_cel(
    client: ClickHouseClient, some: Sequence[Rule], compiled: Compiled, asked: str, bound: dict[str, Any]
) -> int:
    import cel

    programs = [cel.compile(one) for one in expressions(some, compiled, "&&")]
    people = facts(client, compiled, asked, bound)
    return sum(bool(program.execute(person)) for person in people for program in programs)


if __name__ == "__main__":
    main()
