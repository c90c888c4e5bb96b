"""Content codings of the HTTP interface, incremental both ways: no body need ever be whole in memory."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, Protocol

import lz4.frame  # type: ignore[import-untyped]
import zstandard

from orchestration.stack.clickhouse.errors import ClickHouseError


class Decoder(Protocol):
    def decompress(self, data: bytes | memoryview, /) -> bytes: ...


class Encoder(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class _ManyFrames:
    """Clients compress block by block, so one body is many frames (lz4) or members (gzip) in a row."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make, self._frame = make, make()

    def decompress(self, data: bytes | memoryview) -> bytes:
        parts = []
        while data:
            if self._frame.eof:
                self._frame = self._make()
            parts.append(self._frame.decompress(data))
            data = self._frame.unused_data if self._frame.eof else b""
        return b"".join(parts)


class _Lz4Encoder:
    def __init__(self) -> None:
        self._frame = lz4.frame.LZ4FrameCompressor()
        self._started = False

    def compress(self, data: bytes) -> bytes:
        begin = b"" if self._started else self._frame.begin()
        self._started = True
        return bytes(begin + self._frame.compress(data))

    def flush(self) -> bytes:
        begin = b"" if self._started else self._frame.begin()
        return bytes(begin + self._frame.flush())


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "zstd": lambda: zstandard.ZstdDecompressor().decompressobj(read_across_frames=True),
    "lz4": lambda: _ManyFrames(lz4.frame.LZ4FrameDecompressor),
    "gzip": lambda: _ManyFrames(lambda: zlib.decompressobj(wbits=31)),
    "deflate": lambda: _ManyFrames(lambda: zlib.decompressobj(wbits=15)),
}
# In the order of preference where a client accepts several: the cheapest first, since the wire is loopback.
_ENCODERS: dict[str, Callable[[], Encoder]] = {
    "lz4": _Lz4Encoder,
    "zstd": lambda: zstandard.ZstdCompressor(level=1).compressobj(),
    "gzip": lambda: zlib.compressobj(level=3, wbits=31),
    "deflate": lambda: zlib.compressobj(level=3, wbits=15),
}


def decoder(coding: str) -> Decoder | None:
    """The decoder of a request's Content-Encoding; None where the body is plain."""
    if coding in ("", "identity"):
        return None
    if coding not in _DECODERS:
        raise ClickHouseError(
            88, "UNKNOWN_COMPRESSION_METHOD",
            f"Unknown compression method '{coding}' in Content-Encoding; use one of {', '.join(_DECODERS)}",
        )  # fmt: skip
    return _DECODERS[coding]()


def encoding(accept: str) -> str | None:
    """The coding to answer with, given Accept-Encoding; None to answer plain."""
    accepted = {part.split(";")[0].strip().lower() for part in accept.split(",")}
    return next((name for name in _ENCODERS if name in accepted), None)


def encoder(name: str) -> Encoder:
    return _ENCODERS[name]()


def encode_whole(encoder: Encoder, content: bytes) -> bytes:
    return encoder.compress(content) + encoder.flush()
