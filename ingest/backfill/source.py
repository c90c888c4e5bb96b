"""A file as a table of text, read in chunks so that its size does not matter."""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from ingest.backfill.errors import UnreadableFile

DELIMITERS = (",", ";", "\t")
ROW = "_row"  # 1 for the first row below the header; blank lines count, as in a spreadsheet
OVERFLOW = "_overflow"  # holds a cell only where a row has more cells than the header
OUR_COLUMNS = ("_error_row", "_error_code", "_error_message")  # of an error file that is fed again
_BLOCK = 1 << 20
_LONGEST_HEAD = 1 << 16


@dataclass(frozen=True)
class Source:
    """A readable file: where its table starts and how its cells are separated."""

    path: Path
    sha256: bytes
    size: int
    delimiter: str
    header: tuple[str, ...]
    metadata: dict[str, str] = field(default_factory=dict)  # `# key: value` lines above the header
    lines_above: int = 1  # lines before the first row, the header included

    def chunks(self, rows: int) -> Iterator[pl.DataFrame]:
        """The rows in their order, all cells text, `rows` at a time: always cut at the same places."""
        names = [str(position) for position in range(len(self.header))]
        table = pl.scan_csv(
            self.path, has_header=False, skip_lines=self.lines_above, separator=self.delimiter,
            schema=dict.fromkeys([*names, OVERFLOW], pl.String), truncate_ragged_lines=True,
            missing_columns="insert", raise_if_empty=False, row_index_name=ROW, row_index_offset=1,
        )  # fmt: skip
        pending: list[pl.DataFrame] = []
        height = 0
        try:
            for batch in table.collect_batches(chunk_size=rows, maintain_order=True):
                pending.append(batch)
                height += batch.height
                while height >= rows:
                    whole = pl.concat(pending)
                    yield whole.head(rows)
                    pending, height = [whole.slice(rows)], height - rows
        except pl.exceptions.PolarsError as error:
            raise UnreadableFile(
                f"{self.path.name} is not a well-formed CSV file: {type(error).__name__}"
            ) from error
        if height:
            yield pl.concat(pending)


def open_source(path: Path) -> Source:
    """Look at the whole file once: its hash, its encoding, its header."""
    digest, size = _hash_and_check_encoding(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.read(_LONGEST_HEAD).splitlines()
    metadata: dict[str, str] = {}
    above = 0
    while above < len(head) and (head[above].startswith("#") or not head[above].strip()):
        key, _, value = head[above].lstrip("# ").partition(":")
        metadata[_canonical(key)] = value.strip()
        above += 1
    if above == len(head):
        raise UnreadableFile(f"{path.name} has no header line; the first line must name the columns")
    delimiter, header = _header(head[above])
    names = [_canonical(name) for name in header]
    if repeated := sorted({name for name in names if name and names.count(name) > 1}):
        raise UnreadableFile(f"{path.name}: column {', '.join(repeated)} occurs twice in the header")
    return Source(path, digest, size, delimiter, tuple(header), metadata, above + 1)


def canonical_names(source: Source) -> dict[str, str]:
    """Which position (the chunk's column name) holds a header, by its canonical spelling."""
    return {
        name: str(position)
        for position, header in enumerate(source.header)
        if (name := _canonical(header)) and name not in OUR_COLUMNS
    }


def _canonical(header: str) -> str:
    return re.sub(r"[\s\-]+", "_", header.strip().strip('"').lower())


def _header(line: str) -> tuple[str, list[str]]:
    split = {delimiter: next(csv.reader([line], delimiter=delimiter)) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda candidate: len(split[candidate]))
    return delimiter, split[delimiter]


def _hash_and_check_encoding(path: Path) -> tuple[bytes, int]:
    digest, decoder, size = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), 0
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                digest.update(block)
                decoder.decode(block)
                size += len(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                f"{path.name} is not UTF-8 (near byte {size + error.start}); save it as CSV UTF-8"
            ) from None
    if not size:
        raise UnreadableFile(f"{path.name} is empty")
    return digest.digest(), size
