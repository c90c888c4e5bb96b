"""Frames are cut right wherever the network cuts the bytes, and what is written can be read."""

from __future__ import annotations

import asyncio
import uuid
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats import errors
from nats.aio.msg import Msg

from ingest.nats_wire import FrameParser, PipelineClient, Received, publication

subjects = st.text("abc.>$_0", min_size=1, max_size=10).map(str.encode)
payloads = st.binary(max_size=40) | st.just(b"\r\nMSG a 1 3\r\n")
headers = st.none() | st.binary(max_size=20).map(lambda some: b"NATS/1.0\r\nA:" + some + b"\r\n\r\n")
frames = st.tuples(st.integers(1, 3), subjects, st.just(b"") | subjects, headers, payloads)


def written(frame: tuple[int, bytes, bytes, bytes | None, bytes]) -> bytes:
    sid, subject, reply, head, payload = frame
    place = b"%b %d%b" % (subject, sid, b" " + reply if reply else b"")
    if head is None:
        return b"MSG %b %d\r\n%b\r\n" % (place, len(payload), payload)
    return b"HMSG %b %d %d\r\n%b%b\r\n" % (place, len(head), len(head) + len(payload), head, payload)


class Listener:
    """Stands where the client is: keeps what the parser hands on, through a sink for odd subscriptions."""

    def __init__(self) -> None:
        self.got: list[tuple[int, bytes, bytes, bytes | None, bytes]] = []
        self.pings = 0
        self.sinks = {sid: lambda *frame, sid=sid: self.got.append((sid, *frame)) for sid in (1, 3)}

    async def _process_msg(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, head: bytes | None
    ) -> None:
        self.got.append((sid, subject, reply, head, data))

    async def _process_ping(self) -> None:
        self.pings += 1


@given(sent=st.lists(frames, max_size=8), cuts=st.lists(st.integers(0, 600), max_size=12))
def test_frames_survive_every_cut(
    sent: list[tuple[int, bytes, bytes, bytes | None, bytes]], cuts: list[int]
) -> None:
    listener = Listener()
    parser = FrameParser(listener)
    stream = b"PING\r\n".join([*map(written, sent), b""])

    async def feed() -> None:
        places = sorted({0, *(cut for cut in cuts if cut < len(stream)), len(stream)})
        for start, stop in pairwise(places):
            await parser.parse(stream[start:stop])

    asyncio.run(feed())
    assert listener.got == sent
    assert listener.pings == len(sent)


async def test_a_frame_with_a_false_length_is_a_protocol_error() -> None:
    with pytest.raises(errors.ProtocolError):
        await FrameParser(Listener()).parse(b"MSG a 1 many\r\n")


async def test_what_is_written_arrives_with_its_headers(nats: PipelineClient) -> None:
    subject = f"test.{uuid.uuid4().hex}"
    arrived = await nats.subscribe(subject)
    await nats.write(
        [
            publication(subject, {"One": "1", "Two": "a\r\nInjected: b"}, b"first"),
            publication(subject, {}, b""),
        ]
    )
    first, second = await arrived.next_msg(), await arrived.next_msg()
    assert (first.headers, first.data) == ({"One": "1", "Two": "a  Injected: b"}, b"first")
    assert second.data == b""


@pytest.mark.parametrize("subject", ["", "a b", "a\r\nPING"])
def test_a_subject_that_would_break_the_frame_is_refused(subject: str) -> None:
    with pytest.raises(errors.BadSubjectError):
        publication(subject, {}, b"")


@pytest.mark.parametrize(
    "reply",
    ["$JS.ACK.EVENTS.loader.2.71.5.1763028000123456789.0",
     "$JS.ACK._.hash.EVENTS.loader.2.71.5.1763028000123456789.0.token"],
)  # fmt: skip
def test_a_message_knows_its_place_as_nats_py_reads_it(reply: str) -> None:
    raw = b"NATS/1.0\r\nImpact-Published-Again: 1\r\n\r\n"
    message = Received(PipelineClient(), b"events.x", reply.encode(), raw, b"")
    place = message.place()
    metadata = Msg.Metadata._from_reply(reply)
    assert (place.sequence, place.delivered_count) == (metadata.sequence.stream, metadata.num_delivered)
    assert place.stored_at_ns / 1e9 == pytest.approx(metadata.timestamp.timestamp())
    assert message.headers == {"Impact-Published-Again": "1"}
    assert message.has_header("Impact-Published-Again")
    assert not message.has_header("Published-Again")


async def test_nothing_is_written_without_a_connection() -> None:
    with pytest.raises(errors.Error):
        await PipelineClient().write([b"PUB x 0\r\n\r\n"])
