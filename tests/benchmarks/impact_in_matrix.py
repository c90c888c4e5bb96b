"""Every misbehaviour of every partner, each with a sender that is killed (SIGKILL) at each of its steps.

Some cases kill two: one that has its answer and tells nobody, and whoever asks or sends after it. Platforms
go side by side, each with partners of its own, since most of a case is waiting for a lease to end.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import asyncpg

from orchestration.impact_in.connectors import connector
from orchestration.impact_in.planning import plan
from tests.impact_in.world import FAST, NOW, World
from tests.partners.server import PATHS, SECRETS, Partners, running
from tests.partners.totals import TOLD_OF_DONATIONS, hours_and_donations

STEPS = ("nobody", "claimed", "before the intent of a send", "after the intent of a send",
         "after the answer to a send", "before the end is written", "after the end is written",
         "twice: before the next intent", "twice: after the next intent",
         "twice: after the next answer")  # fmt: skip
ANSWERED = "after the answer to a send"
PERIOD = "2026-09"
LEASE = timedelta(seconds=0.6)
IMPATIENT = FAST.model_copy(update={"timeout_s": 0.5})
PROCESSES = multiprocessing.get_context("forkserver")
Case = dict[str, Any]


async def matrix(dsn: str, faults: Sequence[str], steps: Sequence[str], code: str) -> list[Case]:
    """One report per misbehaviour, partner and step at which its sender dies, and what became of it."""
    platforms: dict[str, list[str]] = {}
    for partner in PATHS:
        platforms.setdefault(connector(partner).platform, []).append(partner)
    turn = asyncio.Lock()
    lanes = [_lane(dsn, platform, names, faults, steps, turn) for platform, names in platforms.items()]
    return [{**case, "code": code} for cases in await asyncio.gather(*lanes) for case in cases]


def missing(known: Sequence[Case], faults: Sequence[str], steps: Sequence[str], code: str) -> list[str]:
    """The misbehaviours of which a case was not run yet, or with other code."""
    done = {(case["fault"], case["partner"], case["killed_at"]) for case in known if case.get("code") == code}
    return [
        fault for fault in faults
        if any((fault, partner, step) not in done for partner in PATHS for step in steps)
    ]  # fmt: skip


def merged(known: Sequence[Case], new: Sequence[Case]) -> list[Case]:
    """What earlier parts found, with this part's cases in the place of their like."""
    return sorted({_key(case): case for case in (*known, *new)}.values(), key=_key)


def _key(case: Case) -> tuple[str, str, int]:
    return case["fault"], case["partner"], STEPS.index(case["killed_at"])


async def _lane(
    dsn: str, platform: str, names: Sequence[str], faults: Sequence[str], steps: Sequence[str],
    turn: asyncio.Lock,
) -> list[Case]:  # fmt: skip
    partners, cases = Partners(), []
    async with (
        asyncpg.create_pool(dsn, min_size=0, max_size=8) as pool,
        running(partners) as address,
    ):
        world = World(pool, address, platforms=[platform])
        for fault in faults:
            for partner in names:
                found = [await _case(dsn, world, partners, fault, partner, step, turn) for step in steps]
                cases += found
                print(f"{fault}, {partner}: {dict(Counter(one['verdict'] for one in found))}", flush=True)
        await world.close()
    return cases


async def _case(
    dsn: str, world: World, partners: Partners, fault: str, partner: str, step: str, turn: asyncio.Lock
) -> Case:
    hours = 10 + len(world.companies) / 4
    donations = 1000 + len(world.companies) / 100
    async with turn:  # one lane's schedule is due at a time, and that lane plans it
        company = await world.company(partner)
        await world.publish(company, PERIOD, volunteer_hours=hours, donations_usd=donations)
        await world.due(company, connector(partner).platform, PERIOD)
        await plan(world.pool, world.rules, NOW)
    partners.secrets = dict(SECRETS)
    if fault != "none":
        partners.misbehave(partner, fault)
    for death in _deaths(step, partner):
        await _die(dsn, world, death, f"{fault}, {partner}, {step}")
    await world.deliverer(lease=LEASE, limits=_limits(world)).drain(linger_s=5)
    partners.script[partner].clear()
    [delivery] = await world.deliveries(company)
    accepted = [one for one in partners.processed(partner) if one.delivery_id == str(delivery["delivery_id"])]
    arrived = (
        len(accepted) == 1
        and accepted[0].times == 1
        and hours_and_donations(partner, accepted[0].document)
        == (hours, round(donations, 2) if partner in TOLD_OF_DONATIONS else None)
    )
    if delivery["status"] == "delivered" and arrived:
        verdict = "once"
    elif delivery["status"] == "failed" and not accepted:
        verdict = "failed visibly"
    else:
        verdict = "BROKEN"
    attempts = await world.attempts(delivery["delivery_id"])
    return {
        "fault": fault, "partner": partner, "killed_at": step, "verdict": verdict,
        "status": delivery["status"], "accepted": len(accepted), "error_class": delivery["error_class"],
        "attempts": [f"{one['kind']}: {one['decision']}" for one in attempts],
    }  # fmt: skip


def _deaths(step: str, partner: str) -> list[str]:
    """At which of a sender's steps one is killed, and then the next one."""
    if not step.startswith("twice: "):
        return [] if step == "nobody" else [step]
    request = "read_back" if connector(partner).read_back else "send"
    when = step.removeprefix("twice: ").replace("the next ", "the ")
    return [ANSWERED, f"{when} {'to' if when.endswith('answer') else 'of'} a {request}"]


async def _die(dsn: str, world: World, step: str, case: str) -> None:
    """Have a process begin to send, and be killed at this step."""
    sender = PROCESSES.Process(target=_dying_sender, args=(dsn, world.address, world.rules.enabled, step))
    sender.start()
    await asyncio.to_thread(sender.join, 120)
    if sender.is_alive():
        sender.kill()
        raise RuntimeError(f"the sender that was to die at {step!r} lives: {case}")
    if sender.exitcode != -signal.SIGKILL:
        raise RuntimeError(f"the sender did not come to {step!r}: {case}, {sender.exitcode}")


def _dying_sender(dsn: str, address: str, platforms: Sequence[str], step: str) -> None:
    def die(reached: str) -> None:
        if reached == step:
            os.kill(os.getpid(), signal.SIGKILL)

    async def send() -> None:
        async with asyncpg.create_pool(dsn, min_size=0, max_size=4) as pool:
            world = World(pool, address, platforms=platforms)
            await world.deliverer(lease=LEASE, limits=_limits(world), on_step=die).drain(linger_s=1)

    asyncio.run(send())


def _limits(world: World) -> dict[str, Any]:
    return dict.fromkeys(world.rules.enabled, IMPATIENT)
