"""A body reaches the application as it was sent, however it is cut, and waits while nobody asks for it."""

import asyncio
import hashlib
import random

import pytest
import uvicorn
from uvicorn.server import ServerState

from orchestration.stack.clickhouse.wire import READ, HttpProtocol

BODY = random.Random(7).randbytes(3 * READ + 12_345)  # noqa: S311  # no secret


class Application:
    """Answers a body with its SHA-256, once it may."""

    def __init__(self) -> None:
        self.may_read = asyncio.Event()
        self.may_read.set()
        self.pieces: list[bytes] = []

    async def __call__(self, scope, receive, send) -> None:
        await self.may_read.wait()
        digest, is_complete = hashlib.sha256(), False
        while not is_complete:
            message = await receive()
            self.pieces.append(message["body"])
            digest.update(message["body"])
            is_complete = not message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"64")]})
        await send({"type": "http.response.body", "body": digest.hexdigest().encode()})


class Transport(asyncio.Transport):
    """A socket whose other side this test is."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = bytearray()
        self.reads = True

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True

    def write(self, data) -> None:
        self.answers += data

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        self.reads = False


class Connection:
    def __init__(self) -> None:
        self.application, self.transport = Application(), Transport()
        config = uvicorn.Config(self.application, lifespan="off", ws="none", log_config=None)
        self._protocol = HttpProtocol(config=config, server_state=ServerState(), app_state={})
        self._protocol.connection_made(self.transport)

    async def send(self, data: bytes, *, at_once: int = READ) -> None:
        """As the event loop does: so much at a time."""
        for start in range(0, len(data), at_once):
            part = data[start : start + at_once]
            self._protocol.get_buffer(-1)[: len(part)] = part
            self._protocol.buffer_updated(len(part))
            await self.settle()

    async def settle(self) -> None:
        for _ in range(10):  # enough turns for a request to be read, answered, and the next one begun
            await asyncio.sleep(0)

    def close(self) -> None:
        self._protocol.connection_lost(None)

    @property
    def digests(self) -> list[str]:
        return [
            answer[-64:].decode() for answer in bytes(self.transport.answers).split(b"HTTP/1.1 200 OK")[1:]
        ]


@pytest.fixture
async def connection():
    connection = Connection()
    yield connection
    connection.close()


def sized(body: bytes) -> bytes:
    return b"POST / HTTP/1.1\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)


def chunked(body: bytes, size: int) -> bytes:
    parts = (body[start : start + size] for start in range(0, len(body), size))
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    return b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n%b0\r\n\r\n" % chunks


def sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("at_once", [READ, 65_536, 7_777])
@pytest.mark.parametrize(
    "request_", [sized(BODY), chunked(BODY, 3), chunked(BODY, 1000), chunked(BODY, 200_000)],
    ids=["sized", "chunks of 3", "chunks of 1000", "chunks of 200000"],
)  # fmt: skip
async def test_the_body_is_what_was_sent(connection, request_, at_once):
    await connection.send(request_, at_once=at_once)
    assert connection.digests == [sha(BODY)]
    assert {type(piece) for piece in connection.application.pieces} == {bytes}


async def test_a_full_buffer_is_one_piece(connection):
    await connection.send(sized(BODY))
    assert sorted(map(len, connection.application.pieces))[-2:] == [READ, READ]


async def test_a_body_waits_while_the_application_does_not_ask(connection):
    connection.application.may_read.clear()
    await connection.send(sized(BODY)[:READ])
    assert not connection.transport.reads
    connection.application.may_read.set()
    await connection.settle()
    assert connection.transport.reads
    await connection.send(sized(BODY)[READ:])
    assert connection.digests == [sha(BODY)]


async def test_the_buffer_serves_other_connections_and_the_next_request(connection):
    other = Connection()
    try:
        connection.application.may_read.clear()
        await connection.send(sized(b"a" * 1000) + sized(b"b" * 2000))
        await other.send(sized(b"c" * 3000))
        connection.application.may_read.set()
        await connection.settle()
        assert connection.digests == [sha(b"a" * 1000), sha(b"b" * 2000)]
        assert other.digests == [sha(b"c" * 3000)]
    finally:
        other.close()
