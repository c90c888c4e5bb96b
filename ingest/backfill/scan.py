"""The first look over a file: what can only be known of the whole, before any row is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ingest.backfill.cells import clean, decimals
from ingest.backfill.formats import Format, Kind
from ingest.backfill.source import ROW, Source


@dataclass(frozen=True)
class Overview:
    """How many rows (without blank ones), the scale of each rating column, which ids may occur twice."""

    row_count: int
    scales: Mapping[str, float]
    repeated: pl.Series  # hashes of the ids that occur more than once; a hash may, rarely, stand for two ids


def scan(source: Source, format_: Format, columns: Mapping[str, str], *, chunk_rows: int) -> Overview:
    """Read the file once. Memory grows by 8 bytes a row."""
    row_count = 0
    highest: dict[str, float] = {}
    hashes: list[pl.Series] = []
    ratings = [column for column in format_.columns if column.kind is Kind.RATING and column.name in columns]
    for chunk in source.chunks(chunk_rows):
        rows = without_blanks(chunk)
        row_count += rows.height
        for column in ratings:
            values = decimals(clean(column, rows[columns[column.name]]))
            # Above 5 is a typing error on any scale and must not decide the scale of the others.
            top = values.filter(values <= 5).max()
            if isinstance(top, float):
                highest[column.name] = max(top, highest.get(column.name, 0))
        hashes.append(key_hashes(rows, format_, columns))
    all_hashes = pl.concat(hashes) if hashes else pl.Series(dtype=pl.UInt64)
    repeated = all_hashes.filter(all_hashes.is_duplicated()).unique()
    return Overview(row_count, {name: 5 if top > 1 else 1 for name, top in highest.items()}, repeated)


def without_blanks(chunk: pl.DataFrame) -> pl.DataFrame:
    """The chunk without blank lines and rows of empty cells."""
    return chunk.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))


def key_hashes(rows: pl.DataFrame, format_: Format, columns: Mapping[str, str]) -> pl.Series:
    """A hash of each row's id. Stable within a process, which is as long as it is needed."""
    named = {column.name: column for column in format_.columns}
    key = [clean(named[name], rows[columns[name]]).fill_null("") for name in format_.key]
    return pl.DataFrame(key).hash_rows()
