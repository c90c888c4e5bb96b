"""Ids of a whole column's entities: what `ingest.events.entity_id` gives each, without an object per row."""

from __future__ import annotations

import numpy as np
import polars as pl
import polars_hash as plh
import pyarrow as pa

from ingest.events import NAMESPACE, entity_id

_UUID_LENGTH = 36
_GROUPS = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))  # where a UUID's hyphens part its 32 digits
_VERSION, _VARIANT = 12, 16  # the digits that say which kind of UUID it is
_VARIANT_OF = np.zeros(256, np.uint8)
_VARIANT_OF[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.frombuffer(b"89ab" * 4, np.uint8)


def entity_ids(source: str, entity: str, external_ids: pl.Series) -> pl.Series:
    """The id of each entity as text; null where the external id is null."""
    known = external_ids.drop_nulls()
    prefix = pl.lit(NAMESPACE.bytes + f"{source}/{entity}/".encode())
    names = pl.select((prefix + known.cast(pl.Binary)).alias("name"))
    ids = _uuid_texts(names.select(digest=plh.col("name").nchash.sha1())["digest"])
    # A source's own UUID stays what it is, if only in another spelling.
    own = (known.str.len_chars() == _UUID_LENGTH).arg_true()
    if len(own):
        ids = ids.scatter(own, [str(entity_id(source, entity, known[place])) for place in own.to_list()])
    if known.len() == external_ids.len():
        return ids
    everywhere = pl.Series([None] * external_ids.len(), dtype=pl.String)
    return everywhere.scatter(external_ids.is_not_null().arg_true(), ids)


def _uuid_texts(digests: pl.Series) -> pl.Series:
    """Digests of 40 hexadecimal digits as version 5 UUIDs."""
    digits = np.frombuffer(digests.str.join("").item().encode(), np.uint8).reshape(-1, 40)
    texts = np.full((len(digits), _UUID_LENGTH), ord("-"), np.uint8)
    for hyphens, (first, end) in enumerate(_GROUPS):
        texts[:, first + hyphens : end + hyphens] = digits[:, first:end]
    texts[:, _VERSION + 2] = ord("5")
    texts[:, _VARIANT + 3] = _VARIANT_OF[digits[:, _VARIANT]]
    offsets = np.arange(0, texts.size + 1, _UUID_LENGTH, dtype=np.int64)
    column = pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(texts))
    return pl.Series(pl.from_arrow(column), dtype=pl.String)
