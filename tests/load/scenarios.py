"""The loads: ingest, reads and stream alone, each against a running platform, with its account settled."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ingest.stores import clickhouse_client
from tests.load import companies, ledger, stream
from tests.load.ledger import Sending, Sent
from tests.load.outcome import Outcome
from tests.load.platform import Target
from tests.load.reads import company_with_figures, key_for
from tests.load.watch import Watch

GIB = 1 << 30
WARM_UP_S = 2.0  # of streams: the first updates find everything cold

# From when a delivery was due until its row was in the warehouse.
_TO_ROW = """
with toUInt32(splitByChar('-', subject)[-1]) as number,
    toUnixTimestamp64Micro(loaded_at) / 1e6 - ({started:Float64} + number / {rate:Float64}) as seconds
select quantilesExact(0.5, 0.95, 0.99, 1.0)(seconds) from raw.events
where startsWith(subject, {run:String})
"""


def ingest(target: Target, *, rate: float, seconds: float, texts: bool = False) -> Outcome:
    """Signed webhooks at a rate, until the last is in the warehouse."""
    outcome = Outcome("ingest", f"Signed webhooks, {rate:,.0f} a second", "")
    with Watch(target) as watch:
        sent = ledger.send(target, rate=rate, seconds=seconds, texts=texts)
        balance = ledger.settle_and_check(target, sent)
    outcome.watch = watch
    outcome.void = balance.problems()
    outcome.books["ingest"] = balance.to_dict() | {"statuses": sent.statuses}
    outcome.figures = {
        **of_requests(sent),
        **row_delay(target, sent),
        "drained_s": round(balance.settled_after_s or 0.0, 1),
        **machine(watch, sent.accepted),
    }
    outcome.tails["delivery to 202"] = sent.latency
    outcome.timelines["ingest"] = sent.timeline
    return outcome


def reads(target: Target, *, users: int, rate: float, seconds: float, may_make: bool) -> Outcome:
    """Dashboards' documents at a rate, over at most so many connections at once."""
    outcome = Outcome("reads", f"{users:,} readers, {rate:,.0f} requests a second", "")
    with (
        reading(target, users=users, rate=rate, seconds=seconds, may_make=may_make) as sending,
        Watch(target) as watch,
    ):
        asked = sending.wait()
    outcome.watch = watch
    outcome.void = void_reads(asked)
    outcome.books["reads"] = {"statuses": asked.statuses, "unanswered": asked.unanswered}
    outcome.figures = {**of_requests(asked), **machine(watch, asked.accepted)}
    outcome.tails["request to document"] = asked.latency
    outcome.timelines["reads"] = asked.timeline
    return outcome


@contextmanager
def reading(target: Target, *, users: int, rate: float, seconds: float, may_make: bool) -> Iterator[Sending]:
    """Readers at work until the block ends, with a key of their own for as long."""
    company = company_with_figures(target, may_make=may_make)
    with (
        tempfile.TemporaryDirectory(prefix="impact-reads-") as folder,
        key_for(target, company.company_id) as key,
    ):
        paths = company.write_paths(Path(folder) / "paths.json")
        sending = Sending(
            target, rate=rate, seconds=seconds, connections=users, paths=paths, key=key, folder=Path(folder)
        )
        try:
            yield sending
        finally:
            sending.close()


def streams(target: Target, *, clients: int, rate: float, seconds: float) -> Outcome:
    """One company's live updates to many clients; each has to get each of them, once and in order."""
    outcome = Outcome("stream", f"{clients:,} live streams, {rate:,.0f} updates a second", "")
    companies.introduce(target)
    company = companies.STREAMED
    with key_for(target, company) as key, stream.connected(target, key, clients) as connected:
        warm_up = stream.Publisher(target, company, rate=rate, seconds=WARM_UP_S)
        warm_up.wait()
        time.sleep(WARM_UP_S)
        connected.begin()
        with Watch(target) as watch:
            publisher = stream.Publisher(target, company, rate=rate, seconds=seconds)
            try:
                published = publisher.wait()
            finally:
                publisher.close()
            time.sleep(WARM_UP_S)  # what is on its way arrives
            streamed = connected.end(published)
    outcome.watch = watch
    outcome.void = streamed.problems()
    outcome.books["stream"] = {"published": published, "clients": clients, "witnessed": streamed.witnessed}
    outcome.figures = {
        **{f"{name}_ms": value for name, value in streamed.latency.summary().items()},
        "deliveries_per_s": round(published * clients / seconds),
        "clients_cores": round(streamed.client_cores, 2),
        **machine(watch, published * clients),
    }
    outcome.tails["update to client"] = streamed.latency
    return outcome


def of_requests(sent: Sent) -> dict[str, float]:
    """Latencies, errors and the rate that was really answered."""
    took_s = max(float(sent.timeline[-1]["s"]) if sent.timeline else 0.0, sent.sent / sent.rate)
    return {
        **{f"{name}_ms": value for name, value in sent.latency.summary().items()},
        "errors": float(sent.errors),
        "per_s": round(sent.accepted / took_s, 1),
        "sent": float(sent.sent),
    }


def void_reads(asked: Sent) -> list[str]:
    """Why reads say nothing about the platform's speed: it was asked for more than it may answer."""
    found = []
    if limited := asked.statuses.get("429", 0):
        found.append(
            f"{limited:,} reads were refused with 429: a company's budget of reads was spent. Start the"
            " platform with SERVING_QUERIES_PER_DAY and _PER_MONTH set higher, or add --own."
        )
    if asked.unanswered == asked.sent:
        found.append("no read was answered at all")
    return found


def row_delay(target: Target, sent: Sent) -> dict[str, float]:
    """Seconds from when deliveries were due until their rows were in `raw.events`."""
    with closing(clickhouse_client(target.stores)) as clickhouse:
        [[quantiles]] = clickhouse.query(
            _TO_ROW, {"run": f"session/{sent.run}-", "started": sent.started_at, "rate": sent.rate}
        ).result_rows
    names = ("row_p50_s", "row_p95_s", "row_p99_s", "row_max_s")
    return {name: round(value, 2) for name, value in zip(names, quantiles, strict=True)}


def machine(watch: Watch, count: int) -> dict[str, float]:
    """Memory, CPU time for each of `count`, and how much of the machine something else took."""
    return {
        "memory_gib": round(watch.most_memory_bytes / GIB, 2),
        "cpu_us_each": round(sum(watch.cpu_s.values()) / max(count, 1) * 1e6, 1),
        "generators_cpu_us_each": round(watch.generators_cpu_s / max(count, 1) * 1e6, 1),
        "busy_share": watch.busy_share,
        "foreign_share": watch.foreign_share,
    }
