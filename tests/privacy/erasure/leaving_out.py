"""Takes declarations away and looks whether anybody notices: `python -m tests.privacy.erasure.leaving_out`.

A person for every declaration, planted in all relations and erased as if that one were not declared. What it
declared has to be there afterwards, and of that person nothing else may be. The verifier has to say so, where
ids in the relation tell whose it is. `--only KEY` asks of one, or of several. Starts stores of its own,
writes docs/reports/privacy_leaving_out.{md,json}; ends with 1 if a declaration could be taken away unnoticed.

All in one pass: a relation costs the same for one person as for all. So each is swept, in the order of the
plan, by an erasure of its own, of everybody but the one of whom it is not declared.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from orchestration.privacy.declarations import Declarations, Relation, Via, declared
from orchestration.privacy.erasure.carrying_out import Erasure
from orchestration.privacy.erasure.erasing import Place, open_erasure
from orchestration.privacy.erasure.plan import SWEEPING, is_swept, plan_of
from orchestration.privacy.erasure.verifying import Count, verify
from orchestration.privacy.requests import store
from orchestration.privacy.requests.model import Order
from tests.benchmarks import reports
from tests.privacy.erasure.canary import Canary, is_in, words_on_disk
from tests.privacy.erasure.own_stores import stores_of_its_own

BY_BOTH, BY_LOOKING, BY_NOBODY = "the search and the verifier", "the search", "NOBODY"


def ask(postgres: psycopg.Connection, person: UUID) -> UUID:
    order = Order("erasure", person, None, "test", is_immediate=True, reason="a test")
    return store.open_request(postgres, order)[0].request_id


def without(keys: Collection[str]) -> Declarations:
    """All declarations, with nothing left to do in these."""
    return Declarations(
        one.model_copy(update={"erase": "retain", "physical": None}) if one.key in keys else one
        for one in declared()
    )


def found_through_others(relations: Collection[Relation]) -> set[str]:
    """Relations with no id of a person: a row that stays is nobody's any more, and only a search finds it."""
    return {
        one.key
        for one in relations
        if isinstance(one.reach, Via) and not one.subject_keys and not one.mentions
    }


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
    await asyncio.to_thread(_sweep, erasure)
    return (await _noticed(place, [canary], [erasure.erasure_id]))[canary.person]


async def erased_but_for(place: Place, left_out: Mapping[str, Canary]) -> dict[UUID, Noticed]:
    """Erase all of these, each as if one relation were not declared."""
    everywhere = {one.key for one in declared() if is_swept(one)}
    keys = [step.name for step in plan_of(declared()).steps if step.name in everywhere]
    erasures: dict[str, Erasure] = {}
    with closing(place.postgres()) as postgres:
        # All are opened before any is carried out: the ids by which people are found go with the first.
        for key in keys:
            fewer = without(everywhere - {key})
            people = [(one.person, None) for one in left_out.values() if one is not left_out.get(key)]
            opened = open_erasure(postgres, people, declarations=fewer)
            erasures[key] = Erasure(place, opened, "run", declarations=fewer)
    for number, (key, erasure) in enumerate(erasures.items(), 1):
        await asyncio.to_thread(_sweep, erasure)
        sys.stdout.write(f"{number}/{len(keys)} {key}: swept of everybody but one\n")
        sys.stdout.flush()
    return await _noticed(place, list(left_out.values()), [one.erasure_id for one in erasures.values()])


def _sweep(erasure: Erasure) -> None:
    for lane in SWEEPING:
        erasure.lane(lane)


async def _noticed(place: Place, canaries: Sequence[Canary], erasures: Sequence[UUID]) -> dict[UUID, Noticed]:
    with closing(place.postgres()) as postgres:
        query = "select distinct unnest(subject_hashes) from privacy.erasures where erasure_id = any(%s)"
        hashes = [bytes(row[0]) for row in postgres.execute(query, (list(erasures),))]
        # These are never finished: whom they were about goes as it would then.
        postgres.execute("delete from privacy.erasure_subjects where erasure_id = any(%s)", (list(erasures),))
    counts = (await verify(place, hashes)).counts
    relations = canaries[0].relations
    tables = {one.key: canaries[0].texts(one) for one in relations if one.store in ("postgres", "clickhouse")}
    words = words_on_disk(place.home)
    noticed = {}
    for canary in canaries:
        unclean = {one.relation for one in counts if _names(one, canary)}
        held = {
            key
            for key, texts in tables.items()
            if any(is_in(text, [str(canary.person), canary.marker(key)]) for text in texts)
        }
        # What was deleted is in the files of the stores until these are written anew.
        held |= canary.those_of_mine(words) & (unclean - tables.keys())
        noticed[canary.person] = Noticed(held, unclean)
    return noticed


def _names(count: Count, canary: Canary) -> bool:
    """Whether the verifier found this one of them; whatever it could not count may hold any."""
    return (
        count.state == "unknown"
        or canary.person in count.people
        or not count.words.isdisjoint((str(canary.person), canary.email))
    )


def noticed_by(relation: Relation, noticed: Noticed) -> str:
    """Who noticed that this one was left out."""
    if noticed.held == {relation.key}:
        if noticed.unclean == {relation.key}:
            return BY_BOTH
        if not noticed.unclean and relation.key in found_through_others([relation]):
            return BY_LOOKING
    return BY_NOBODY


async def _report(place: Place, relations: Sequence[Relation], folder: Path) -> int:
    first = Canary(place)
    left_out = {one.key: Canary(place, first) for one in relations}
    await first.plant(*left_out.values())
    for relation in first.relations:
        if relation.store in ("postgres", "clickhouse"):
            there = "\n".join(first.texts(relation))
            for one in left_out.values():
                words = [str(one.person), one.marker(relation.key)]
                assert is_in(there, words), (
                    f"{relation.key} holds nobody: a zero afterwards would say nothing"
                )
    noticed = await erased_but_for(place, left_out)
    first.close()
    table = [["left out", "noticed by"]]
    raw: dict[str, dict[str, object]] = {}
    for one in relations:
        found = noticed[left_out[one.key].person]
        by = noticed_by(one, found)
        table.append([f"`{one.key}`", by])
        raw[one.key] = {"by": by, "held": sorted(found.held), "verifier": sorted(found.unclean)}
        if by == BY_NOBODY:
            sys.stdout.write(f"{one.key} NOT NOTICED: {raw[one.key]}\n")
    unnoticed = sum(one["by"] == BY_NOBODY for one in raw.values())
    said = f"{len(raw)} declarations left out in turn, {unnoticed} of them unnoticed."
    reports.write(
        "privacy_leaving_out", "Declarations left out, and who noticed", table, raw,
        command="python -m tests.privacy.erasure.leaving_out", notes=said, folder=folder,
    )  # fmt: skip
    sys.stdout.write(f"{said}\n")
    return unnoticed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", help="keys of relations, such as clickhouse:raw.events")
    parser.add_argument("--folder", type=Path, default=reports.FOLDER, help="of the report")
    chosen = parser.parse_args()
    relations = sorted((one for one in declared() if is_swept(one)), key=lambda one: one.key)
    relations = [one for one in relations if not chosen.only or one.key in chosen.only]
    with (
        tempfile.TemporaryDirectory(prefix="impact-canary-") as home,
        stores_of_its_own(Path(home)) as place,
    ):
        unnoticed = asyncio.run(_report(place, relations, chosen.folder))
    sys.exit(1 if unnoticed else 0)


if __name__ == "__main__":
    main()
