"""The first look over a table: what can only be known of the whole, before any row is judged."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import polars as pl

from ingest.backfill.cells import clean, decimals
from ingest.backfill.errors import UnreadableFile
from ingest.backfill.format import Format, Kind
from ingest.backfill.repeats import Repeats
from ingest.backfill.source import OVERFLOW, ROW, Source


@dataclass(frozen=True)
class Overview:
    """How many rows (without blank ones), the scale of each rating column, which ids may occur twice."""

    row_count: int
    scales: Mapping[str, float]
    repeated: pl.Series  # hashes of the ids that occur more than once; a hash may, rarely, stand for two ids


class _MayBeBlankError(Exception):
    """A row is empty as far as it was read."""


def scan(source: Source, format_: Format, columns: Mapping[str, str], *, chunk_rows: int) -> Overview:
    """Read the table once. Memory stays flat: the hashes of ids go to disk where they are many.

    Ids and ratings are all that is asked for. Only a table with rows that have none of them is read whole,
    since such a row may be a blank one, and one whose encoding is uncertain.
    """
    asked = [column.name for column in format_.columns if column.kind is Kind.RATING]
    positions = {columns[name] for name in (*format_.key, *asked) if name in columns}
    if source.encoding.is_certain:
        with suppress(_MayBeBlankError):
            return _overview(source, format_, columns, chunk_rows, sorted(positions))
    return _overview(source, format_, columns, chunk_rows, None)


def _overview(
    source: Source, format_: Format, columns: Mapping[str, str], chunk_rows: int, only: list[str] | None
) -> Overview:
    row_count = 0
    highest: dict[str, float] = {}
    ratings = [column for column in format_.columns if column.kind is Kind.RATING and column.name in columns]
    with Repeats() as repeats:
        for chunk in source.chunks(chunk_rows, only):
            rows = without_blanks(chunk)
            if only is not None and rows.height < chunk.height:
                raise _MayBeBlankError
            if not source.encoding.is_certain:
                _refuse_what_may_be_misread(source, rows, columns)
            row_count += rows.height
            for column in ratings:
                values = decimals(clean(column, rows[columns[column.name]]))
                # Above 5 is a typing error on any scale and must not decide the scale of the others.
                top = values.filter(values <= 5).max()
                if isinstance(top, float):
                    highest[column.name] = max(top, highest.get(column.name, 0))
            repeats.add(key_hashes(rows, format_, columns))
        repeated = repeats.found()
    scales: dict[str, float] = {name: 5 if top > 1 else 1 for name, top in highest.items()}
    scales |= {column.name: column.scale for column in ratings if column.scale}
    return Overview(row_count, scales, repeated)


def without_blanks(chunk: pl.DataFrame) -> pl.DataFrame:
    """The chunk without blank lines and rows of empty cells."""
    blank = pl.all_horizontal(pl.exclude(ROW).is_null())
    return chunk.filter(~blank) if chunk.select(blank.any()).item() else chunk


def key_hashes(rows: pl.DataFrame, format_: Format, columns: Mapping[str, str]) -> pl.Series:
    """A hash of each row's id. Stable within a process, which is as long as it is needed."""
    named = {column.name: column for column in format_.columns}
    key = [clean(named[name], rows[columns[name]]).fill_null("") for name in format_.key]
    return pl.DataFrame(key).hash_rows()


def _refuse_what_may_be_misread(source: Source, rows: pl.DataFrame, columns: Mapping[str, str]) -> None:
    """Bytes of an uncertain encoding do no harm in columns that nobody reads."""
    used = pl.col([*columns.values(), OVERFLOW]).str.contains(r"[^\x00-\x7F]").any()
    if rows.select(pl.any_horizontal(used)).item():
        raise UnreadableFile(
            f"{source.path.name} is not UTF-8, and its bytes may be Windows-1252 or Windows-1251;"
            " say which with --encoding, or save it as CSV UTF-8"
        )
