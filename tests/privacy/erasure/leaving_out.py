"""Takes declarations away and looks whether anybody notices: `python -m tests.privacy.erasure.leaving_out`.

Every declaration in turn: a person is planted in all relations and erased as if that one were not declared.
What it declared has to be there afterwards, nothing else may be, and the verifier has to say so. Starts
stores of its own; some seconds a declaration. `--only KEY` takes one, `--every N` each Nth. Ends with 1 if a
declaration could be taken away unnoticed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from orchestration.privacy.declarations import Declarations, Via, declared
from orchestration.privacy.erasure.carrying_out import Erasure
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.plan import SWEEPING, is_swept
from orchestration.privacy.erasure.verifying import verify
from orchestration.privacy.requests import store
from orchestration.privacy.requests.model import Order
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.privacy.erasure.canary import Canary
from tests.text_keys import FILE


def ask(postgres: psycopg.Connection, person: UUID) -> UUID:
    order = Order("erasure", person, None, "test", is_immediate=True, reason="a test")
    return store.open_request(postgres, order)[0].request_id


def without(keys: Collection[str]) -> Declarations:
    """All declarations, with nothing left to do in these."""
    return Declarations(
        one.model_copy(update={"erase": "retain"}) if one.key in keys else one for one in declared()
    )


def with_one_chance(canary: Canary) -> set[str]:
    """Relations whose rows go with others, are found through them alone, or go with the tombstones."""
    reached = {one.key for one in canary.relations if isinstance(one.reach, Via) and not one.subject_keys}
    shredded = {one.key for one in canary.relations if one.physical == "shred"}
    return canary.cascading() | reached | shredded


@dataclass(frozen=True)
class Noticed:
    """Relations that still held the person: by looking, and by the verifier's word."""

    held: set[str]
    unclean: set[str]


async def erased_without(canary: Canary, keys: Collection[str]) -> Noticed:
    """Erase the planted person as if these were not declared."""
    place, fewer = canary.place, without(keys)
    with closing(place.postgres()) as postgres:
        request = ask(postgres, canary.person)
    erasure = await asyncio.to_thread(Erasure.of_due, place, [request], "run", declarations=fewer)
    for lane in SWEEPING:
        await asyncio.to_thread(erasure.lane, lane)
    with closing(place.postgres()) as postgres:
        query = "select unnest(subject_hashes) from privacy.erasures where erasure_id = %s"
        hashes = [bytes(row[0]) for row in postgres.execute(query, (erasure.erasure_id,))]
        # This one is never finished: whom it was about goes as it would then.
        postgres.execute("delete from privacy.erasure_subjects where erasure_id = %s", (erasure.erasure_id,))
    report = await verify(place, hashes)
    tables = [one for one in canary.relations if one.store in ("postgres", "clickhouse")]
    held = {one.key for one in tables if canary.rows(one, canary.person)}
    files = {one.key for one in canary.relations} - {one.key for one in tables}
    # What was deleted is in the files of the stores until these are written anew.
    if suspected := files & set(report.unclean):
        held |= suspected & canary.markers_on_disk()
    return Noticed(held, set(report.unclean))


async def _each(place: Place, keys: Collection[str]) -> int:
    unnoticed = 0
    for number, key in enumerate(keys, 1):
        began = time.monotonic()
        canary = Canary(place)
        await canary.plant()
        try:
            noticed = await erased_without(canary, {key})
            one_chance = with_one_chance(canary)
        finally:
            canary.close()
        said = "noticed"
        if key in one_chance and not noticed.unclean:
            said = "goes with others all the same"
        elif noticed.held != {key} or noticed.unclean != {key}:
            said = f"NOT NOTICED: held {sorted(noticed.held)}, verifier {sorted(noticed.unclean)}"
            unnoticed += 1
        sys.stdout.write(f"{number}/{len(keys)} {key}: {said} ({time.monotonic() - began:.1f} s)\n")
        sys.stdout.flush()
    return unnoticed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", help="key of one relation, such as clickhouse:raw.events")
    parser.add_argument("--every", type=int, default=1)
    chosen = parser.parse_args()
    keys = sorted(one.key for one in declared() if is_swept(one))
    keys = [chosen.only] if chosen.only else keys[:: chosen.every]
    with tempfile.TemporaryDirectory(prefix="impact-canary-") as home:
        layout = Layout.open(Path(home), Ports.free())
        os.environ["IMPACT_HOME"], os.environ[FILE] = str(layout.home), str(layout.text_keys)
        platform.up(layout, lambda _: None, stores_only=True)
        try:
            unnoticed = asyncio.run(_each(Place(store_settings(layout), layout.home), keys))
        finally:
            platform.down(layout)
    sys.stdout.write(f"{len(keys)} declarations left out in turn, {unnoticed} of them unnoticed\n")
    sys.exit(1 if unnoticed else 0)


if __name__ == "__main__":
    main()
