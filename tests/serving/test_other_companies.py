"""Whoever names what another company has, wherever one can name it, is shown and changes nothing.

What is named is there, and the company itself gets it by the same request; so it is the wall that is seen to
hold, and not that nothing was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import psycopg
import pytest

from ingest.stores import StoreSettings, postgres_connection
from tests.serving.running import OURS, THEIRS, Api
from tests.serving.things import Things, make, remove, state
from tests.serving.walk import Asked, described, let_through, requests


@pytest.fixture(scope="module")
def things(store_settings: StoreSettings, api: Api) -> Iterator[Things]:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        made = make(connection, OURS)
        yield made
        remove(connection, made)


@pytest.fixture(scope="module")
def asked(things: Things) -> list[Asked]:
    return requests(described(), things, THEIRS)


@pytest.fixture(scope="module")
def client(api: Api, new_key: Callable[..., str]) -> Iterator[Callable[..., httpx.Response]]:
    with httpx.Client(base_url=api.url, timeout=120) as session:
        keys = {one: new_key(one, "company_admin", rate_limit_per_minute=100_000) for one in (OURS, THEIRS)}

        def send(one: Asked, company: object) -> httpx.Response:
            return session.request(
                one.method, one.address, params=one.query, json=one.body,
                headers={"Authorization": f"Bearer {keys[company]}"},  # type: ignore[index]
            )  # fmt: skip

        yield send


def test_no_other_company_is_shown_or_changes_anything(
    asked: list[Asked], things: Things, client: Callable[..., httpx.Response], postgres: psycopg.Connection
) -> None:
    before = state(postgres, OURS)
    assert before["impact_in.scheduled_deliveries"]
    assert let_through(asked, lambda one: client(one, THEIRS), things) == {}
    assert state(postgres, OURS) == before


def test_the_company_itself_gets_there_by_the_same_requests(
    asked: list[Asked], things: Things, client: Callable[..., httpx.Response]
) -> None:
    stopped = {}
    count = 0
    for one in asked:
        if one.names != "thing" or one.path.startswith("/v1/companies/"):
            continue  # of figures, the tests of each read show what is there
        count += 1
        answer = client(one, OURS)
        if answer.status_code in (401, 403, 404, 422) or answer.status_code >= 500:
            stopped[str(one)] = answer.text[:300]
    assert stopped == {}, "\n".join(f"{one}: {told}" for one, told in stopped.items())
    assert count > 30
