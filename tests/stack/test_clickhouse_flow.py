"""Who is faster is held up, and neither side waits for one that has gone."""

import asyncio
import threading

import pytest

from orchestration.stack.clickhouse import flow, results


async def on_thread(function):
    return await asyncio.to_thread(function)


async def test_data_arrive_in_order_and_the_client_waits_for_room():
    feed, may_read = flow.Feed(), threading.Event()
    pieces = [bytes([n]) * (flow.AHEAD // 4) for n in range(20)]
    put: list[bytes] = []

    def read() -> list[bytes]:
        may_read.wait(60)
        return list(feed)

    async def send() -> None:
        for piece in pieces:
            await feed.put(piece)
            put.append(piece)
        feed.end()

    reading, sending = asyncio.create_task(on_thread(read)), asyncio.create_task(send())
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(put) == 4, "more than AHEAD waits for a thread that reads nothing"
    may_read.set()
    await sending
    assert await reading == pieces


async def test_a_client_does_not_wait_for_a_thread_that_gave_up():
    feed = flow.Feed()
    waiting = asyncio.create_task(feed.put(b"x" * (flow.AHEAD + 1)))
    await asyncio.sleep(0)
    assert not waiting.done()
    await asyncio.to_thread(feed.close)
    await asyncio.wait_for(waiting, 60)


async def test_abandoned_data_raise_on_the_thread():
    feed = flow.Feed()
    await feed.put(b"half")
    feed.end(is_abandoned=True)
    with pytest.raises(flow.AbandonedError):
        await asyncio.to_thread(list, feed)


async def test_pieces_are_made_ahead_but_not_without_end():
    made: list[int] = []
    is_ahead = threading.Event()

    def take() -> bytearray:
        made.append(len(made))
        if len(made) == flow.PIECES_AHEAD:
            is_ahead.set()
        return bytearray(b"x") if len(made) <= 40 else bytearray()

    pieces = flow.read_ahead(on_thread, take)
    assert await anext(pieces) == b"x"
    assert await asyncio.to_thread(is_ahead.wait, 60)
    assert len(made) <= flow.PIECES_AHEAD + 2
    assert [bytes(piece) async for piece in pieces] == [b"x"] * 39


async def test_an_error_comes_after_the_pieces_made_before_it_and_leaving_frees_the_thread():
    left = iter([bytearray(b"a"), bytearray(b"b")])

    def take() -> bytearray:
        try:
            return next(left)
        except StopIteration:
            raise ValueError("broken") from None

    pieces = flow.read_ahead(on_thread, take)
    assert [await anext(pieces), await anext(pieces)] == [b"a", b"b"]
    with pytest.raises(ValueError, match="broken"):
        await anext(pieces)

    endless = flow.read_ahead(on_thread, lambda: bytearray(b"x"))
    assert await anext(endless) == b"x"
    await asyncio.wait_for(endless.aclose(), 60)


@pytest.mark.parametrize("sizes", [[], [0], [5], [8], [3, 5], [20], [1] * 20, [9, 0, 7, 25]])
def test_an_answer_is_cut_into_parts_of_one_size_whatever_the_engine_makes(sizes):
    engine_buffer, is_closed = bytearray(25), []

    def blocks():
        try:
            for number, size in enumerate(sizes):
                engine_buffer[:size] = bytes([number + 1]) * size  # the block before it is overwritten
                yield memoryview(engine_buffer)[:size]
        finally:
            is_closed.append(True)

    whole = b"".join(bytes([number + 1]) * size for number, size in enumerate(sizes))
    parts = [bytes(part) for part in results.cut(blocks(), 8)]
    assert parts == [whole[start : start + 8] for start in range(0, len(whole), 8)]
    assert is_closed


def test_who_stops_reading_the_parts_ends_the_query():
    is_closed = []

    def blocks():
        try:
            while True:
                yield b"x" * 20
        finally:
            is_closed.append(True)

    query = blocks()  # held, so that it does not end for want of a reader
    parts = results.cut(query, 8)
    assert next(parts) == b"x" * 8
    parts.close()
    assert is_closed
