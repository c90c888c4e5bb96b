"""What a statement changes holds for its session, what a request carries for its statement; nothing leaks."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from orchestration.stack.clickhouse.app import Front
from orchestration.stack.clickhouse.context import Context
from orchestration.stack.clickhouse.errors import ClickHouseError
from orchestration.stack.clickhouse.sessions import Sessions
from orchestration.stack.clickhouse.settings import FrontSettings
from tests.stack.front_process import FrontProcess


class Session:
    def __init__(self, http: httpx.Client) -> None:
        self._http, self.id = http, uuid.uuid4().hex

    def post(self, sql: str, **arguments) -> httpx.Response:
        return self._http.post("/", content=sql, params={"session_id": self.id, **arguments})

    def run(self, sql: str, **arguments) -> str:
        response = self.post(sql, **arguments)
        assert response.status_code == 200, response.text
        return response.text.rstrip("\n")


@pytest.fixture
def session(http: httpx.Client) -> Iterator[Session]:
    made = Session(http)
    yield made
    made.run("SELECT 1", close_session="1")


MAX_THREADS = "SELECT value, changed FROM system.settings WHERE name = 'max_threads'"


def test_a_setting_of_the_request_holds_for_its_statement_alone(session: Session):
    before = session.run(MAX_THREADS)
    assert session.run(MAX_THREADS, max_threads="7") == "7\t1"
    assert session.run(MAX_THREADS) == before
    session.run("SET max_threads = 3")
    assert session.run(MAX_THREADS) == "3\t1"
    assert session.run(MAX_THREADS, max_threads="7") == "7\t1"
    session.run(
        "SET max_threads = 4", max_threads="9"
    )  # the statement is about the session, the argument is not
    assert session.run(MAX_THREADS) == "4\t1"


def test_a_refused_setting_does_not_stay(session: Session):
    before = session.run(MAX_THREADS)
    assert session.post(MAX_THREADS, max_threads="7", max_block_size="many").status_code != 200
    assert session.post(MAX_THREADS, max_threads="7", nosuch="1").status_code == 404
    assert session.run(MAX_THREADS) == before


def test_the_database_of_the_request_holds_for_its_statement_alone(http: httpx.Client, session: Session):
    current = "SELECT currentDatabase()"
    assert session.run(current, database="system") == "system"
    assert session.run(current) == "default"
    session.run("USE system")
    assert session.run(current) == "system"
    assert session.run(current, database="default") == "default"
    assert session.run(current) == "system"
    assert http.post("/", content=current).text == "default\n"
    assert http.post("/", content=current, headers={"X-ClickHouse-Database": "system"}).text == "system\n"


def test_temporary_tables_belong_to_one_session(http: httpx.Client, session: Session):
    session.run("CREATE TEMPORARY TABLE mine (a UInt8)")
    session.run("INSERT INTO mine FORMAT TSV\n1\n")
    assert session.run("SELECT * FROM mine") == "1"
    other = Session(http)
    assert other.post("SELECT * FROM mine", close_session="1").status_code == 404
    assert http.post("/", content="SELECT * FROM mine").status_code == 404


def test_without_a_session_nothing_stays(http: httpx.Client):
    before = http.post("/", content=MAX_THREADS).text
    assert http.post("/", content="SET max_threads = 5").status_code == 200
    assert (
        http.post("/", content="CREATE TEMPORARY TABLE gone (a UInt8)", params={"max_threads": "5"}).text
        == ""
    )
    assert http.post("/", content=MAX_THREADS).text == before
    assert http.post("/", content="SELECT * FROM gone").status_code == 404


def test_a_session_runs_one_statement_at_a_time(front: FrontProcess, session: Session):
    with ThreadPoolExecutor(1) as threads, front.http() as http:
        running = threads.submit(session.post, front.slow(session.id), query_id=session.id)
        front.wait_for_running(session.id, 1)
        answer = http.post("/", content="SELECT 1", params={"session_id": session.id})
        assert answer.headers["X-ClickHouse-Exception-Code"] == "373"
        front.run(f"KILL QUERY WHERE query_id = '{session.id}' SYNC")
        assert running.result(60).headers["X-ClickHouse-Exception-Code"] == "394"
    assert session.run("SELECT 1") == "1"


def test_a_session_must_exist_where_the_client_says_so(session: Session):
    assert session.post("SELECT 1", session_check="1").headers["X-ClickHouse-Exception-Code"] == "372"
    session.run("SELECT 1")
    assert session.run("SELECT 1", session_check="1") == "1"


def test_a_session_ends_at_once_or_in_time(http: httpx.Client):
    ended, late = Session(http), Session(http)
    ended.run("SELECT 1", close_session="1")
    assert ended.post("SELECT 1", session_check="1").status_code == 404
    assert late.post("SELECT 1", session_timeout="9999").headers["X-ClickHouse-Exception-Code"] == "374"


def test_sessions_expire_by_the_clock_and_not_while_they_work():
    now = 0.0
    sessions = Sessions(lambda: Context(None, is_session=True), limit=2, clock=lambda: now)
    context = sessions.acquire("a")
    now = 100.0
    assert sessions.expired() == []
    sessions.release("a", timeout_s=10)
    now = 109.0
    assert sessions.expired() == []
    now = 110.0
    assert sessions.expired() == [context]
    with pytest.raises(ClickHouseError, match="not found"):
        sessions.acquire("a", must_exist=True)
    sessions.acquire("b"), sessions.acquire("c")
    with pytest.raises(ClickHouseError, match="Too many sessions: 2"):
        sessions.acquire("d")


async def test_who_has_an_answer_may_ask_the_next_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The session is free before its client can know the answer."""
    monkeypatch.setenv("CLICKHOUSE_PASSWORD", "of this test")
    engine = SimpleNamespace(time_zone="UTC", version="0")  # the statement needs none
    front = Front(engine, FrontSettings(data=tmp_path, port=1))  # type: ignore[arg-type]
    scope = {
        "type": "http", "path": "/", "method": "POST", "query_string": b"session_id=one",
        "headers": [(b"x-clickhouse-user", b"default"), (b"x-clickhouse-key", b"of this test")],
    }  # fmt: skip
    statuses = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"SYSTEM FLUSH LOGS", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        elif len(statuses) == 1:
            await front(dict(scope), receive, send)

    await front(dict(scope), receive, send)
    assert statuses == [200, 200]
