"""A day of the platform at a steady rate with everything switched on, written down while it goes on.

The folder of a run holds `plan.json`, a line of `samples.jsonl` for each look and of `happenings.jsonl` for
what happened, and in the end `outcome.json`. A run that was interrupted can be reported from the first three.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import platform as machine
import shutil
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.stores import clickhouse_client, postgres_connection
from orchestration.demo.texts import sentences
from orchestration.gate.texts import TEXT_TYPES
from orchestration.scoring.models import NoModelError, model_in_force
from orchestration.scoring.texts import waiting_days
from orchestration.stack.layout import HOST, PROJECT
from tests.load.platform import Target, own, settle, waiting
from tests.load.reads import ENVIRONMENT
from tests.partners.server import Partners, running
from tests.serving.running import free_port
from tests.soak.happenings import Day, days
from tests.soak.ledger import Ledger
from tests.soak.sending import Sender, session
from tests.soak.streams import Clients
from tests.soak.watching import look

LEAK = PROJECT / "tests" / "soak" / "leak"
EVENTS_PER_PERSON = 20
ERASURE_AT, DELIVERY_AT = 0.25, 0.5  # of the sending
SETTLED_WITHIN_S = 600.0
QUIET_WITHIN_S = 1200.0
_RUNS = "select pipeline_name, status, count(*) from dagster.runs group by 1, 2 order by 1, 2"
_UNFINISHED = "select count(*) from dagster.runs where status not in ('SUCCESS', 'FAILURE', 'CANCELED')"
_LAST_REFRESH = """
select status from dagster.runs where pipeline_name = 'refresh_warehouse' order by id desc limit 1
"""
_AT_RECEIVER = "select count(*) from ingest.deliveries where delivery_id = any(%s)"
_TEXTS = """
select uniqExact(subject), uniqExactIf(subject, subject in (select subject from nlp.verdicts))
from raw.events where event_type in {types:Array(String)} and JSONExtractString(data, 'feedbackText') != ''
"""
_SCORED = "select count() from nlp.text_scores final where model_version = {model:String}"


@dataclass(frozen=True)
class Plan:
    """How a soak is run."""

    rate: float = 50.0
    minutes: float = 60.0
    clients: int = 50
    readers: int = 10
    seed: int = 20261127
    plant_leak: str = ""  # the part that leaks on purpose
    every_s: float = 10.0  # between looks

    @property
    def seconds(self) -> float:
        return self.minutes * 60

    @property
    def command(self) -> str:
        leak = f" --plant-leak {self.plant_leak}" if self.plant_leak else ""
        return (
            f"impact soak --rate {self.rate:g} --minutes {self.minutes:g} --clients {self.clients}"
            f" --readers {self.readers} --seed {self.seed}{leak}"
        )


class Book:
    """The files of a run, each line on disk as soon as it is written."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.began = time.monotonic()
        circumstances = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"), "cores": os.cpu_count(),
            "machine": machine.machine(), "python": machine.python_version(),
            "load_before": [round(one, 1) for one in os.getloadavg()],
        }  # fmt: skip
        (folder / "plan.json").write_text(
            json.dumps(asdict(plan) | {"command": plan.command} | circumstances, indent=1), encoding="utf-8"
        )

    def begin(self) -> None:
        self.began = time.monotonic()

    def sample(self, line: dict[str, Any]) -> None:
        self._append("samples.jsonl", line)

    def record(self, what: str, **details: Any) -> None:
        self._append("happenings.jsonl", {"what": what, **details})

    def end(self, outcome: dict[str, Any]) -> None:
        (self.folder / "outcome.json").write_text(json.dumps(outcome, indent=1), encoding="utf-8")

    def _append(self, name: str, line: dict[str, Any]) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"at": round(time.monotonic() - self.began, 1), **line}) + "\n")


def environment(partners_port: int, plan: Plan) -> dict[str, str]:
    """What a soak's platform is started with beside its own.

    Deliveries are on, its partner may be here, and its companies may read as often as its readers do.
    """
    found = {
        **ENVIRONMENT,
        "SCHEDULER_ENABLED": "true",
        "IMPACT_IN_GOODERA_ENABLED": "true",
        "IMPACT_IN_PRIVATE_HOSTS": json.dumps([f"{HOST}:{partners_port}"]),
    }
    if plan.plant_leak:
        paths = [str(LEAK), *filter(None, [os.environ.get("PYTHONPATH")])]
        found |= {"SOAK_PLANTED_LEAK": plan.plant_leak, "PYTHONPATH": os.pathsep.join(paths)}
    return found


def soak(plan: Plan, folder: Path, told: Callable[[str], None] = print) -> None:
    """Run the plan on a platform of its own; everything that is to be known of it is in the folder then."""
    book, port = Book(folder, plan), free_port()
    home = folder / "platform"
    try:
        with own(told, home=home, environment=environment(port, plan)) as target:
            asyncio.run(spend(plan, target, port, book, told))
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def spend(
    plan: Plan,
    target: Target,
    port: int,
    book: Book,
    told: Callable[[str], None],
    *,
    disturb: Callable[[], Awaitable[dict[str, Any]]] | None = None,
    patience_s: float = 0.0,
) -> None:
    """Spend the day on a platform that runs. What `disturb` returns, when it has ended, is in the outcome."""
    told(f"the platform is in {target.layout.home}")
    is_over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, is_over.set)
    people = max(500, int(plan.rate * plan.seconds) // EVENTS_PER_PERSON)
    ledger = Ledger(plan.seed, days=days(datetime.now(UTC)), people=people, texts=texts())
    partners = Partners()
    async with running(partners, port) as address, session() as http, session(60) as asking:
        secret = target.layout.secrets.webhook_secret_kintell.encode()
        sender = Sender(target.webhook_url, secret, ledger, http)
        day = Day(target, partners, address, sender, asking, book.record, ledger.run, patience_s)
        await asyncio.to_thread(day.introduce, book.folder / "companies")
        clients = Clients(target.stores, target.layout.ports.api, day.keys)
        await clients.start(plan.clients, plan.seed)
        book.begin()
        beside = [
            asyncio.create_task(_later(plan, ERASURE_AT, day.erase_somebody, book)),
            asyncio.create_task(_later(plan, DELIVERY_AT, day.deliver, book)),
        ]
        endless = [asyncio.create_task(day.read(number, 1.0)) for number in range(plan.readers)]
        watching = asyncio.create_task(_watch(plan, target, sender, day, clients, book, told))
        disturbing = asyncio.create_task(disturb()) if disturb else None
        disturbed: dict[str, Any] = {}
        try:
            await sender.run(plan.rate, plan.seconds, is_over)
            if disturbing:
                disturbed = await _ended(disturbing, book, is_interrupted=is_over.is_set())
            book.record("sent everything", deliveries=len(ledger.sent), was_interrupted=is_over.is_set())
            if is_over.is_set():
                for task in beside:
                    task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
        finally:
            for task in (*endless, watching, *([disturbing] if disturbing else [])):
                task.cancel()
            await asyncio.gather(*endless, watching, return_exceptions=True)
        book.sample(_line(await asyncio.to_thread(look, target), sender, day, clients))
        told("waiting until nothing waits")
        outcome = await _outcome(target, ledger, day, clients, is_complete=not is_over.is_set())
        book.end(outcome | disturbed)


async def _ended(
    disturbing: asyncio.Task[dict[str, Any]], book: Book, *, is_interrupted: bool
) -> dict[str, Any]:
    """What came of the disturbance; an interrupted one is mended and tells nothing."""
    if is_interrupted:
        disturbing.cancel()
    [result] = await asyncio.gather(disturbing, return_exceptions=True)
    if isinstance(result, BaseException):
        book.record("failed", of="disturb", error=f"{type(result).__name__}: {result}"[:300])
        return {}
    return result


async def _later(plan: Plan, share: float, do: Callable[[], Any], book: Book) -> None:
    await asyncio.sleep(share * plan.seconds)
    try:
        await do()
    except Exception as error:  # the day goes on; its report says that this failed
        book.record("failed", of=do.__name__, error=f"{type(error).__name__}: {error}"[:300])


async def _watch(
    plan: Plan, target: Target, sender: Sender, day: Day, clients: Clients, book: Book,
    told: Callable[[str], None],
) -> None:  # fmt: skip
    started = time.monotonic()
    for number in range(int(1e9)):
        await asyncio.sleep(max(0.0, started + number * plan.every_s - time.monotonic()))
        line = _line(await asyncio.to_thread(look, target), sender, day, clients)
        book.sample(line)
        if number % max(1, int(60 / plan.every_s)) == 0:
            told(
                f"{(time.monotonic() - started) / 60:5.1f} min: waiting {sum(line['waiting'].values())},"
                f" memory {line.get('memory', 0) >> 20} MiB, answers {line['answers']}"
            )


def _line(seen: dict[str, Any], sender: Sender, day: Day, clients: Clients) -> dict[str, Any]:
    taken = sender.take()
    reads, day.reads = day.reads, Counter()
    return {
        **seen, "sent": taken.sent, "accepted": taken.accepted, "answers": dict(taken.answers),
        "latency": taken.latency.to_json(), "reads": dict(reads), "updates": clients.received,
    }  # fmt: skip


async def _outcome(
    target: Target, ledger: Ledger, day: Day, clients: Clients, *, is_complete: bool
) -> dict[str, Any]:
    settled_s = await asyncio.to_thread(settle, target, SETTLED_WITHIN_S)
    quiet_s = await asyncio.to_thread(_until_quiet, target)
    streams = await clients.stop()
    books = await asyncio.to_thread(_books, target, ledger)
    return {
        "is_complete": is_complete,
        "settled_after_s": settled_s,
        "quiet_after_s": quiet_s,
        "attempts": dict(sorted(ledger.attempts.items())),
        "books": books,
        "waiting": await asyncio.to_thread(waiting, target),
        "streams": streams,
        **await day.account(),
        "runs": await asyncio.to_thread(_runs, target),
        "texts": await asyncio.to_thread(_texts, target),
        "end": await asyncio.to_thread(look, target),
    }


def _until_quiet(target: Target) -> float | None:
    """Seconds until no run is under way and nothing waits for longer than sensors pause between looks."""
    started, calm = time.monotonic(), 0
    with closing(postgres_connection(target.stores, autocommit=True)) as connection:
        while time.monotonic() - started < QUIET_WITHIN_S:
            [[unfinished]] = connection.execute(_UNFINISHED).fetchall()
            refreshed = connection.execute(_LAST_REFRESH).fetchall()
            is_calm = (
                not unfinished and refreshed == [("SUCCESS",)] and not any(waiting(target).values())
                and not _texts(target)["to_score"]
            )  # fmt: skip
            calm = calm + 1 if is_calm else 0
            if calm == 7:  # the sensor of arrivals looks every five seconds
                return time.monotonic() - started
            time.sleep(5)
    return None


def _books(target: Target, ledger: Ledger) -> dict[str, int]:
    """What was sent, what is on the receiver's disk, and how the warehouse differs from the ledger."""
    ids = [one.delivery_id for one in ledger.sent]
    with closing(postgres_connection(target.stores)) as connection:
        [[at_receiver]] = connection.execute(_AT_RECEIVER, (ids,)).fetchall()
    with closing(clickhouse_client(target.stores)) as clickhouse:
        differences = ledger.differences(clickhouse)
    return {
        "sent": len(ids),
        "accepted": sum(one.accepted_at is not None for one in ledger.sent),
        "at_receiver": at_receiver,
        "events_expected": ledger.event_count(),
        **differences,
    }


def _runs(target: Target) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    with closing(postgres_connection(target.stores)) as connection:
        for job, status, count in connection.execute(_RUNS).fetchall():
            found.setdefault(job, {})[status] = count
    return found


def _texts(target: Target) -> dict[str, Any]:
    """How many texts arrived, were screened and were scored, and how many still wait for a score."""
    with (
        closing(clickhouse_client(target.stores)) as clickhouse,
        closing(postgres_connection(target.stores)) as connection,
    ):
        [(arrived, screened)] = clickhouse.query(_TEXTS, {"types": list(TEXT_TYPES)}).result_rows
        model, scored, left = None, 0, 0
        with contextlib.suppress(NoModelError):
            model = model_in_force(connection, datetime.now(UTC))
            scored = clickhouse.query(_SCORED, {"model": model}).result_rows[0][0]
            days_left = waiting_days(clickhouse, model)
            left = days_left.text_count if days_left else 0
    return {"arrived": arrived, "screened": screened, "model": model, "scored": scored, "to_score": left}


def texts() -> list[str]:
    """What people write, in the languages there are: the demo's sentences."""
    return [one.text for language in ("en", "no", "uk") for one in sentences(language)]
