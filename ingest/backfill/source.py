"""A table of text, read in chunks so that its size does not matter.

A file is read as it is where it can be: UTF-8 with commas, semicolons or tabs. What is compressed, in another
encoding, or no CSV at all (`ingest.backfill.tables`) is first written down as UTF-8 CSV, in its own folder
that goes when the last source of it is forgotten.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import re
import shutil
import tempfile
import weakref
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import polars as pl

from ingest.backfill.encoding import PLAIN, UTF_8, Encoding, decide
from ingest.backfill.errors import UnreadableFile

DELIMITERS = (",", ";", "\t")
ROW = "_row"  # 1 for the first row below the header; blank lines count, as in a spreadsheet
OVERFLOW = "_overflow"  # holds a cell only where a row has more cells than the header
OUR_COLUMNS = ("_error_row", "_error_code", "_error_message")  # of an error file that is fed again
_BLOCK = 1 << 20
_LONGEST_HEAD = 1 << 16
_GZIP = b"\x1f\x8b"


class Scratch:
    """A private folder for texts on their way, removed with the last that refers to it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="impact-backfill-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True)
class Source:
    """A readable table: where it starts and how its cells are separated."""

    path: Path  # the file as it was given
    table: Path  # its rows as UTF-8; the same file, if it is that already
    sha256: bytes
    size: int
    delimiter: str
    header: tuple[str, ...]
    metadata: dict[str, str] = field(default_factory=dict)  # `# key: value` lines above the header
    lines_above: int = 1  # lines before the first row, the header included
    encoding: Encoding = PLAIN
    part: str = ""  # sheet or list of a file of several tables
    scratch: Scratch | None = None

    def chunks(self, rows: int, only: Collection[str] | None = None) -> Iterator[pl.DataFrame]:
        """The rows in their order, all cells text, `rows` at a time: always cut at the same places.

        `only` names the columns that are wanted: the others are passed over, which costs far less.
        """
        names = [str(position) for position in range(len(self.header))]
        table = pl.scan_csv(
            self.table, has_header=False, skip_lines=self.lines_above, separator=self.delimiter,
            schema=dict.fromkeys([*names, OVERFLOW], pl.String), truncate_ragged_lines=True,
            missing_columns="insert", raise_if_empty=False, row_index_name=ROW, row_index_offset=1,
        )  # fmt: skip
        if only is not None:
            table = table.select(ROW, *only)
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


def open_source(path: Path, *, encoding: str | None = None) -> Source:
    """Look at the whole file once: its hash, its encoding, its header."""
    digest, size = hash_of(path)
    try:
        found = Encoding(encoding, True) if encoding else decide(_blocks(path))
        if encoding == UTF_8 and decide(_blocks(path)).name != UTF_8:
            raise UnicodeError
        table, scratch = _as_utf_8(path, found.name)
    except (OSError, EOFError, zlib.error) as error:
        if not path.is_file() or isinstance(error, PermissionError):
            raise
        raise UnreadableFile(f"{path.name} is not a whole gzip file; fetch it again") from None
    except UnicodeError:
        raise UnreadableFile(
            f"{path.name} is not {found.name}; leave --encoding out or say another"
        ) from None
    return describe(path, table, digest, size, encoding=found, scratch=scratch)


def describe(
    path: Path,
    table: Path,
    digest: bytes,
    size: int,
    *,
    encoding: Encoding = PLAIN,
    part: str = "",
    scratch: Scratch | None = None,
) -> Source:
    """The source of a table of UTF-8 text."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        head = file.read(_LONGEST_HEAD).splitlines()
    metadata: dict[str, str] = {}
    above = 0
    while above < len(head) and (head[above].startswith("#") or not head[above].strip()):
        key, _, value = head[above].lstrip("# ").partition(":")
        metadata[canonical(key)] = value.strip()
        above += 1
    if above == len(head):
        raise UnreadableFile(f"{path.name} has no header line; the first line must name the columns")
    delimiter, header = _header(head[above])
    names = [canonical(name) for name in header]
    if repeated := sorted({name for name in names if name and names.count(name) > 1}):
        raise UnreadableFile(f"{path.name}: column {', '.join(repeated)} occurs twice in the header")
    return Source(
        path, table, digest, size, delimiter, tuple(header), metadata, above + 1, encoding, part, scratch
    )


def canonical_names(source: Source) -> dict[str, str]:
    """Which position (the chunk's column name) holds a header, by its canonical spelling."""
    return {
        name: str(position)
        for position, header in enumerate(source.header)
        if (name := canonical(header)) and name not in OUR_COLUMNS
    }


def canonical(header: str) -> str:
    return re.sub(r"[\s\-]+", "_", header.strip().strip('"').strip().lower())


def hash_of(path: Path) -> tuple[bytes, int]:
    """The SHA-256 of the file's bytes, and how many there are."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        size = file.tell()
    if not size:
        raise UnreadableFile(f"{path.name} is empty")
    return digest, size


def _header(line: str) -> tuple[str, list[str]]:
    split = {delimiter: next(csv.reader([line], delimiter=delimiter)) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda candidate: len(split[candidate]))
    return delimiter, split[delimiter]


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        is_gzip = file.read(2) == _GZIP
    return gzip.open(path) if is_gzip else path.open("rb")  # type: ignore[return-value]


def _blocks(path: Path) -> Iterator[bytes]:
    with _opened(path) as file:
        while block := file.read(_BLOCK):
            yield block


def _as_utf_8(path: Path, encoding: str) -> tuple[Path, Scratch | None]:
    with path.open("rb") as raw:
        is_gzip = raw.read(2) == _GZIP
    if not is_gzip and encoding == UTF_8:
        return path, None
    scratch = Scratch()
    table = scratch.path / "table.csv"
    decoder = codecs.getincrementaldecoder(encoding)()
    with table.open("wb") as out:
        for block in _blocks(path):
            out.write(block if encoding == UTF_8 else decoder.decode(block).encode())
        out.write(decoder.decode(b"", final=True).encode())
    return table, scratch
