"""Takes people out of files: lines of tables that name them; other files that do go as a whole.

A workbook or a JSON export that was imported is in the warehouse, and one that waits in quarantine can be
asked for again: half of such a file would be a file that nobody wrote.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from orchestration.privacy.declarations import Declarations, Relation
from orchestration.privacy.erasure.subjects import Words
from orchestration.privacy.erasure.sweeping import Swept

_TABLES = (".csv", ".tsv", ".csv.gz")
_LONGEST_CELL = 10 << 20
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
            looked_at += 1
            if not any(self._words.found_in(content) for content in contents(path)):
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
        text = _text(path)
        kept, gone = io.StringIO(newline=""), 0
        for record in records(text):
            if self._words.found_in(record.encode()):
                gone += 1
            else:
                kept.write(record)
        content = kept.getvalue().encode("utf-8")
        new = path.with_name(f".{path.name}.erasing")
        with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            file.write(gzip.compress(content) if path.name.endswith(".gz") else content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        self._connection.execute(_SETTLED_BYTES, (len(content), str(path)))
        return gone


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
    """What a file says: unpacked, where it is packed."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield name.encode()
                    yield archive.read(name)
        elif path.suffix == ".gz":
            yield gzip.decompress(path.read_bytes())
        else:
            content = path.read_bytes()
            yield content
            if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
                yield content.decode("utf-16", errors="replace").encode()
    except FileNotFoundError:
        return  # imported and moved, or removed, in this moment


def records(text: str) -> Iterator[str]:
    """Rows of a delimited text as they stand in it, line ends in quotes and all."""
    lines = text.splitlines(keepends=True)
    start = 0
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = csv.reader(lines, delimiter=_delimiter(lines[0] if lines else ""))
        for _ in rows:
            yield "".join(lines[start : rows.line_num])
            start = rows.line_num
    finally:
        csv.field_size_limit(limit)


def _delimiter(header: str) -> str:
    return max(",;\t|", key=header.count)


def _text(path: Path) -> str:
    content = gzip.decompress(path.read_bytes()) if path.name.endswith(".gz") else path.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="surrogateescape")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
