"""Takes people out of files: lines of tables that name them; other files that do go as a whole.

A workbook or a JSON export that was imported is in the warehouse, and one that waits in quarantine can be
asked for again: half of such a file would be a file that nobody wrote.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import time
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, BinaryIO

import psycopg

from orchestration.privacy.declarations import Declarations, Relation
from orchestration.privacy.erasure.subjects import Words
from orchestration.privacy.erasure.sweeping import Swept
from orchestration.privacy.requests.files import DRAFT

_TABLES = (".csv", ".tsv", ".csv.gz")
_LONGEST_CELL = 10 << 20
_PIECE_BYTES = 1 << 20
_OVERLAP_BYTES = 4_096
_BEING_WRITTEN = ".erasing"
_ERRORS = {"cp1252": "surrogateescape"}
_LONGEST_PACKING_S = 3_600  # a run that packs an export is ended before that
# An unfinished import goes on at this length of its error file.
_SETTLED_BYTES = """
update ingest.batches set error_summary = jsonb_set(error_summary, '{error_file_bytes}', to_jsonb(%s::bigint))
where error_file_path = %s and error_summary ? 'error_file_bytes'
"""


class Folders:
    """Sweeps folders of the data folder for one set of people."""

    def __init__(
        self, home: Path, declarations: Declarations, words: Words, connection: psycopg.Connection
    ) -> None:
        self._home = home
        self._declarations = declarations
        self._words = words
        self._connection = connection

    def sweep(self, relation: Relation) -> Swept:
        """Rewrite or remove the files below a folder, but for folders that are declared themselves."""
        looked_at = lines = removed = rewritten = 0
        for path in files_of(self._home, relation, self._declarations):
            if path.name.endswith(_BEING_WRITTEN):
                _remove(path)  # of an attempt that died
                continue
            looked_at += 1
            # Half a ZIP cannot be searched. Whoever was packing it makes it anew.
            if not is_draft(path) and not any(self._words.found_in(one) for one in contents(path)):
                continue
            if relation.erase == "redact" and path.name.lower().endswith(_TABLES):
                lines += self._without_lines(path)
                rewritten += 1
            else:
                _remove(path)
                removed += 1
        return Swept(
            rewritten + removed,
            detail={"files": looked_at, "lines": lines, "rewritten": rewritten, "removed": removed},
        )

    def _without_lines(self, path: Path) -> int:
        """The file without the rows that name anybody; returns how many went. Replaced in one step."""
        new = path.with_name(f".{path.name}{_BEING_WRITTEN}")
        for encoding in _encodings(path):
            try:
                gone, kept_bytes = self._write_others(path, new, encoding)
                break
            except UnicodeDecodeError:
                continue
        new.replace(path)
        self._connection.execute(_SETTLED_BYTES, (kept_bytes, str(path)))
        return gone

    def _write_others(self, path: Path, new: Path, encoding: str) -> tuple[int, int]:
        gone = kept_bytes = 0
        with (
            _unpacked(path) as packed,
            io.TextIOWrapper(packed, encoding, newline="", errors=_ERRORS.get(encoding)) as text,
            os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file,
        ):
            out: BinaryIO = gzip.GzipFile(fileobj=file, mode="wb") if path.name.endswith(".gz") else file  # type: ignore[assignment]
            for record in records(text):
                if self._words.found_in(record.encode(errors="replace")):
                    gone += 1
                else:
                    kept_bytes += out.write(record.encode("utf-8", errors="surrogateescape"))
            if out is not file:
                out.close()
            file.flush()
            os.fsync(file.fileno())
        return gone, kept_bytes


def is_draft(path: Path) -> bool:
    """Whether it is an export that is being packed, or whose packing was killed."""
    return path.suffix == DRAFT and path.parent.name == "exports"


def is_left_draft(path: Path, now: float | None = None) -> bool:
    """Whether it is a draft that nobody is packing any more."""
    try:
        age_s = (now or time.time()) - path.stat().st_mtime
    except FileNotFoundError:
        return False
    return is_draft(path) and age_s > _LONGEST_PACKING_S


def files_of(home: Path, relation: Relation, declarations: Declarations) -> Iterator[Path]:
    """Files below a declared folder, or the declared file itself. Links are not followed."""
    root = home / relation.name
    others = {
        home / one.name for one in declarations.of_store("folder") if one.name.startswith(f"{relation.name}/")
    }
    if root.is_file():
        yield root
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if Path(folder) / name not in others]
        for name in sorted(names):
            path = Path(folder) / name
            if not path.is_symlink() and path not in others:
                yield path


def contents(path: Path) -> Iterator[bytes]:
    """What a file says, in pieces that cut no word: unpacked, where it is packed."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield name.encode()
                    with archive.open(name) as file:
                        yield from pieces(file)
        else:
            encoding = _encodings(path)[0]
            with _unpacked(path) as file:
                yield from pieces(file)
            if encoding == "utf-16":
                with _unpacked(path) as file, io.TextIOWrapper(file, encoding, errors="replace") as text:
                    while said := text.read(_PIECE_BYTES):
                        yield (said + text.readline()).encode()
    except FileNotFoundError:
        return  # imported and moved, or removed, in this moment


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes, a megabyte or so at a time, each piece up to the end of a line.

    Where no line ends for long, pieces overlap by more than a word or a phrase has.
    """
    left = b""
    while read := file.read(_PIECE_BYTES):
        piece = left + read
        end = piece.rfind(b"\n") + 1
        if not end and len(piece) < _LONGEST_CELL:
            left = piece
            continue
        yield piece[:end] if end else piece
        left = piece[end:] if end else piece[-_OVERLAP_BYTES:]
    if left:
        yield left


def records(lines: Iterable[str]) -> Iterator[str]:
    """Rows of a delimited text as they stand in it, line ends in quotes and all."""
    waiting = iter(lines)
    if (header := next(waiting, None)) is None:
        return
    read: list[str] = []

    def each() -> Iterator[str]:
        for line in chain([header], waiting):
            read.append(line)
            yield line

    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        for _ in csv.reader(each(), delimiter=_delimiter(header)):
            yield "".join(read)
            read.clear()
    finally:
        csv.field_size_limit(limit)


def _delimiter(header: str) -> str:
    return max(",;\t|", key=header.count)


def _encodings(path: Path) -> tuple[str, ...]:
    """In which a table may be written, the likeliest first; the last reads anything."""
    with _unpacked(path) as file:
        begins = file.read(2)
    return ("utf-16",) if begins in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "cp1252")


def _unpacked(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
