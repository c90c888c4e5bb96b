"""Deliveries under every misbehaviour, and how many a core sends: `python -m tests.benchmarks.impact_in`.

`--matrix`: `tests.benchmarks.impact_in_matrix`, whole, or in parts by `--faults` and `--steps`; with
`--missing` those misbehaviours alone that were not run with the code as it is.
`--pushes N`: signed pushes with their log, to one partner in a process of its own.
`--drain COMPANIES`: that many companies with three partners each due in the same minute, within the partners'
real limits.
Each starts embedded stores of its own; together they write docs/reports/impact_in.{md,json}, where a part
stays until it is measured again. Every part and every misbehaviour is written as soon as it is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import shlex
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import asyncpg

from ingest.stores import postgres_connection
from orchestration.impact_in import auth
from orchestration.impact_in.connectors import Limits, connector
from orchestration.impact_in.delivering import Deliverer
from orchestration.impact_in.planning import plan
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.benchmarks import reports
from tests.benchmarks.impact_in_matrix import PERIOD, PROCESSES, STEPS, matrix, merged, missing
from tests.benchmarks.parts import code_of
from tests.impact_in.world import NOW, World
from tests.partners.server import MISBEHAVIOURS, PATHS, SECRETS, Partners, running
from tests.serving.figures import create_views

# --- signed pushes of one core


async def pushes(dsn: str, count: int) -> dict[str, Any]:
    """Send `count` deliveries, with and without the log; CPU is that of the sending process."""
    pool = await asyncpg.create_pool(dsn, min_size=0, max_size=8)
    with _partner_process() as address:
        world = World(pool, address)
        company = await world.company("webhook")
        await _many_due(world, company, count)
        body = await pool.fetchval("select body from impact_in.scheduled_deliveries limit 1")
        bare = await _bare(address, bytes(body), count)
        limits = {"webhook": Limits(per_minute=60_000_000, concurrency=64, timeout_s=30)}
        cpu, wall = _cpu_s(), time.perf_counter()
        counts = await world.deliverer(limits=limits).drain(linger_s=0)
        result = {"logged_s": time.perf_counter() - wall, "logged_cpu_s": _cpu_s() - cpu}
        assert counts["delivered"] == count, counts
        logged = await pool.fetchval("select count(*) from impact_in.attempts where decision = 'accepted'")
        async with aiohttp.ClientSession() as session, session.get(f"http://{address}/_state") as answer:
            state = await answer.json()
        await pool.execute("delete from ingest.event_outbox where subject like $1", f"events.{company}.%")
        await world.close()
    await pool.close()
    return {
        "count": count, "attempts_logged": logged, "accepted": len(state["accepted"]), **bare,
        **{name: round(seconds, 3) for name, seconds in result.items()},
    }  # fmt: skip


async def _many_due(world: World, company: UUID, count: int) -> None:
    await world.publish(company, PERIOD)
    schedule = await world.due(company, "webhook", PERIOD)
    await plan(world.pool, world.rules, NOW)
    # One report, many times over: as many slots, each with its own key.
    await world.pool.execute(
        "with slots as (insert into impact_in.slots (schedule_id, company_id, platform, grain, period,"
        " period_start, period_end, due_at, state) select $1, $2, 'webhook', 'day', 'n' || n, '2026-09-01',"
        " '2026-09-30', now(), 'filled' from generate_series(2, $3::integer) as n returning *)"
        " insert into impact_in.scheduled_deliveries (slot_id, company_id, platform, period, period_start,"
        " period_end, connector, mapping_version, data_version, body, content_type, payload_sha256,"
        " idempotency_key, due_at)"
        " select slots.slot_id, $2, 'webhook', slots.period, slots.period_start, slots.period_end, connector,"
        " mapping_version, data_version, body, content_type, payload_sha256,"
        " encode(sha256(slots.period::bytea), 'hex'), now()"
        " from slots cross join (select * from impact_in.scheduled_deliveries where company_id = $2) as"
        " model",
        schedule, company, count,
    )  # fmt: skip
    await world.pool.execute("analyze impact_in.scheduled_deliveries")


async def _bare(address: str, body: bytes, count: int) -> dict[str, Any]:
    """The reference: the same signed requests by aiohttp, 64 at a time, with nothing else."""
    steps = connector("webhook").auth_of({})
    todo = iter(range(count))

    async def work(session: aiohttp.ClientSession) -> None:
        for _ in todo:
            key = uuid4().hex
            signed = auth.sign(
                steps, body, secrets=SECRETS, options={}, message_id=key, token=None, now=time.time()
            )
            headers = {**signed.headers, "Idempotency-Key": f"bare-{key}", "Content-Type": "application/json"}
            async with session.post(f"http://{address}/webhook/", data=body, headers=headers) as answer:
                await answer.read()

    cpu, wall = _cpu_s(), time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:
        await asyncio.gather(*(work(session) for _ in range(64)))
    return {"bare_s": round(time.perf_counter() - wall, 3), "bare_cpu_s": round(_cpu_s() - cpu, 3)}


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class _partner_process:  # noqa: N801 used as a context manager
    """The partners in a process of their own, so that their work is not the sender's."""

    def __enter__(self) -> str:
        ours, theirs = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=_serve_partners, args=(theirs,), daemon=True)
        self._process.start()
        address: str = ours.recv()
        return address

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()


def _serve_partners(pipe: Any) -> None:
    async def serve() -> None:
        async with running(Partners(checks_schemas=False)) as address:
            pipe.send(address)
            await asyncio.Event().wait()

    asyncio.run(serve())


# --- everybody due in the same minute


async def drain(dsn: str, companies: int) -> dict[str, Any]:
    """Companies with three partners each, all due at once; two senders, real limits, real planning."""
    names = ("benevity", "goodera", "workday")
    partners = Partners(per_minute={name: connector(name).limits.per_minute for name in names})
    pool = await asyncpg.create_pool(dsn, min_size=0, max_size=16)
    async with running(partners) as address:
        world = World(pool, address)
        ids = [await world.company(*names) for _ in range(companies)]
        await world.publish_all({one: {"volunteer_hours": 10 + n / 4} for n, one in enumerate(ids)}, PERIOD)
        for one in ids:
            for name in names:
                await world.due(one, name, PERIOD)
        started = time.perf_counter()
        await asyncio.gather(plan(pool, world.rules, NOW), plan(pool, world.rules, NOW))
        planned_s = time.perf_counter() - started
        senders = [
            Deliverer(pool, world.vault, enabled=world.rules.enabled, private_hosts=frozenset({address}))
            for _ in range(2)
        ]
        done = await asyncio.gather(*(one.drain(linger_s=5) for one in senders))
        total: Counter[str] = sum(done, Counter())
        result = {
            "companies": companies, "planned_s": round(planned_s, 2),
            "drained_s": round(time.perf_counter() - started, 1), "outcomes": dict(total),
            "busiest_minute": {name: partners.busiest_minute(name) for name in names},
            "limit": {name: connector(name).limits.per_minute for name in names},
            "accepted": {name: len(partners.processed(name)) for name in names},
            "hours_accepted": sum(
                one["metricValue"] for held in partners.processed("benevity")
                for one in held.document["metrics"] if one["metricType"] == "volunteer_hours"
            ),
            "hours_published": sum(10 + n / 4 for n in range(companies)),
            "problems": partners.problems[:10],
        }  # fmt: skip
        await world.close()
    await pool.close()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.impact_in", description=__doc__)
    parser.add_argument("--matrix", action="store_true")
    parser.add_argument("--faults", nargs="*", default=["none", *MISBEHAVIOURS])
    parser.add_argument("--steps", nargs="*", default=list(STEPS))
    parser.add_argument(
        "--missing", action="store_true", help="of the matrix what this code has not been through"
    )
    parser.add_argument("--pushes", type=int, default=0)
    parser.add_argument("--drain", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=reports.FOLDER)
    arguments = parser.parse_args()
    # A child reads this module anew; with all that it imports at hand that takes no time.
    PROCESSES.set_forkserver_preload(
        ["tests.benchmarks.impact_in_matrix", "tests.benchmarks.reports", "tests.serving.figures",
         "orchestration.stack.platform", "orchestration.stack.preparation"]
    )  # fmt: skip
    raw_path = arguments.folder / "impact_in.json"
    raw: dict[str, Any] = json.loads(raw_path.read_text())["measured"] if raw_path.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout.open(Path(folder), Ports.free())
        platform.up(layout, lambda line: None, stores_only=True)
        try:
            settings = store_settings(layout)
            dsn = settings.postgres_url.get_secret_value()
            with closing(postgres_connection(settings, autocommit=True)) as connection:
                create_views(connection)
            if arguments.pushes:
                raw["pushes"] = asyncio.run(pushes(dsn, arguments.pushes))
                _write(raw, arguments.folder)
            if arguments.drain:
                raw["drain"] = asyncio.run(drain(dsn, arguments.drain))
                _write(raw, arguments.folder)
            code = code_of("orchestration/impact_in")
            faults = arguments.faults if arguments.matrix else []
            if arguments.missing:
                faults = missing(raw.get("matrix", []), faults, arguments.steps, code)
            for fault in faults:
                cases = asyncio.run(matrix(dsn, [fault], arguments.steps, code))
                raw["matrix"] = merged(raw.get("matrix", []), cases)
                _write(raw, arguments.folder)
        finally:
            platform.down(layout)
    print((arguments.folder / "impact_in.md").read_text("utf-8"))
    broken = sum(case["verdict"] == "BROKEN" for case in raw.get("matrix", []))
    sys.exit(f"{broken} cases are broken" if broken else 0)


def _write(raw: dict[str, Any], folder: Path) -> None:
    """What has been measured so far, so that whatever stops the run takes nothing with it."""
    reports.write(
        "impact_in",
        "Impact-In: misbehaving partners, dying senders, and throughput",
        _table(raw),
        raw,
        command=shlex.join(["python", "-m", "tests.benchmarks.impact_in", *sys.argv[1:]]),
        notes=_notes(raw),
        folder=folder,
    )


def _table(raw: dict[str, Any]) -> list[list[str]]:
    cases = raw.get("matrix", [])
    table = [["what the partner does first", *PATHS]]
    for fault in dict.fromkeys(one["fault"] for one in cases):
        row = [fault]
        for partner in PATHS:
            verdicts = Counter(
                one["verdict"] for one in cases if (one["fault"], one["partner"]) == (fault, partner)
            )
            row.append(", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())))
        table.append(row)
    return table


def _notes(raw: dict[str, Any]) -> str:
    notes = []
    if cases := raw.get("matrix"):
        verdicts = Counter(one["verdict"] for one in cases)
        steps = ", ".join(dict.fromkeys(one["killed_at"] for one in cases))
        codes = Counter(one.get("code", "not noted") for one in cases)
        notes.append(
            f"{len(cases)} cases: each misbehaviour and partner with a sender killed at ({steps});"
            f" {verdicts['once']} arrived exactly once, {verdicts['failed visibly']} failed visibly,"
            f" {verdicts['BROKEN']} broken. Hours and donations at the partner equal the published ones in"
            f" each that arrived."
            f" Twice: the first has its answer, and the next one is killed as well. Code of the deliveries:"
            f" {', '.join(f'{code} in {count}' for code, count in codes.most_common())} cases."
        )
    if one := raw.get("pushes"):
        logged, bare = one["count"] / one["logged_cpu_s"], one["count"] / one["bare_cpu_s"]
        notes.append(
            f"{one['count']:,} signed pushes with their log: {logged:,.0f} per second of the sender's CPU"
            f" ({one['count'] / one['logged_s']:,.0f}/s by the clock, {one['attempts_logged']:,}"
            f" attempts on record);"
            f" aiohttp alone with no log {bare:,.0f}: ratio {logged / bare:.2f}."
        )
    if one := raw.get("drain"):
        busiest = ", ".join(
            f"{name} {one['busiest_minute'][name]} of {limit:g}" for name, limit in one["limit"].items()
        )
        notes.append(
            f"{one['companies']:,} companies with three partners due in the same minute, two senders:"
            f" planned in"
            f" {one['planned_s']} s, all accepted after {one['drained_s']} s ({one['outcomes']})."
            f" Requests in the"
            f" busiest minute: {busiest}. Hours accepted {one['hours_accepted']}, published"
            f" {one['hours_published']}."
        )
    return "\n\n" + "\n\n".join(notes) if notes else ""


if __name__ == "__main__":
    main()
