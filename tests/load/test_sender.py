"""Requests leave by the clock, latencies count from when they were due, and each delivery has one account."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from ingest.webhooks.signatures import Verdict, verify
from tests.load import sender
from tests.load.deliveries import Deliveries, is_rating
from tests.load.reads import Reads

SECRET = "a secret of tests"
Answer = Callable[[str, int], int | None]  # of a delivery id, at its nth request: a status, or none at all


class Receiver:
    """A real HTTP server that answers as it is told, and notes what came."""

    def __init__(self, answer: Answer, stalls_s: float = 0.0) -> None:
        self._answer, self._stalls_s = answer, stalls_s
        self.requests: Counter[str] = Counter()
        self._conversations: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            await asyncio.gather(*self._conversations)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            self._conversations.add(task)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = re.search(r"Content-Length: (\d+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                found = re.search(r"X-Delivery-Id: (\S+)", head)
                name = found[1] if found else head.split(" ")[1]
                self.requests[name] += 1
                if found:
                    signature = re.search(r"X-Kintell-Signature: (\S+)", head)
                    assert signature
                    at = int(signature[1].split(",")[0][2:])
                    verdict = verify(signature[1].encode(), body, secrets=(SECRET.encode(),), now=at)
                    assert verdict is Verdict.VALID
                if self._stalls_s and self.requests.total() == 1:
                    await asyncio.sleep(self._stalls_s)
                status = self._answer(name, self.requests[name])
                if status is None:
                    break
                writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 4000\r\n\r\n" % status + b"x" * 4000)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_stall_counts_for_everyone_who_was_due_meanwhile() -> None:
    receiver = Receiver(lambda name, attempt: 202, stalls_s=0.3)
    async with receiver.running() as url:
        found = await sender.run(url, Deliveries("run", SECRET), 200, 0.5, connections=1)
    assert found["statuses"] == {"202": 100}
    # One connection: all that were due in the stall waited for its end, the first the longest.
    assert found["ms"]["max"] >= 290
    assert found["ms"]["p50"] >= 50


async def test_what_is_refused_for_now_is_sent_again_under_its_id_until_it_is_accepted(
    tmp_path: Path,
) -> None:
    answers = {1: None, 2: 503, 3: 202}  # the connection breaks, then it is too early, then it is taken
    receiver = Receiver(lambda name, attempt: answers[attempt] if name == "run-3" else 202)
    async with receiver.running() as url:
        found = await sender.run(
            url, Deliveries("run", SECRET), 50, 0.2, connections=2, until_accepted=True, folder=tmp_path
        )
    assert found["statuses"] == {"202": 10}
    assert found["unanswered"] == 0
    assert receiver.requests["run-3"] == 3
    assert found["attempts"] == {"202": 10, "503": 1, "no answer": 1}
    assert np.load(tmp_path / "answers.npy").tolist() == [202] * 10
    assert (tmp_path / "timeline.jsonl").read_text().count("\n") == len(found["timeline"])


async def test_a_lost_answer_is_no_success() -> None:
    receiver = Receiver(lambda name, attempt: None if name == "run-1" else 202)
    async with receiver.running() as url:
        found = await sender.run(url, Deliveries("run", SECRET), 50, 0.1, connections=2)
    assert found["statuses"] == {"202": 4}
    assert found["unanswered"] == 1


async def test_nobody_who_listens_is_said_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "CONNECT_S", 0.1)
    url = "http://127.0.0.1:9"  # the port of `discard`, which no machine of ours serves
    with pytest.raises(ConnectionError, match="took 0 of 2 connections"):
        await sender.run(url, Deliveries("run", SECRET), 50, 0.1, connections=2)


async def test_reads_ask_for_documents_in_turn_and_one_in_five_anew() -> None:
    receiver = Receiver(lambda name, attempt: 200)
    async with receiver.running() as url:
        found = await sender.run(url, Reads(["/a", "/b?c=d"], "a key"), 200, 0.1, connections=2)
    assert found["statuses"] == {"200": 20}
    assert receiver.requests == {
        "/a": 8, "/b?c=d": 8, "/a?x=8": 1, "/b?c=d&x=9": 1, "/a?x=18": 1, "/b?c=d&x=19": 1,
    }  # fmt: skip


def test_a_delivery_is_the_same_whenever_it_is_asked_for() -> None:
    deliveries = Deliveries("run", SECRET, texts=True)
    assert [deliveries.fact(number) for number in range(10)] == [
        Deliveries("run", SECRET, texts=True).fact(number) for number in range(10)
    ]
    kinds = [deliveries.fact(number)[0] for number in range(5)]
    assert kinds == [b"session-completed"] * 4 + [b"rating-created"]
    assert [is_rating(number, texts=True) for number in range(5)] == [False] * 4 + [True]
