"""Ids of a whole column's entities: what `ingest.events.entity_id` gives each, without an object per row."""

from __future__ import annotations

from hashlib import sha1

import numpy as np
import polars as pl
import pyarrow as pa

from ingest.events import NAMESPACE, entity_id

_UUID_LENGTH = 36
_HYPHENS = (8, 13, 18, 23)
_DIGITS = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), np.uint8).reshape(256, 2)
_DIGIT_POSITIONS = np.array([place for place in range(_UUID_LENGTH) if place not in _HYPHENS])


def entity_ids(source: str, entity: str, external_ids: pl.Series) -> pl.Series:
    """The id of each entity as text; null where the external id is null."""
    known = external_ids.drop_nulls()
    prefix = sha1(NAMESPACE.bytes + f"{source}/{entity}/".encode(), usedforsecurity=False)
    digests = bytearray()
    for name in known.to_list():
        one = prefix.copy()
        one.update(name.encode())
        digests += one.digest()
    ids = _uuid_texts(np.frombuffer(digests, np.uint8).reshape(-1, 20)[:, :16].copy())
    # A source's own UUID stays what it is, if only in another spelling.
    own = (known.str.len_chars() == _UUID_LENGTH).arg_true()
    if len(own):
        ids = ids.scatter(own, [str(entity_id(source, entity, known[place])) for place in own.to_list()])
    if known.len() == external_ids.len():
        return ids
    everywhere = pl.Series([None] * external_ids.len(), dtype=pl.String)
    return everywhere.scatter(external_ids.is_not_null().arg_true(), ids)


def _uuid_texts(ids: np.ndarray) -> pl.Series:
    """Rows of 16 bytes as version 5 UUIDs."""
    ids[:, 6] = (ids[:, 6] & 0x0F) | 0x50
    ids[:, 8] = (ids[:, 8] & 0x3F) | 0x80
    texts = np.full((len(ids), _UUID_LENGTH), ord("-"), np.uint8)
    texts[:, _DIGIT_POSITIONS] = _DIGITS[ids].reshape(len(ids), 32)
    offsets = np.arange(0, texts.size + 1, _UUID_LENGTH, dtype=np.int64)
    column = pa.LargeStringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(texts))
    return pl.Series(pl.from_arrow(column), dtype=pl.String)
