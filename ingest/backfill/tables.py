"""A file's tables: one of a CSV, several of the buddy system's JSON and XLSX exports, in dependent order.

Sheets and lists are written down as CSV and go the way of any table. Such files are read whole, so their size
is bounded; a sheet ends at a million rows anyway.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import fastexcel
import msgspec

from ingest.backfill.errors import UnreadableFile
from ingest.backfill.formats_buddy import ENTITIES
from ingest.backfill.source import Scratch, Source, canonical, describe, hash_of, open_source

LARGEST_DOCUMENT = 128 << 20  # bytes; objects take several times as much, and 1.5 GiB is the promise

_ZIP = b"PK\x03\x04"
_Writer = Callable[[Path], None]
_Found = tuple[dict[str, _Writer], dict[str, str]]  # tables by entity, and what is said of them all


def open_tables(path: Path, *, encoding: str | None = None) -> list[Source]:
    """Every table of a file, those first that others refer to."""
    with path.open("rb") as file:
        first = file.read(64)
    if first.startswith(_ZIP):
        return _tables(path, _sheets)
    if first.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _tables(path, _lists)
    return [open_source(path, encoding=encoding)]


def _tables(path: Path, read: Callable[[Path], _Found]) -> list[Source]:
    digest, size = hash_of(path)
    if size > LARGEST_DOCUMENT:
        raise UnreadableFile(
            f"{path.name} is larger than {LARGEST_DOCUMENT >> 20} MiB; export its tables as CSV files instead"
        )
    found, metadata = read(path)
    scratch = Scratch()
    sources = []
    for entity in ENTITIES:
        if entity in found:
            table = scratch.path / f"{entity}.csv"
            found[entity](table)
            source = describe(path, table, digest, size, part=entity, scratch=scratch)
            source.metadata.update(metadata | source.metadata)
            sources.append(source)
    if not sources:
        raise UnreadableFile(
            f"{path.name} has no rows under any of the names {', '.join(ENTITIES)};"
            f" it has {', '.join(sorted(found)) or 'none at all'}"
        )
    return sources


def _sheets(path: Path) -> _Found:
    try:
        book = fastexcel.read_excel(path)
        found: dict[str, _Writer] = {}
        for name in book.sheet_names:
            sheet = book.load_sheet(name, header_row=None, dtypes="string")
            if sheet.height > 1:
                found[_entity(name)] = partial(_write, sheet.to_polars().rows())
    except (fastexcel.FastExcelError, ValueError) as error:
        raise UnreadableFile(f"{path.name} is no XLSX workbook: {type(error).__name__}") from None
    return found, {}


def _lists(path: Path) -> _Found:
    try:
        document = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"), type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise UnreadableFile(
            f'{path.name} is no JSON object with a list of rows per entity, such as {{"users": […]}}'
        ) from None
    metadata = {canonical(key): value for key, value in document.items() if isinstance(value, str)}
    found: dict[str, _Writer] = {}
    for name, rows in document.items():
        if isinstance(rows, list) and rows:
            if not all(isinstance(row, dict) for row in rows):
                raise UnreadableFile(f"{path.name}: {canonical(name)} is no list of objects")
            found[_entity(name)] = partial(_write_objects, rows)
    return found, metadata


def _entity(name: str) -> str:
    return canonical(name).removeprefix("buddy_")


def _write_objects(rows: Sequence[Mapping[str, Any]], table: Path) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    _write([names, *([_cell(row.get(name)) for name in names] for row in rows)], table)


def _cell(value: Any) -> str:
    """As the CSV export would have it: text as it is, everything else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _write(rows: Iterable[Iterable[Any]], table: Path) -> None:
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
