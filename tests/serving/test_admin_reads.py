"""What administrators of the platform reach into is on record for good, and the company sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import psycopg
import pytest

from ingest.stores import StoreSettings
from serving.admin_reads import MOST_KEPT, AdminReads
from serving.credentials import Caller
from tests.serving.running import OURS, THEIRS, Api, assert_problem, poll


def recorded(postgres: psycopg.Connection, request_id: str) -> tuple[Any, ...] | None:
    return postgres.execute(
        "select caller_id, method, route, company_id from ingest.admin_reads where request_id = %s",
        (request_id,),
    ).fetchone()


@pytest.mark.parametrize(
    ("path", "route", "company"),
    [
        (f"/v1/companies/{OURS}/metrics", "/v1/companies/{company_id}/metrics", OURS),
        (f"/v1/ai/budget?companyId={THEIRS}", "/v1/ai/budget", THEIRS),
        (f"/v1/keys?companyId={OURS}", "/v1/keys", OURS),
        ("/v1/impact-in/deliveries", "/v1/impact-in/deliveries", None),
        ("/v1/safety/queue?companyId=none", "/v1/safety/queue", None),
    ],
)
def test_each_request_of_an_administrator_is_recorded(
    api: Api, admin_key: str, postgres: psycopg.Connection, path: str, route: str, company: UUID | None
) -> None:
    request_id = api.get(path, admin_key).headers["x-request-id"]
    row = poll(lambda: recorded(postgres, request_id), what="the record")
    assert row[0].startswith("key:")
    assert row[1:] == ("GET", route, company)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/keys", {"name": ""}),  # refused, and on record all the same
        ("/v1/privacy/export", {"subject": {"person_id": str(OURS)}}),
        ("/v1/impact-in/schedules", {"platform": "benevity", "cadence": "daily"}),
        ("/v1/journey/rules/backtest", {}),
    ],
)
def test_a_company_that_only_the_body_names_is_recorded(
    api: Api, admin_key: str, postgres: psycopg.Connection, path: str, body: dict[str, Any]
) -> None:
    answer = httpx.post(
        api.url + path, json={**body, "company_id": str(THEIRS)}, timeout=120,
        headers={"Authorization": f"Bearer {admin_key}"},
    )  # fmt: skip
    row = poll(lambda: recorded(postgres, answer.headers["x-request-id"]), what="the record")
    assert row[1:] == ("POST", path, THEIRS)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"company_id": 7}', b'{"company_id": "none"}'])
def test_a_body_that_names_no_company_is_recorded_without(
    api: Api, admin_key: str, postgres: psycopg.Connection, body: bytes
) -> None:
    headers = {"Authorization": f"Bearer {admin_key}", "Content-Type": "application/json"}
    answer = httpx.post(f"{api.url}/v1/keys", content=body, headers=headers, timeout=60)
    assert_problem(answer, "invalid-parameter", 422)
    row = poll(lambda: recorded(postgres, answer.headers["x-request-id"]), what="the record")
    assert row[1:] == ("POST", "/v1/keys", None)


def test_a_companys_own_requests_are_not(
    api: Api, our_key: str, admin_key: str, postgres: psycopg.Connection
) -> None:
    path = f"/v1/companies/{OURS}/metrics"
    own, admins = (api.get(path, key).headers["x-request-id"] for key in (our_key, admin_key))
    poll(lambda: recorded(postgres, admins), what="the record of the one after it")
    assert recorded(postgres, own) is None


def test_the_record_is_append_only(postgres: psycopg.Connection) -> None:
    for statement in ("delete from {}", "update {} set route = 'x'", "truncate {}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            postgres.execute(statement.format("ingest.admin_reads"))


def test_a_company_sees_who_reached_into_it_and_nothing_else(
    api: Api, admin_key: str, new_key: Callable[..., str], postgres: psycopg.Connection
) -> None:
    asked = [
        api.get(f"/v1/companies/{company}/{what}", admin_key).headers["x-request-id"]
        for company in (OURS, THEIRS)
        for what in ("sroi", "vis")
    ]
    poll(lambda: all(recorded(postgres, one) for one in asked), what="the record")
    key = new_key(OURS, "company_admin")
    found, path = [], "/v1/audit/admin-reads?limit=2"
    while path:
        page = api.get(path, key).json()
        found += page["items"]
        path = page["next_cursor"] and f"/v1/audit/admin-reads?limit=2&cursor={page['next_cursor']}"
    ids = [one["request_id"] for one in found]
    assert len(ids) == len(set(ids))
    assert [one in ids for one in asked] == [True, True, False, False]
    assert {one["company_id"] for one in found} == {str(OURS)}
    assert [one["asked_at"] for one in found] == sorted((one["asked_at"] for one in found), reverse=True)
    assert_problem(api.get(f"/v1/audit/admin-reads?companyId={THEIRS}", key), "company-forbidden", 403)


class Asked:
    """As much of a request as is recorded."""

    def __init__(self, number: int) -> None:
        self.method, self.path_params, self.query_params = "GET", {}, {}
        self.scope: dict[str, Any] = {}
        self.state = type("State", (), {"request_id": str(UUID(int=number))})


async def test_what_postgres_did_not_take_is_written_with_the_next(store_settings: StoreSettings) -> None:
    class Away:
        is_away = True

        async def execute(self, *arguments: Any) -> str:
            if self.is_away:
                raise OSError
            return await pool.execute(*arguments)  # type: ignore[no-any-return]

    pool = await asyncpg.create_pool(store_settings.postgres_url.get_secret_value(), min_size=0)
    try:
        away = Away()
        reads = AdminReads(away)  # type: ignore[arg-type]
        caller = Caller("user:admin", "system_admin", None, 10)
        await reads.note(Asked(1), caller)  # type: ignore[arg-type]
        with pytest.raises(OSError):  # noqa: PT011
            await reads.flush()
        await reads.note(Asked(2), caller)  # type: ignore[arg-type]
        away.is_away = False
        await reads.flush()
        await reads.flush()
        ids = [UUID(int=1), UUID(int=2)]
        found = await pool.fetchval(
            "select count(*) from ingest.admin_reads where request_id = any($1::uuid[])", ids
        )
        assert found == 2
        for number in range(MOST_KEPT + 5):
            await reads.note(Asked(number), caller)  # type: ignore[arg-type]
        assert len(reads._waiting) == MOST_KEPT
    finally:
        await pool.close()
