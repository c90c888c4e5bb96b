"""A channel writes to each of its clients, in order, and to none whose socket is full."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator

import pytest
from prometheus_client import CollectorRegistry, Counter

from serving.stream.channel import STEP, Channel, Follower
from serving.stream.ring import Ring

RING_SIZE = 16
POSITION = 900  # of the log, told as a sign of life


class Client:
    """Both ends of a connection: what the channel writes to, and what a client would read."""

    async def open(self, ring: Ring) -> Client:
        ours, self._theirs = socket.socketpair()
        self._theirs.setblocking(False)
        # As small as the system allows, so that a few kilobytes fill it.
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
        self.follower = Follower(self.transport, ring.head, 0)
        return self

    async def received(self, count: int) -> list[int]:
        """The numbers of so many frames, from whole chunks only."""
        loop = asyncio.get_running_loop()
        data = b""
        async with asyncio.timeout(20):
            while len(numbers := re.findall(rb"<(\d+)[.]*>\r\n", _without_sizes(data))) < count:
                data += await loop.sock_recv(self._theirs, 1 << 16)
        return [int(number) for number in numbers]

    def close(self) -> None:
        self.transport.abort()
        self._theirs.close()


def _without_sizes(data: bytes) -> bytes:
    """The body of a chunked answer, each chunk with its line end behind it."""
    body = b""
    while b"\r\n" in data:
        size, _, rest = data.partition(b"\r\n")
        length = int(size, 16)
        if len(rest) < length + 2:
            break
        assert rest[length : length + 2] == b"\r\n"
        body += rest[:length].replace(b">", b">\r\n")
        data = rest[length + 2 :]
    return body


@pytest.fixture
def channel() -> Channel:
    deliveries = Counter("deliveries", "Written.", registry=CollectorRegistry())
    return Channel(Ring(RING_SIZE, 0), deliveries, lambda: (POSITION, b"<900>"))


@pytest.fixture
async def clients(channel: Channel) -> AsyncIterator[list[Client]]:
    opened = [await Client().open(channel.ring) for _ in range(2 * STEP + 1)]
    yield opened
    for client in opened:
        client.close()


def frame(number: int, length: int = 0) -> bytes:
    return b"<%d%b>" % (number, b"." * length)


async def test_every_client_gets_every_frame_in_order(channel: Channel, clients: list[Client]) -> None:
    for client in clients:
        channel.join(client.follower)
    for number in range(1, 11):
        channel.push(number, frame(number))
        await asyncio.sleep(0)  # rounds and pushes overlap
    for client in clients:
        assert await client.received(10) == list(range(1, 11))
        assert (client.follower.cursor, client.follower.sequence) == (10, 10)
    assert channel._deliveries._value.get() == 10 * len(clients)


async def test_a_full_socket_is_left_alone_and_comes_back_without_loss(
    channel: Channel, clients: list[Client]
) -> None:
    full, quick = clients[0], clients[1]
    channel.join(full.follower)
    channel.join(quick.follower)
    for number in range(1, RING_SIZE + 1):
        channel.push(number, frame(number, 30_000))
        assert (await quick.received(1)) == [number]
    waiting = full.transport.get_write_buffer_size()
    assert 0 < waiting <= 60_000, "one write waits, however much was published"
    assert await full.received(RING_SIZE) == list(range(1, RING_SIZE + 1))


async def test_a_client_that_lost_its_place_leaves_once_its_socket_is_empty(
    channel: Channel, clients: list[Client]
) -> None:
    full, quick = clients[0], clients[1]
    channel.join(full.follower)
    channel.join(quick.follower)
    for number in range(1, 3 * RING_SIZE):
        channel.push(number, frame(number, 30_000))
        await quick.received(1)
    assert not full.follower.left.done()
    reached = full.follower.sequence
    assert await full.received(reached) == list(range(1, reached + 1))
    await asyncio.wait_for(full.follower.left, 20)
    assert full.follower.sequence == reached
    assert channel.ring.has_lost(full.follower.cursor)


async def test_a_sign_of_life_moves_the_position_of_those_who_have_everything(
    channel: Channel, clients: list[Client]
) -> None:
    channel.join(clients[0].follower)
    channel.beat()
    assert await clients[0].received(1) == [POSITION]
    assert clients[0].follower.sequence == POSITION


async def test_who_is_dismissed_leaves_and_is_written_to_no_more(
    channel: Channel, clients: list[Client]
) -> None:
    channel.join(clients[0].follower)
    channel.join(clients[1].follower)
    channel.leave(clients[1].follower)
    channel.push(1, frame(1))
    assert await clients[0].received(1) == [1]
    channel.dismiss()
    channel.push(2, frame(2))
    await asyncio.sleep(0.05)
    assert clients[0].follower.left.done()
    assert (clients[0].follower.cursor, clients[1].follower.cursor) == (1, 0)


async def test_a_client_that_has_gone_stops_no_round(channel: Channel, clients: list[Client]) -> None:
    for client in clients[:3]:
        channel.join(client.follower)
    clients[1].transport.abort()
    for number in (1, 2):
        channel.push(number, frame(number))
        assert await clients[2].received(1) == [number]
    assert clients[1].follower.cursor == 0
