"""A connection is used again by statements that bring the same, and none finds what another has left."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from orchestration.stack.clickhouse.context import Context, laid_over
from orchestration.stack.clickhouse.forms import ExternalTable
from orchestration.stack.clickhouse.spares import Spares

TAG = "SELECT getSetting('log_comment')"
SETTING = "SELECT value FROM system.settings WHERE name = 'max_block_size'"


@pytest.fixture
def own() -> dict[str, str]:
    """A setting that no statement before this test has brought."""
    return {"max_rows_to_read": str(uuid.uuid4().int % 10**12 + 10**9)}


def said(http: httpx.Client, sql: str, **arguments: str) -> str:
    response = http.post("/", content=sql, params=arguments)
    assert response.status_code == 200, response.text
    return response.text.rstrip("\n")


def test_a_connection_waits_for_the_same_settings(http: httpx.Client, own: dict[str, str]) -> None:
    first = said(http, TAG, **own)
    assert said(http, TAG) != first
    assert said(http, TAG, **own, max_block_size="999") != first
    assert said(http, TAG, **own, database="system") != first
    assert said(http, TAG, **own) == first


def test_what_a_request_brings_holds_for_it_alone(http: httpx.Client) -> None:
    before = said(http, SETTING)
    assert said(http, SETTING, max_block_size="777") == "777"
    assert said(http, SETTING) == before
    assert said(http, "SELECT currentDatabase()", database="system") == "system"
    assert said(http, "SELECT currentDatabase()") == "default"


@pytest.mark.parametrize(
    "statement",
    ["SELECT no_such_column", "SET max_block_size = 5", "CREATE TEMPORARY TABLE left_here (n UInt8)"],
)
def test_what_left_something_or_failed_is_not_used_again(
    http: httpx.Client, own: dict[str, str], statement: str
) -> None:
    first = said(http, TAG, **own)
    http.post("/", content=statement, params=own)
    assert said(http, TAG, **own) != first
    assert said(http, "SELECT count() FROM system.tables WHERE is_temporary", **own) == "0"
    assert said(http, SETTING, **own) != "5"


def test_a_table_of_a_request_is_gone_with_it(http: httpx.Client, own: dict[str, str]) -> None:
    arguments = {
        **own,
        "mine_structure": "n UInt8",
        "mine_format": "TSV",
        "query": f"{TAG}, sum(n) FROM mine",
    }
    answers = [
        http.post("/", params=arguments, files={"mine": ("mine", content)}).text.split()
        for content in (b"1\n2\n", b"40\n")
    ]
    assert [one[1] for one in answers] == ["3", "40"]
    assert answers[0][0] == answers[1][0] == said(http, TAG, **own)
    assert http.post("/", content="SELECT * FROM mine", params=own).status_code == 404


def test_a_table_that_cannot_be_dropped_takes_its_connection_along() -> None:
    def query(sql: str, _: str) -> None:
        if sql.startswith("DROP"):
            raise RuntimeError("no memory")

    connection = SimpleNamespace(
        query=query, send_insert=lambda *_: None, insert_append=lambda *_: None, insert_done=lambda _: None
    )
    commits = SimpleNamespace(failed=lambda: 0, check=lambda _: None)
    engine: Any = SimpleNamespace(connect=lambda _: connection, commits=commits)
    context = Context(engine, is_session=False)
    context.prepare({}, None)
    context.add_external_table(ExternalTable("mine", "n UInt8", "TSV", b"1\n"))
    with pytest.raises(RuntimeError, match="no memory"):
        context.finish()
    assert not context.is_reusable


def test_those_go_first_that_were_not_used_for_longest() -> None:
    def made(**settings: str) -> Any:
        return SimpleNamespace(laid_over=laid_over(settings, None))

    made_anew = made()
    spares = Spares(lambda: made_anew, 2)
    old, new, plain = made(a="1"), made(a="2"), made()
    kept: list[Context | None] = [spares.keep(old), spares.keep(new)]
    assert spares.take({"a": "1"}, None) is old
    kept += [spares.keep(old), spares.keep(plain)]
    assert kept == [None, None, None, new]
    assert spares.take({"a": "2"}, None) is plain  # nothing was laid over it
    assert spares.take({"a": "2"}, None) is made_anew
    assert spares.all() == [old]
    assert spares.all() == []
