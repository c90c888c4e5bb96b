"""What a journey's statement takes beside builds: `python -m tests.benchmarks.yielding`.

The statement that asks all rules about a batch of people, alone and while four connections read every event
again and again, as dbt does: with the niceness that builds have (ADR 89), and without. In turn, in one run.
Only root may order threads: otherwise both are alike. Writes docs/reports/yielding.{md,json}.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, clickhouse_client
from orchestration.journey.masks import Question
from orchestration.journey.people import Key
from orchestration.journey.rules import load_rules
from orchestration.resources import BEHIND_QUESTIONS
from orchestration.stack.preparation import store_settings
from tests.benchmarks import reports
from tests.benchmarks.dbt_build import stores
from tests.benchmarks.synthetic_events import insert_events

AS_OF = datetime(2026, 8, 1, tzinfo=UTC)
HEAVY = "select sum(cityHash64(upper(data), subject, extractAll(data, '[0-9]+'))) from raw.events"
AT_ONCE = 4  # as dbt_project/profiles.yml has it
PEOPLE = 600
LASTS_S = 12.0  # each turn: several heavy statements


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=reports.FOLDER)
    chosen = parser.parse_args()
    ways: dict[str, Mapping[str, int] | None] = {
        "nothing": None, "builds that do not yield": {}, "builds that yield": BEHIND_QUESTIONS,
    }  # fmt: skip
    taken: dict[str, list[float]] = {way: [] for way in ways}
    done: dict[str, list[float]] = {way: [] for way in ways}
    with stores() as layout, closing(clickhouse_client(store_settings(layout))) as client:
        settings = store_settings(layout)
        insert_events(client, chosen.events)
        for _ in range(chosen.rounds):
            for way, heavy in ways.items():
                with building(settings, heavy) as ended:
                    before, started = len(ended), time.perf_counter()
                    taken[way] += asked(client)
                    done[way].append((len(ended) - before) / (time.perf_counter() - started))
    alone = statistics.median(taken["nothing"])
    rows = [["beside", "statements", "median ms", "longest ms", "to alone", "heavy statements a second"]]
    for way, times in taken.items():
        middle = statistics.median(times)
        rows.append(
            [way, str(len(times)), f"{middle:.0f}", f"{max(times):.0f}", f"{middle / alone:.2f}",
             f"{statistics.mean(done[way]):.2f}"]
        )  # fmt: skip
    print(
        reports.write(
            "yielding", "A journey's statement beside builds", rows,
            {"taken_ms": taken, "heavy_per_s": done},
            command=f"python -m tests.benchmarks.yielding --events {chosen.events} --rounds {chosen.rounds}",
            notes=f"{PEOPLE} people, {AT_ONCE} heavy statements at once, in turn {chosen.rounds} times.",
            folder=chosen.folder,
        )
    )  # fmt: skip


def asked(client: ClickHouseClient) -> list[float]:
    """Milliseconds of each statement of a turn, every one as of another moment."""
    question = Question(load_rules())
    found = client.query(f"select distinct company_id, person_id from journey.events limit {PEOPLE}")
    keys = [Key(*row) for row in found.result_rows]
    taken: list[float] = []
    began = time.perf_counter()
    while (started := time.perf_counter()) < began + LASTS_S:
        question.ask(client, keys, AS_OF + timedelta(milliseconds=len(taken)))
        taken.append(1000 * (time.perf_counter() - started))
    return taken


@contextmanager
def building(settings: StoreSettings, heavy: Mapping[str, int] | None) -> Iterator[list[float]]:
    """Heavy statements with these settings for as long as the block lasts; yields when each ended."""
    stop, ended = threading.Event(), list[float]()

    def build() -> None:
        with closing(clickhouse_client(settings, send_receive_timeout=600)) as client:
            while not stop.is_set():
                client.query(HEAVY, settings=dict(heavy or {}))
                ended.append(time.perf_counter())

    threads = [threading.Thread(target=build) for _ in range(AT_ONCE if heavy is not None else 0)]
    for thread in threads:
        thread.start()
    time.sleep(1)  # until they are under way
    try:
        yield ended
    finally:
        stop.set()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
