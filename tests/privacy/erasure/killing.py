"""Kills an erasure with SIGKILL at each of its steps: `python -m tests.privacy.erasure.killing`.

A person is planted in every declared relation, and one erasure of theirs dies again and again: in each step
when it has begun, in the middle of its work, and when the work is done and not noted yet. Each attempt is a
process of its own that takes the erasure up as a run of Dagster does, and has to begin exactly where the one
before died. The last attempt lives; then nothing of the person is in any store or file, and the other person
is where they were. Starts stores of its own; writes docs/reports/privacy_killed.{md,json}. Ends with 1, and
the step, where an attempt did not go on.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from nats.js import JetStreamContext

from orchestration.privacy.declarations import declared
from orchestration.privacy.erasure import carrying_out, certificates
from orchestration.privacy.erasure.carrying_out import Erasure
from orchestration.privacy.erasure.certificates import Certificate
from orchestration.privacy.erasure.clickhouse import Warehouse
from orchestration.privacy.erasure.erasing import Place, _Work
from orchestration.privacy.erasure.plan import JETSTREAM_FILES, POSTGRES_FILES, Lane, Plan, Step, plan_of
from orchestration.privacy.erasure.postgres import Database
from tests.benchmarks import reports
from tests.privacy.erasure.canary import Canary, of_the_other
from tests.privacy.erasure.leaving_out import ask
from tests.privacy.erasure.own_stores import stores_of_its_own

BEGUN, DONE = "when it had begun", "done, and not noted"
UNCOMMITTED = "before the commit"
UNEXCHANGED, EXCHANGED = "before the exchange", "after the exchange"
DELETED = "with a message deleted"
UNREPLACED = "before a file is replaced"
HALF_ANEW = "with a table written anew"
COUNTED, SIGNED = "when all was counted", "signed, and nobody told"
COUNT, CERTIFICATE = "count", "certificate"  # no steps of the plan
_IN_THE_MIDDLE: dict[Lane, tuple[str, ...]] = {
    "tombstones": (UNCOMMITTED,), "postgres": (UNCOMMITTED,), "arrivals": (UNEXCHANGED, EXCHANGED),
    "clickhouse": (UNEXCHANGED, EXCHANGED), "jetstream": (DELETED,), "folders": (UNREPLACED,),
}  # fmt: skip
_STATES = "select step, state from privacy.erasure_steps where erasure_id = %s order by position"


class NotKilledError(Exception):
    """An attempt did not die where it should, or the one before did not leave what it should."""


@dataclass(frozen=True)
class Death:
    """One kill -9: in which step, and when in it."""

    step: str
    moment: str


def deaths_in(plan: Plan, relations: Iterable[str]) -> Iterator[Death]:
    """Every moment in which an erasure may die that finds somebody in these relations."""
    found = set(relations)
    for step in plan.steps:
        if step.name == JETSTREAM_FILES:
            yield Death(COUNT, COUNTED)
        yield Death(step.name, BEGUN)
        if step.name in found or step.lane == "tombstones":
            yield from (Death(step.name, moment) for moment in _middle(step))
        if step.name == POSTGRES_FILES:
            yield Death(step.name, HALF_ANEW)
        yield Death(step.name, DONE)
    yield Death(CERTIFICATE, SIGNED)


def _middle(step: Step) -> tuple[str, ...]:
    # A planted file of these is removed whole: there is no half of it.
    is_whole = step.name in ("folder:privacy/exports", "folder:landing/quarantine")
    return () if is_whole else _IN_THE_MIDDLE.get(step.lane, ())


def killed(place: Place, request: UUID, death: Death) -> None:
    """Take the erasure up in a process of its own, which dies there. Raises NotKilledError if it does not."""
    child = os.fork()
    if child == 0:  # in there nothing may return to the caller
        try:
            _prepare(death)
            Erasure.of_due(place, [request], "a run that dies").run()
        except BaseException:  # said before it ends
            traceback.print_exc()
        finally:
            os._exit(3)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code != -signal.SIGKILL:
        raise NotKilledError(f"the attempt to die in {death.step} {death.moment} ended with {code}")


def left_by(postgres: psycopg.Connection, erasure_id: UUID, death: Death) -> None:
    """Hold what is noted against where it died: all before is done, it is running, and the rest waits."""
    states = postgres.execute(_STATES, (erasure_id,)).fetchall()
    names = [step for step, _ in states]
    at = names.index(death.step) if death.step in names else len(names)
    if death.step == COUNT:
        at = names.index(JETSTREAM_FILES)
    for place, (step, state) in enumerate(states):
        begun = "running" if death.step in names else "waiting"
        expected = "done" if place < at else begun if place == at else "waiting"
        if state != expected:
            raise NotKilledError(
                f"after it died in {death.step} {death.moment}, {step} is {state}, not {expected}"
            )


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _prepare(death: Death) -> None:
    """Have this process die at that moment. Only ever called in a child."""
    running: list[str] = []
    each = _Work.each

    def noting_each(self: _Work, steps: list[str], do: Callable[[str], Any]) -> None:
        def once(step: str) -> Any:
            running[:] = [step]
            if death == Death(step, BEGUN):
                _die()
            done = do(step)
            if death == Death(step, DONE):
                _die()
            running.clear()
            return done

        each(self, steps, once)

    _Work.each = noting_each  # type: ignore[method-assign, assignment]

    def dies_before(owner: Any, name: str, moment: str, *, after: bool = False) -> None:
        kept = getattr(owner, name)
        if death.moment != moment:
            return

        def here() -> bool:
            return running == [death.step] or death.step in (COUNT, CERTIFICATE)

        async def awaited(*arguments: Any, **named: Any) -> Any:
            done = await kept(*arguments, **named)
            if here():
                _die()
            return done

        def called(*arguments: Any, **named: Any) -> Any:
            if here() and not after:
                _die()
            done = kept(*arguments, **named)
            if here():
                _die()
            return done

        setattr(owner, name, awaited if inspect.iscoroutinefunction(kept) else called)

    dies_before(psycopg.Transaction, "__exit__", UNCOMMITTED)
    dies_before(Warehouse, "_write_twin", UNEXCHANGED, after=True)
    dies_before(JetStreamContext, "delete_msg", DELETED)
    dies_before(Path, "replace", UNREPLACED)
    dies_before(Erasure, "count_again", COUNTED, after=True)
    dies_before(carrying_out.certificates, "issue", SIGNED, after=True)
    if death.moment == EXCHANGED:
        drop, write_twin, written = Warehouse._drop_twin, Warehouse._write_twin, list[bool]()

        def noting_write(*arguments: Any) -> int:
            written.append(running == [death.step])
            return write_twin(*arguments)

        def drop_after_an_exchange(self: Warehouse, name: str) -> None:
            if any(written):  # not what an attempt before left
                _die()
            drop(self, name)

        Warehouse._write_twin = noting_write  # type: ignore[method-assign, assignment]
        Warehouse._drop_twin = drop_after_an_exchange  # type: ignore[method-assign]
    if death.moment == HALF_ANEW:
        write, begun = Database.write_anew, list[str]()

        def die_at_the_second(name: str) -> None:
            if begun:
                _die()
            begun.append(name)

        def write_one(self: Database, _: Callable[[str], None]) -> Any:
            return write(self, die_at_the_second)

        Database.write_anew = write_one  # type: ignore[method-assign, assignment]


def killed_everywhere(
    canary: Canary, deaths: Iterable[Death], told: Callable[[Death], None] = lambda _: None
) -> Certificate:
    """Erase the planted person, killed at each of these moments; returns what the last attempt signed."""
    place = canary.place
    with closing(place.postgres()) as postgres:
        request = ask(postgres, canary.person)
        erasure = Erasure.of_due(place, [request], "the first run")
        for death in deaths:
            killed(place, request, death)
            left_by(postgres, erasure.erasure_id, death)
            told(death)
        again = Erasure.of_due(place, [request], "the last run")
        if again.erasure_id != erasure.erasure_id:
            raise NotKilledError(f"{again.erasure_id} was opened beside {erasure.erasure_id}")
        return again.run()


def _all(place: Place, folder: Path) -> str:
    canary = Canary(place)
    asyncio.run(canary.plant())
    tables = [one for one in canary.relations if one.store in ("postgres", "clickhouse")]
    there = {one.key: of_the_other(canary, one) for one in tables}
    died: dict[str, list[str]] = {}

    def told(death: Death) -> None:
        died.setdefault(death.step, []).append(death.moment)
        sys.stdout.write(f"{death.step}: killed {death.moment}\n")
        sys.stdout.flush()

    deaths = list(deaths_in(plan_of(declared()), (one.key for one in canary.relations)))
    certificate = killed_everywhere(canary, deaths, told)
    with closing(place.postgres()) as postgres:
        certificates.check(
            certificate,
            public_key=certificates.public_bytes(certificates.signing_key(place.home)),
            connection=postgres,
        )
    left = {
        "rows of the person in tables": sum(canary.rows(one, canary.person) for one in tables),
        "words of theirs in files": len(canary.markers_on_disk()),
        "files with their id": len(canary.ids_on_disk()),
        "tables that lost somebody else": sum(of_the_other(canary, one) != there[one.key] for one in tables),
    }
    canary.close()
    steps = [[f"`{step}`", str(len(moments)), "; ".join(moments)] for step, moments in died.items()]
    page = reports.write(
        "privacy_killed", "An erasure that is killed at each of its steps",
        [["step", "killed", "in which moments"], *steps],
        {"died": died, "left": left, "rows_remaining": certificate.said["rows_remaining"]},
        command="python -m tests.privacy.erasure.killing",
        notes=f"Killed {len(deaths)} times, taken up {len(deaths)} times where it had died, then certified."
        f" Left: {', '.join(f'{name} {count}' for name, count in left.items())}.",
        folder=folder,
    )  # fmt: skip
    if any(left.values()):
        raise NotKilledError(f"something is left, or gone: {left}")
    return page


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=reports.FOLDER, help="of the report")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="impact-killed-") as home,
        stores_of_its_own(Path(home)) as place,
    ):
        print(_all(place, chosen.folder))


if __name__ == "__main__":
    main()
