"""How many texts the gate takes, beside the rules alone: `python -m tests.benchmarks.safety_gate`.

Starts stores of its own, stores a history of texts in three languages, one in ten abusive, and lets a gate
sweep it up. Its CPU time is counted, which hardly depends on what else the machine does; the reference is
the same texts through the rules alone, in this process. Then it lets the gate idle. Writes
docs/reports/safety_gate.{md,json}.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psutil
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.raw_events import event_row, insert_events
from ingest.stores import clickhouse_client
from nlp.safety.evaluation.examples import LANGUAGES, examples
from orchestration.gate.judging import Judge
from orchestration.gate.texts import TextVersion
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.benchmarks import reports
from tests.gate.readers import Text, version
from tests.ingest.processes import running, wait_until

ABUSIVE_EACH = 10
BATCH = 200
IDLE_S = 120.0
GIVE_UP_S = 1800.0


def history(clickhouse: ClickHouseClient, count: int) -> list[TextVersion]:
    """Store so many texts and return them."""
    them = [one for language in LANGUAGES for one in examples(language)]
    harmless = [one.text for one in them if one.is_harmless]
    abusive = [one.text for one in them if one.is_abuse]
    words = [
        abusive[number % len(abusive)] if number % ABUSIVE_EACH == 0 else harmless[number % len(harmless)]
        for number in range(count)
    ]
    events = [Text(subject=f"rating/bench-{number}").says(text) for number, text in enumerate(words)]
    for start in range(0, count, 5_000):
        some = [event_row(event) for event in events[start : start + 5_000]]
        insert_events(clickhouse, some, token=f"bench-{start}")
    return [version(event) for event in events]


def bare(texts: list[TextVersion]) -> float:
    """CPU seconds of the rules alone."""
    judge = Judge(b"a key of thirty-two bytes or more")
    before = resource.getrusage(resource.RUSAGE_SELF)
    for start in range(0, len(texts), BATCH):
        judge.judge(texts[start : start + BATCH])
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(layout: Layout, count: int, idle_s: float) -> dict[str, float]:
    with closing(clickhouse_client(store_settings(layout))) as clickhouse:
        texts = history(clickhouse, count)

        def judged() -> int:
            return int(clickhouse.query("select uniqExact(text_id) from nlp.verdicts").result_rows[0][0])

        with running(layout, "orchestration.gate", "IMPACT_PORT_GATE") as gate:
            process = psutil.Process(gate.popen.pid)
            began, used = time.monotonic(), sum(process.cpu_times()[:2])
            wait_until(lambda: judged() >= count, GIVE_UP_S)
            elapsed, spent = time.monotonic() - began, sum(process.cpu_times()[:2]) - used
            time.sleep(5)
            used = sum(process.cpu_times()[:2])
            time.sleep(idle_s)
            idle = (sum(process.cpu_times()[:2]) - used) / idle_s
            rss_mb = process.memory_info().rss / 1e6
    return {
        "texts": count, "gate_cpu_s": spent, "gate_elapsed_s": elapsed, "bare_cpu_s": bare(texts),
        "idle_share_of_a_core": idle, "rss_mb": rss_mb,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.safety_gate", description=__doc__)
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--idle", type=float, default=IDLE_S, help="seconds")
    parser.add_argument("--folder", type=Path, default=reports.FOLDER)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout.open(Path(folder) / "impact", Ports.free())
        platform.up(layout, print, stores_only=True)
        try:
            found = measure(layout, chosen.texts, chosen.idle)
        finally:
            platform.down(layout)
    gate, rules = (found["texts"] / found[key] for key in ("gate_cpu_s", "bare_cpu_s"))
    table = [
        ["what", "gate", "rules alone", "ratio"],
        ["texts per CPU second", f"{gate:,.0f}", f"{rules:,.0f}", f"{gate / rules:.2f}"],
        ["texts per second, elapsed", f"{found['texts'] / found['gate_elapsed_s']:,.0f}", "", ""],
        ["share of a core while idle", f"{found['idle_share_of_a_core']:.2%}", "", ""],
        ["resident memory, MB", f"{found['rss_mb']:,.0f}", "", ""],
    ]
    print(
        reports.write(
            "safety_gate", "What the gate of texts takes", table, found,
            command=f"python -m tests.benchmarks.safety_gate --texts {chosen.texts}", folder=chosen.folder,
            notes="Language, screening and redaction of each text; the gate's seconds include its start.",
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
