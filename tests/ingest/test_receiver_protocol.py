"""However a delivery's bytes arrive, it is answered once, in its turn, and stored once."""

from __future__ import annotations

import json
import socket
import uuid
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.ingest.processes import Sender, session_completed

PATH = "/v1/webhooks/session-completed"


def request(
    sender: Sender, delivery_id: str, *, version: str = "1.1", path: str = PATH, more: str = ""
) -> bytes:
    body = json.dumps(session_completed()).encode()
    headers = "".join(f"{name}: {value}\r\n" for name, value in sender.headers(body, delivery_id).items())
    head = f"POST {path} HTTP/{version}\r\nHost: here\r\n{headers}{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def talk(
    sender: Sender, *pieces: bytes, answers: int
) -> tuple[list[tuple[int, dict[str, str], bytes]], bool]:
    """Status, headers and body of each answer to what is sent, and whether the connection ended with them."""
    address = urlsplit(sender.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
        reader = connection.makefile("rb")
        got = []
        for _ in range(answers):
            status = int(reader.readline().split()[1])
            headers: dict[str, str] = {}
            while (line := reader.readline().strip()) != b"":
                name, _, value = line.decode().partition(": ")
                headers[name] = value
            got.append((status, headers, reader.read(int(headers["content-length"]))))
        if got[-1][1].get("connection") != "close":
            return got, False
        return got, reader.read() == b""


def rows(postgres: psycopg.Connection, ids: list[str]) -> int:
    found = postgres.execute("select count(*) from ingest.inbox where delivery_id = any(%s)", (ids,))
    return found.fetchone()[0]


@pytest.mark.parametrize("cut", [1, 40, 200, -600, -1])
def test_a_request_in_two_pieces_is_taken(sender: Sender, postgres: psycopg.Connection, cut: int) -> None:
    delivery_id = str(uuid.uuid4())
    whole = request(sender, delivery_id)
    [(status, headers, body)], is_closed = talk(sender, whole[:cut], whole[cut:], answers=1)
    assert (status, body, is_closed) == (202, b'{"status":"accepted"}', False)
    assert headers["content-type"] == "application/json"
    assert "date" in headers
    assert rows(postgres, [delivery_id]) == 1


def test_requests_in_one_write_are_answered_in_their_order(
    sender: Sender, postgres: psycopg.Connection
) -> None:
    ids = [str(uuid.uuid4()) for _ in range(4)]
    first, second, third, fourth = (request(sender, delivery_id) for delivery_id in ids)
    forged = second.replace(b"v1=", b"v1=0", 1)
    health = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
    got, _ = talk(sender, first + forged + third + health + first + fourth, answers=6)
    assert [status for status, _, _ in got] == [202, 401, 202, 200, 202, 202]
    assert got[4][2] == b'{"status":"duplicate"}'
    assert rows(postgres, ids) == 3


@pytest.mark.parametrize(("version", "more"), [("1.1", "Connection: close\r\n"), ("1.0", "")])
def test_a_connection_ends_where_its_sender_says_so(sender: Sender, version: str, more: str) -> None:
    [(status, headers, _)], is_closed = talk(
        sender, request(sender, str(uuid.uuid4()), version=version, more=more), answers=1
    )
    assert (status, headers["connection"], is_closed) == (202, "close", True)


@pytest.mark.parametrize("path", [f"{PATH}?from=here", "/v1/webhooks/session%2Dcompleted"])
def test_another_spelling_of_a_path_is_the_same_path(sender: Sender, path: str) -> None:
    [(status, _, _)], _ = talk(sender, request(sender, str(uuid.uuid4()), path=path), answers=1)
    assert status == 202


def test_a_sender_that_waits_for_leave_to_send_its_body_gets_it(sender: Sender) -> None:
    whole = request(sender, str(uuid.uuid4()), more="Expect: 100-continue\r\n")
    head, _, body = whole.partition(b"\r\n\r\n")
    address = urlsplit(sender.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert connection.recv(1000).startswith(b"HTTP/1.1 202")
