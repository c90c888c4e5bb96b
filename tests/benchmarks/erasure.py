"""How long an erasure takes, request to certificate: `python -m tests.benchmarks.erasure`.

Starts stores of its own and fills raw.events, and journey.events behind it, with the events of a running
programme. Then one person is erased, and then a thousand in one batch, each from the request to the signed
certificate. The reference is the least that has to be done for either: one copy of raw.events. With
`--warehouse` dbt builds its tables first, which hold the people too; with `--messages N` the stream of events
holds so many. Processor time is that of ClickHouse and of this process.
Writes docs/reports/erasure.{md,json}.

`--orders N` goes through N random orders of erasure against webhooks, repeats, imports, redriven dead
letters and restored rows instead, and says how many people came back: see `erasure_orders`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

from ingest.jetstream import Message, publish_all
from ingest.stores import clickhouse_client, nats_client
from orchestration import dbt
from orchestration.privacy.erasure.carrying_out import Erasure
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.plan import SWEEPING
from orchestration.privacy.requests import store
from orchestration.privacy.requests.model import Order
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from orchestration.stack.status import status
from tests.benchmarks import erasure_orders, reports, synthetic_events
from tests.benchmarks.usage import processor_seconds
from tests.text_keys import FILE

_PEOPLE = "select distinct person_id from raw.events order by cityHash64(person_id) limit {many:UInt32}"


def measured(place: Place, people: list[UUID], engine: int) -> dict[str, Any]:
    """Seconds of one erasure: of all of it, and of its parts; and what it cost in processor time."""
    before = _spent(engine)
    began = time.monotonic()
    with closing(place.postgres()) as connection:
        connection.cursor().executemany(
            "insert into ingest.people (person_id) values (%s) on conflict do nothing",
            [(one,) for one in people],
        )
        began = time.monotonic()
        requests = [
            store.open_request(
                connection, Order("erasure", one, None, "benchmark", is_immediate=True, reason="measured")
            )[0].request_id
            for one in people
        ]
    opened = time.monotonic()
    erasure = Erasure.of_due(place, requests, "benchmark")
    parts: dict[str, float] = {"requests": opened - began, "begun": time.monotonic() - opened}
    for lane in SWEEPING:
        parts[lane] = _timed(lambda lane=lane: erasure.lane(lane))  # type: ignore[misc]
    started = time.monotonic()
    report = erasure.count_again()
    parts["counted"] = time.monotonic() - started
    parts["files"] = _timed(lambda: erasure.lane("files"))
    parts["certified"] = _timed(lambda: erasure.certify(report))
    return {
        "people": len(people), "seconds": time.monotonic() - began, "cpu_s": _spent(engine) - before,
        "parts": parts,
    }  # fmt: skip


def _spent(engine: int) -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return processor_seconds(engine) + own.ru_utime + own.ru_stime


def _timed(do: Any) -> float:
    started = time.monotonic()
    do()
    return time.monotonic() - started


def build_warehouse(place: Place, layout: Layout) -> None:
    """The tables that dbt makes of the events, as a first refresh does."""
    folder = layout.home / "dbt" / "benchmark"
    folder.mkdir(parents=True)
    subprocess.run(
        [dbt.EXECUTABLE, "--quiet", "build", "--exclude-resource-type", "unit_test", "test", "--target",
         "clickhouse", "--project-dir", dbt.PROJECT_DIR, "--profiles-dir", dbt.PROJECT_DIR, "--target-path",
         folder, "--log-path", folder],
        env={
            **os.environ,
            **dbt.environment(clickhouse_url=place.settings.clickhouse_url.get_secret_value()),
        },
        check=True,
    )  # fmt: skip


async def publish(place: Place, count: int) -> None:
    """Fill the stream of events as the normaliser does, with messages of the usual size about others."""
    nats = await nats_client(place.settings, name="benchmark")
    body = b'{"id":"%b","type":"kintell.session.completed","data":{"participantId":"%b","notes":"%b"}}'
    for start in range(0, count, 500):
        await publish_all(
            nats.jetstream(),
            [
                Message(
                    "events._.benchmark",
                    body % (b"%d" % one, str(UUID(int=one % 100_000)).encode(), b"words " * 60),
                    f"benchmark-{one}",
                )
                for one in range(start, min(start + 500, count))
            ],
        )  # fmt: skip
    await nats.close()


def measure(place: Place, layout: Layout, chosen: argparse.Namespace) -> None:
    [engine] = [part.pid for part in status(layout).parts if part.name == "clickhouse" and part.pid]
    with closing(clickhouse_client(place.settings, send_receive_timeout=3600)) as clickhouse:
        synthetic_events.insert_companies(clickhouse)
        synthetic_events.insert_events(clickhouse, chosen.events)
        people = [
            row[0] for row in clickhouse.query(_PEOPLE, {"many": chosen.people + chosen.repeats}).result_rows
        ]
        clickhouse.command("create table raw.reference as raw.events")
        reference = _timed(
            lambda: clickhouse.command(
                "insert into raw.reference select * from raw.events",
                settings={"max_partitions_per_insert_block": 0, "optimize_on_insert": 0},
            )
        )
        clickhouse.command("drop table raw.reference sync")
    if chosen.warehouse:
        build_warehouse(place, layout)
    asyncio.run(publish(place, chosen.messages))
    runs = []
    for batch in [*([one] for one in people[: chosen.repeats]), people[chosen.repeats :]]:
        runs.append(measured(place, batch, engine))
        parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in runs[-1]["parts"].items())
        print(
            f"{len(batch)} people: {runs[-1]['seconds']:.1f} s, {runs[-1]['cpu_s']:.1f} CPU s ({parts})",
            flush=True,
        )
    ones = sorted(run["seconds"] for run in runs[:-1])
    one, many = ones[len(ones) // 2], runs[-1]["seconds"]
    names = list(runs[0]["parts"])
    table = [
        [
            "erased at once", "request to certificate, s", "CPU, s", "of one copy of raw.events",
            "of one person", *names,
        ],
        *(
            [
                f"{run['people']:,}", f"{run['seconds']:.1f}", f"{run['cpu_s']:.1f}",
                f"{run['seconds'] / reference:.1f}",
                f"{run['seconds'] / one:.2f}", *(f"{run['parts'][name]:.1f}" for name in names),
            ]
            for run in runs
        ),
    ]  # fmt: skip
    command = f"python -m tests.benchmarks.erasure --events {chosen.events} --people {chosen.people}"
    command += f" --messages {chosen.messages}" + (" --warehouse" if chosen.warehouse else "")
    page = reports.write(
        chosen.name, f"Erasure from {chosen.events:,} events", table,
        {"events": chosen.events, "reference_s": reference, "runs": runs, "many_of_one": many / one},
        command=command, notes=f"Copying raw.events once takes {reference:.1f} s.", folder=chosen.folder,
    )  # fmt: skip
    print(page)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--people", type=int, default=1_000, help="erased in one batch")
    parser.add_argument("--repeats", type=int, default=3, help="erasures of one person")
    parser.add_argument("--warehouse", action="store_true", help="with the tables that dbt builds")
    parser.add_argument("--messages", type=int, default=0, help="in the stream of events")
    parser.add_argument("--orders", type=int, default=0, help="random orders to go through instead")
    parser.add_argument("--first", type=int, default=0, help="order to begin with")
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no order after so many")
    parser.add_argument("--name", default="erasure", help="of the report")
    parser.add_argument("--folder", type=Path, default=reports.FOLDER, help="of the report")
    chosen = parser.parse_args()
    if chosen.orders:
        sys.exit(
            erasure_orders.run(
                chosen.orders, first=chosen.first, minutes=chosen.minutes, folder=chosen.folder
            )
        )
    with tempfile.TemporaryDirectory(prefix="impact-erasure-") as home:
        layout = Layout.open(Path(home), Ports.free())
        os.environ["IMPACT_HOME"], os.environ[FILE] = str(layout.home), str(layout.text_keys)
        platform.up(layout, print, stores_only=True)
        try:
            measure(Place(store_settings(layout), layout.home), layout, chosen)
        finally:
            platform.down(layout)


if __name__ == "__main__":
    main()
