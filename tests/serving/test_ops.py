"""Administrators find, read, replay and discard dead letters over HTTP; nobody else does."""

from __future__ import annotations

import asyncio
import base64
import uuid
from collections.abc import Callable, Iterator

import httpx
import psycopg
import pytest

from ingest.dead_letters import DeadLetter
from ingest.failures import ErrorClass
from ingest.jetstream import publish_all
from ingest.stores import StoreSettings, nats_client, postgres_pool
from tests.ingest.pipeline import Pipeline
from tests.serving.running import Api, assert_problem

PATH = "/v1/ops/dead-letters"
BODY = b'{"participant_email": "oksana@example.org"}'


@pytest.fixture
def kind(store_settings: StoreSettings) -> str:
    """Five letters of a kind of their own."""
    kind = f"k-{uuid.uuid4().hex}"

    async def keep() -> None:
        nats = await nats_client(store_settings, name="test")
        async with await postgres_pool(store_settings) as pool:
            pipeline = Pipeline(pool, nats)
            await publish_all(pipeline.js, [letter(kind, number).message() for number in range(5)])
            await pipeline.index_dead_letters()
        await nats.close()

    asyncio.run(keep())
    return kind


def letter(kind: str, number: int) -> DeadLetter:
    id_ = f"{kind}/{number}"
    return DeadLetter(
        source="kintell", kind=kind, key=f"kintell:{id_}", delivery_id=id_, reason="KeyError", payload=BODY,
        return_subject=f"inbox.kintell.{kind}", error_class=ErrorClass.UNKNOWN, attempts=4,
        original_headers={"Impact-Delivery-Id": id_},
    )  # fmt: skip


@pytest.fixture
def post(api: Api, admin_key: str) -> Callable[..., httpx.Response]:
    def post(path: str, key: str = admin_key, **order: object) -> httpx.Response:
        return httpx.post(
            f"{api.url}{PATH}/{path}", json=order, headers={"Authorization": f"Bearer {key}"}, timeout=10
        )

    return post


def pages(api: Api, key: str, query: str) -> Iterator[list[dict[str, object]]]:
    cursor = ""
    while cursor is not None:
        page = api.get(f"{PATH}?{query}&limit=2" + (f"&cursor={cursor}" if cursor else ""), key).json()
        yield page["items"]
        cursor = page["next_cursor"]


def test_letters_are_listed_page_by_page_and_without_their_bytes(api: Api, admin_key: str, kind: str) -> None:
    found = list(pages(api, admin_key, f"kind={kind}"))
    assert [[one["delivery_id"] for one in page] for page in found] == [
        [f"{kind}/4", f"{kind}/3"], [f"{kind}/2", f"{kind}/1"], [f"{kind}/0"],
    ]  # fmt: skip
    assert found[0][0]["error_class"] == "unknown"
    assert found[0][0]["attempts"] == 4
    assert "oksana" not in str(found)
    assert_problem(api.get(f"{PATH}?cursor=bm8=", admin_key), "invalid-parameter", 422)


def test_the_bytes_are_given_only_when_asked_for(api: Api, admin_key: str, kind: str) -> None:
    id_ = next(pages(api, admin_key, f"kind={kind}"))[0]["letter_id"]
    assert api.get(f"{PATH}/{id_}", admin_key).json()["payload_text"] is None
    whole = api.get(f"{PATH}/{id_}?payload=true", admin_key).json()
    assert base64.b64decode(whole["payload_base64"]) == BODY == whole["payload_text"].encode()
    assert whole["original_headers"] == {"Impact-Delivery-Id": f"{kind}/4"}
    assert "dead_letter_payload_read" in api.log.read_text()
    assert_problem(api.get(f"{PATH}/999999999", admin_key), "dead-letter-not-found", 404)


def test_replaying_twice_has_one_effect_and_is_on_record(
    api: Api, admin_key: str, kind: str, post: Callable[..., httpx.Response], postgres: psycopg.Connection
) -> None:
    assert post("replay", kind=kind, dry_run=True).json() == {
        "matched_count": 5, "settled_count": 0, "gone_count": 0, "action_id": None,
    }  # fmt: skip
    first = post("replay", kind=kind, limit=3).json()
    assert first["settled_count"] == 3
    assert post("replay", kind=kind).json()["settled_count"] == 2
    assert post("replay", kind=kind).json()["matched_count"] == 0
    [actor, count, filters] = postgres.execute(
        "select actor, letter_count, filters from ingest.dead_letter_actions where action_id = %s",
        (first["action_id"],),
    ).fetchone()
    assert actor.startswith("key:")
    assert (count, filters["kind"], filters["limit"]) == (3, kind, 3)
    replayed = next(pages(api, admin_key, f"kind={kind}&state=replayed"))
    assert {one["settled_by"] for one in replayed} == {actor}


def test_a_discarded_letter_keeps_its_row_and_loses_its_bytes(
    api: Api, admin_key: str, kind: str, post: Callable[..., httpx.Response]
) -> None:
    id_ = next(pages(api, admin_key, f"kind={kind}"))[0]["letter_id"]
    assert post("discard", ids=[id_]).json()["settled_count"] == 1
    gone = api.get(f"{PATH}/{id_}?payload=true", admin_key).json()
    assert (gone["state"], gone["payload_base64"]) == ("discarded", None)


def test_a_deliverys_story_is_told_by_its_id(api: Api, admin_key: str, kind: str) -> None:
    told = api.get(f"/v1/ops/deliveries/kintell/{kind}/3", admin_key).json()
    assert told["outcome"] == "refused"  # its id was never taken
    assert told["steps"][0]["what"].startswith("given up after 4 attempts (unknown): dead letter")
    assert_problem(api.get("/v1/ops/deliveries/kintell/nobody", admin_key), "delivery-not-found", 404)


def test_only_administrators_are_let_in(
    api: Api, our_key: str, kind: str, post: Callable[..., httpx.Response]
) -> None:
    for path in (PATH, f"{PATH}/1", "/v1/ops/deliveries/kintell/1"):
        assert_problem(api.get(path, our_key), "role-forbidden", 403)
        assert_problem(api.get(path), "unauthenticated", 401)
    assert_problem(post("replay", our_key, kind=kind), "role-forbidden", 403)
    assert_problem(post("discard", our_key, kind=kind), "role-forbidden", 403)
