"""The audit chain: nothing in it is changed, and whoever gets around that is found out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import uuid4

import psycopg
import pytest

from ingest.stores import StoreSettings, postgres_connection
from orchestration.privacy.requests import audit

OWNER = "alter table privacy.audit disable trigger user"


def test_rows_written_at_once_are_one_chain(
    store_settings: StoreSettings, postgres: psycopg.Connection
) -> None:
    before = audit.verify(postgres)

    def write(number: int) -> None:
        with closing(postgres_connection(store_settings, autocommit=True)) as connection:
            for _ in range(10):
                audit.append(
                    connection, "request.received", f"user:{number}", request_id=uuid4(), detail={"n": 1}
                )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    after = audit.verify(postgres, expected_head=before.head_name if before.length else None)
    assert (after.problem, after.length) == (None, before.length + 40)


@pytest.mark.parametrize(
    "change",
    ["update privacy.audit set actor = 'nobody'", "delete from privacy.audit", "truncate privacy.audit"],
)
def test_nothing_in_it_is_changed(postgres: psycopg.Connection, change: str) -> None:
    audit.append(postgres, "request.received", "user:1")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        postgres.execute(change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tampering", "problem"),
    [
        (
            "update privacy.audit set actor = 'user:2' where sequence = {last} - 1",
            "row {previous} is not what",
        ),
        ("update privacy.audit set detail = '{{}}' where sequence = {last}", "row {last} is not what"),
        ("delete from privacy.audit where sequence = {last} - 1", "row {previous} is missing"),
        ("delete from privacy.audit where sequence = {last}", "row {last} is not the one"),
        # Made anew from there on, so that all hashes agree with each other.
        (
            "delete from privacy.audit where sequence = {last};"
            " alter table privacy.audit enable trigger a_row_joins_the_chain;"
            " insert into privacy.audit (action, actor) values ('request.received', 'user:9')",
            "row {last} is not the one",
        ),
    ],
)
def test_who_gets_around_that_is_found(postgres: psycopg.Connection, tampering: str, problem: str) -> None:
    for number in range(3):
        audit.append(postgres, "request.received", "user:1", detail={"n": number})
    whole = audit.verify(postgres)
    assert whole.problem is None
    names = {"last": whole.length, "previous": whole.length - 1}
    with postgres.transaction(force_rollback=True):
        postgres.execute(OWNER)
        postgres.execute(tampering.format(**names))  # type: ignore[arg-type]
        found = audit.verify(postgres, expected_head=whole.head_name)
        assert found.problem is not None
        assert found.problem.startswith(problem.format(**names))


def test_no_address_gets_into_it(postgres: psycopg.Connection) -> None:
    audit.append(postgres, "request.received", "user:olena@example.org")
    [actor] = postgres.execute(
        "select actor from privacy.audit order by sequence desc limit 1"
    ).fetchone() or [""]
    assert "olena" not in actor
    assert actor.startswith("user:sha256-")
