"""The rows that were not taken, in a file that can be corrected and fed again: their own columns, and why."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from ingest.backfill.errors import Reject
from ingest.backfill.source import OUR_COLUMNS, OVERFLOW, ROW, Source, canonical_names


class ErrorFile:
    """Appended to chunk by chunk. `size` is what is on disk for good; a killed process may have left more."""

    def __init__(self, path: Path, source: Source, settled_bytes: int) -> None:
        self.path = path
        self.size = settled_bytes
        self._delimiter = source.delimiter
        # Without the columns an earlier error file added, should this be one that is fed again.
        self._kept = sorted(int(position) for position in canonical_names(source).values())
        self._header = [source.header[position] for position in self._kept]
        if path.exists():
            os.truncate(path, settled_bytes)

    def append(self, chunk: pl.DataFrame, rejects: Sequence[Reject]) -> int:
        """Write the rejected rows of a chunk to disk; returns the file's new size."""
        if not rejects:
            return self.size
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self._delimiter, lineterminator="\n")
        if not self.size:
            writer.writerow([*self._header, *OUR_COLUMNS])
        cells = self._cells(chunk, [reject.row for reject in rejects])
        for reject in rejects:
            writer.writerow([*cells[reject.row], reject.row, reject.code, reject.message])
        content = text.getvalue().encode()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Emails and texts of people are in it: for its owner's eyes, like the file it came from.
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.seek(self.size)
            file.write(content)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        return self.size + len(content)

    def _cells(self, chunk: pl.DataFrame, rows: Sequence[int]) -> Mapping[int, Sequence[str | None]]:
        # A cell too many is kept with the last one, so that the line says what the original said.
        wanted = chunk.filter(pl.col(ROW).is_in(list(rows)))
        positions = [str(position) for position in self._kept]
        last = pl.concat_str([positions[-1], OVERFLOW], separator=self._delimiter, ignore_nulls=True)
        wanted = wanted.with_columns(last.alias(positions[-1])) if positions else wanted
        return dict(zip(wanted[ROW].to_list(), wanted.select(positions).rows(), strict=True))
