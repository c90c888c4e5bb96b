"""Joins Arrow documents into one, without decoding them.

chDB writes each block of a streamed result as an Arrow document of its own. Record batches are self-contained
messages, so one document is the first one's schema, everybody's batches, and one end. In the file format the
end holds a table of the batches' positions: a FlatBuffer, whose vector of blocks is replaced by a longer one.

https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_END_OF_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"
_MAGIC = b"ARROW1"
_BLOCK = struct.Struct("<qi4xq")  # offset in the file, length of the metadata, length of the body
_RECORD_BATCHES = 3  # index of the field in the Footer table: version, schema, dictionaries, recordBatches


def join_streams(documents: Iterator[memoryview]) -> Iterator[bytes | memoryview]:
    """One Arrow stream from several of the same schema. Each has to hold until the next is asked for."""
    first = next(documents, None)
    if first is None:
        return
    yield first[: -len(_END_OF_STREAM)]
    for document in documents:
        schema_length = 8 + int.from_bytes(document[4:8], "little")
        yield document[schema_length : -len(_END_OF_STREAM)]
    yield _END_OF_STREAM


def join_files(documents: Iterator[memoryview]) -> Iterator[bytes | memoryview]:
    """One Arrow file from several with the same schema and no dictionaries. Documents hold as above."""
    first = next(documents, None)
    if first is None:
        return
    footer = _Footer(first)
    if not footer.blocks:  # a result without rows is one document
        yield first
        return
    position, blocks = footer.end_of_batches, footer.blocks
    yield first[:position]
    for document in documents:
        batches = _Footer(document)
        start, end = batches.blocks[0][0], batches.end_of_batches
        blocks += [(position + offset - start, metadata, body) for offset, metadata, body in batches.blocks]
        position += end - start
        yield document[start:end]
    yield _END_OF_STREAM + footer.with_blocks(blocks)


class _Footer:
    def __init__(self, document: memoryview) -> None:
        (length,) = struct.unpack_from("<i", document, len(document) - len(_MAGIC) - 4)
        end = len(document) - len(_MAGIC) - 4
        self._buffer = bytes(document[end - length : end])
        (root,) = struct.unpack_from("<I", self._buffer)
        (back,) = struct.unpack_from("<i", self._buffer, root)
        (field,) = struct.unpack_from("<H", self._buffer, root - back + 4 + 2 * _RECORD_BATCHES)
        self._field = root + field
        vector = self._field + struct.unpack_from("<I", self._buffer, self._field)[0]
        (count,) = struct.unpack_from("<I", self._buffer, vector)
        self.blocks = [_BLOCK.unpack_from(self._buffer, vector + 4 + i * _BLOCK.size) for i in range(count)]

    @property
    def end_of_batches(self) -> int:
        offset, metadata, body = self.blocks[-1]
        return int(offset + metadata + body)

    def with_blocks(self, blocks: list[tuple[int, int, int]]) -> bytes:
        """The footer with another table of batches, its length and the magic: the end of a file."""
        buffer = bytearray(self._buffer)
        buffer += bytes(
            -(len(buffer) + 4) % 8
        )  # the blocks behind the vector's length are aligned to 8 bytes
        struct.pack_into("<I", buffer, self._field, len(buffer) - self._field)
        buffer += struct.pack("<I", len(blocks)) + b"".join(_BLOCK.pack(*block) for block in blocks)
        return bytes(buffer) + struct.pack("<i", len(buffer)) + _MAGIC
