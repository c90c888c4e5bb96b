"""A person planted in every table, stream and file is gone from all of them, and nobody else is."""

from __future__ import annotations

import asyncio
from contextlib import closing
from uuid import UUID

import psycopg

from orchestration.privacy.declarations import Declarations, Relation, Via, declared
from orchestration.privacy.erasure import certificates
from orchestration.privacy.erasure.carrying_out import Erasure, erase_who_came_back
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.verifying import verify
from orchestration.privacy.requests import store
from orchestration.privacy.requests.model import Order
from tests.privacy.erasure.canary import Canary


def ask(postgres: psycopg.Connection, person: UUID) -> UUID:
    order = Order("erasure", person, None, "test", is_immediate=True, reason="a test")
    return store.open_request(postgres, order)[0].request_id


def erasure_hashes(postgres: psycopg.Connection, erasure_id: UUID) -> list[bytes]:
    query = "select unnest(subject_hashes) from privacy.erasures where erasure_id = %s"
    return [bytes(row[0]) for row in postgres.execute(query, (erasure_id,))]


def of_the_other(canary: Canary, relation: Relation) -> int:
    """Rows of the one who stays. Where rows are deleted, one that names both goes."""
    rows = canary.rows(relation, canary.other)
    return rows if relation.erase == "redact" else min(rows, 1)


async def test_a_planted_person_is_gone_from_every_file(place: Place, postgres: psycopg.Connection) -> None:
    everything = declared()
    canary = Canary(place)
    await canary.plant()
    tables = [one for one in canary.relations if one.store in ("postgres", "clickhouse")]
    assert not [one.key for one in tables if not canary.rows(one, canary.person)]
    before = {one.key: of_the_other(canary, one) for one in tables}
    marked = canary.markers_on_disk()
    assert {one.key for one in canary.relations if one.store in ("jetstream", "folder")} <= marked
    assert len(marked) > 25

    # With every second declaration taken away, what it declared stays, and the verifier says so.
    # Not those that go with another one's rows, or are found through them alone: these have one chance.
    reached = {one.key for one in canary.relations if isinstance(one.reach, Via) and not one.subject_keys}
    left_out = {one.key for one in canary.relations[::2]} - canary.cascading() - reached
    fewer = Declarations(_without(everything, left_out))
    request = ask(postgres, canary.person)
    erasure = await asyncio.to_thread(Erasure.of_due, place, [request], "run-1", declarations=fewer)
    await asyncio.to_thread(erasure.run)
    still = {one.key for one in tables if canary.rows(one, canary.person)}
    expected = left_out & {one.key for one in tables}
    assert still == expected, (still - expected, expected - still)
    there = canary.markers_on_disk()
    assert (marked & left_out) <= there, marked & left_out - there
    report = await verify(place, erasure_hashes(postgres, erasure.erasure_id))
    assert set(report.unclean) == left_out, set(report.unclean) ^ left_out

    # With all of them nothing stays, in any file; and the other person is where they were.
    _, certificate = await asyncio.to_thread(erase_who_came_back, place, "run-2")
    assert certificate is not None
    assert not [one.key for one in tables if canary.rows(one, canary.person)]
    assert canary.markers_on_disk() == set()
    assert canary.ids_on_disk() == []
    assert {one.key: of_the_other(canary, one) for one in tables} == before
    with closing(place.postgres()) as connection:
        certificates.check(
            certificate,
            public_key=certificates.public_bytes(certificates.signing_key(place.home)),
            connection=connection,
        )
    assert (await verify(place, certificate.hashes)).is_clean


def _without(everything: Declarations, keys: set[str]) -> list:  # type: ignore[type-arg]
    return [one.model_copy(update={"erase": "retain"}) if one.key in keys else one for one in everything]
