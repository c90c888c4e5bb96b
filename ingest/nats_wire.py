"""A NATS client with shorter ways for what the pipeline does by the thousand.

nats-py 2.16 spends more on receiving, publishing and acknowledging an event than we spend on everything else
about it. So frames are cut here, messages of a pull go to a sink without a queue and a task, headers are read
when somebody asks for them, and many small commands leave as one write. Connecting, reconnecting, requests
and everything rare stay nats-py's. To be dropped when nats-py is as fast.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from nats import errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.protocol.parser import AWAITING_CONTROL_LINE, Parser

_HEAD = b"NATS/1.0\r\n"
_SUBJECT = re.compile(r"[!-~]+")
_LINE_ENDS = str.maketrans("\r\n", "  ")
# Frames that are cut before others get a turn: a burst of megabytes would keep them waiting for its end.
IN_A_ROW = 48
_FIELDS_WITHOUT_DOMAIN = 9  # of the reply subject `$JS.ACK.<stream>.<consumer>.<delivered>.…`


class Place(NamedTuple):
    """Where in its stream a message is, how often it was delivered, when it was stored (ns since 1970)."""

    sequence: int
    delivered_count: int
    stored_at_ns: int


class Received(Msg):
    """A message that a pull brought. Its headers and metadata are read when they are asked for."""

    def __init__(
        self, client: PipelineClient, subject: bytes, reply: bytes, raw_headers: bytes | None, data: bytes
    ) -> None:
        self.client = self._client = client
        self.subject = subject.decode()
        self.reply = reply.decode()
        self.data = data
        self.raw_headers = raw_headers or b""
        self._read_headers: dict[str, str] | None = None

    @property
    def headers(self) -> dict[str, str]:  # type: ignore[override]
        if self._read_headers is None:
            self._read_headers = PipelineClient._parse_header_lines(self.raw_headers[len(_HEAD) :])
        return self._read_headers

    def settle(self) -> None:
        """Note that the broker has been told what became of the message."""
        self._ackd = True

    def has_header(self, name: str) -> bool:
        return b"\r\n%b:" % name.encode() in self.raw_headers

    def place(self) -> Place:
        fields = self.reply.split(".")
        first = 4 if len(fields) == _FIELDS_WITHOUT_DOMAIN else 6
        delivered, sequence, _, stored_at = fields[first : first + 4]
        return Place(int(sequence), int(delivered), int(stored_at))


# Takes a frame's subject, reply, headers and payload, as soon as it is read.
Sink = Callable[[bytes, bytes, bytes | None, bytes], None]


class FrameParser(Parser):
    """Cuts message frames from what the broker sends; every other line is nats-py's."""

    nc: PipelineClient

    async def parse(self, data: bytes = b"") -> None:
        buffer, position, count = self.buf, 0, 0
        buffer += data
        while (end := buffer.find(b"\r\n", position)) >= 0:
            line = bytes(buffer[position:end])
            if line.startswith((b"HMSG ", b"MSG ")):
                words = line.split()
                start = end + 2
                stop = start + _number(words[-1])
                if len(buffer) < stop + 2:
                    break
                after = start + _number(words[-2]) if words[0] == b"HMSG" else start
                headers = bytes(buffer[start:after]) or None
                payload = bytes(buffer[after:stop])
                reply = words[3] if len(words) == (6 if headers else 5) else b""
                position = stop + 2
                sid = _number(words[2])
                count += 1
                if count % IN_A_ROW == 0:
                    await asyncio.sleep(0)
                    if self.buf is not buffer:
                        return  # reset by a reconnection: what was left belongs to the old connection
                if (sink := self.nc.sinks.get(sid)) is not None:
                    sink(words[1], reply, headers, payload)
                else:
                    await self.nc._process_msg(sid, words[1], reply, payload, headers)  # type: ignore[arg-type]
            else:
                position = end + 2
                self.buf, self.state = bytearray(line + b"\r\n"), AWAITING_CONTROL_LINE
                one = self.buf
                await super().parse()
                if self.buf is one:
                    self.buf = buffer
            if self.buf is not buffer:
                return  # reset by a reconnection: what was left belongs to the old connection
        del buffer[:position]


class PipelineClient(Client):
    """nats-py's client with those shorter ways."""

    def __init__(self) -> None:
        super().__init__()
        self._ps = FrameParser(self)
        self.sinks: dict[int, Sink] = {}

    async def subscribe_sink(self, subject: str, sink: Sink) -> Subscription:
        """Subscribe, and again after each reconnection; messages go to `sink` and nowhere else."""
        subscription = await self.subscribe(subject)
        self.sinks[subscription._id] = sink
        return subscription

    async def write(self, frames: Iterable[bytes]) -> None:
        """Send whole frames; raises `nats.errors.Error` while there is no connection."""
        if not self.is_connected:
            raise errors.ConnectionReconnectingError
        await self._send_command(b"".join(frames))
        await self._flush_pending()


def publication(subject: str, headers: Mapping[str, Any], payload: bytes) -> bytes:
    """The frame that publishes one message."""
    if not _SUBJECT.fullmatch(subject):
        raise errors.BadSubjectError
    fields = "".join([f"{name}: {str(value).translate(_LINE_ENDS)}\r\n" for name, value in headers.items()])
    head = b"%b%b\r\n" % (_HEAD, fields.encode())
    return b"HPUB %b %d %d\r\n%b%b\r\n" % (
        subject.encode(), len(head), len(head) + len(payload), head, payload,
    )  # fmt: skip


def acknowledgement(message: Msg) -> bytes:
    """The frame that acknowledges one message."""
    return b"PUB %b 0\r\n\r\n" % message.reply.encode()


def _number(word: bytes) -> int:
    try:
        return int(word)
    except ValueError:
        raise errors.ProtocolError("a frame's length is not a number") from None
