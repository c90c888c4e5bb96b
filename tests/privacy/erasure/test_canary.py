"""A person planted in every table, stream and file is gone from all of them, and nobody else is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from orchestration.privacy.erasure import certificates
from orchestration.privacy.erasure.carrying_out import erase_who_came_back
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.verifying import verify
from tests.privacy.erasure.canary import Canary, of_the_other
from tests.privacy.erasure.leaving_out import erased_without, found_through_others


@pytest.fixture
def stores() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


async def test_a_planted_person_is_gone_from_every_file(place: Place, stores: ExitStack) -> None:
    """Each in turn: `python -m tests.privacy.erasure.leaving_out`. Here in halves, of two people."""
    canaries = [stores.enter_context(closing(Canary(place))) for _ in range(2)]
    for half, canary in enumerate(canaries):
        await canary.plant()
        tables = [one for one in canary.relations if one.store in ("postgres", "clickhouse")]
        assert not [one.key for one in tables if not canary.rows(one, canary.person)]
        before = {one.key: of_the_other(canary, one) for one in tables}
        marked = canary.markers_on_disk()
        assert {one.key for one in canary.relations if one.store in ("jetstream", "folder")} <= marked
        assert len(marked) > 25

        # With every second declaration taken away, what it declared stays, and the verifier says so.
        # But for what nobody can find any more once the rows that lead to it are gone.
        left_out = {one.key for one in canary.relations[half::2]} - found_through_others(canary.relations)
        noticed = await erased_without(canary, left_out)
        assert noticed.unclean == left_out, noticed.unclean ^ left_out
        assert noticed.held == left_out, noticed.held ^ left_out
        assert marked & left_out <= canary.markers_on_disk()

    # With all of them nothing stays of either, in any file; and the other person is where they were.
    _, certificate = await asyncio.to_thread(erase_who_came_back, place, "run-2")
    assert certificate is not None
    for canary in canaries:
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
