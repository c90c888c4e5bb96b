"""The file that is handed over: JSON and CSV per source, what each column is, a page to read, and hashes."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from orchestration.privacy.export.page import index_page
from orchestration.privacy.export.rows import Row
from orchestration.privacy.export.sources import LeftOut, Source
from orchestration.privacy.requests.files import DRAFT

FORMAT = 1
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?(e[+-]?\d+)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Contents:
    """What goes into the file."""

    request_id: UUID
    person_id: UUID
    company_id: UUID | None  # None: of every company
    made_at: datetime
    declarations_sha256: str
    sources: Sequence[tuple[Source, Sequence[Row]]]
    left_out: Sequence[LeftOut]


@dataclass(frozen=True)
class Packed:
    """The finished file."""

    path: Path
    size: int
    sha256: bytes


def pack(contents: Contents, path: Path) -> Packed:
    """Write the file, whole or not at all, readable by its owner alone."""
    files: dict[str, bytes] = {}
    for source, rows in contents.sources:
        name = f"{source.relation.store}/{source.relation.name}"
        files[f"data/{name}.json"] = orjson.dumps(rows, option=orjson.OPT_INDENT_2)
        files[f"data/{name}.csv"] = _csv([field.name for field in source.fields], rows)
        files[f"schemas/{name}.json"] = orjson.dumps(_schema(source), option=orjson.OPT_INDENT_2)
    files["index.html"] = index_page(
        contents.request_id, contents.made_at, contents.sources, contents.left_out
    ).encode()
    files["manifest.json"] = orjson.dumps(_manifest(contents, files), option=orjson.OPT_INDENT_2)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(DRAFT)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in sorted(files.items()):
                archive.writestr(name, content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    whole = path.read_bytes()
    return Packed(path, len(whole), hashlib.sha256(whole).digest())


def _manifest(contents: Contents, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "request_id": str(contents.request_id),
        "person_id": str(contents.person_id),
        "company_id": str(contents.company_id) if contents.company_id else None,
        "made_at": contents.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "declarations_sha256": contents.declarations_sha256,
        "sources": [
            {"source": source.key, "rows": len(rows), "about": source.relation.about}
            for source, rows in contents.sources
        ],
        "left_out": [{"source": one.relation.key, "reason": one.reason} for one in contents.left_out],
        "files": {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        },
    }


def _schema(source: Source) -> dict[str, Any]:
    retention = source.relation.retention
    return {
        "source": source.key,
        "about": source.relation.about,
        "legal_basis": retention.basis if retention else None,
        "kept_for": retention.max_age if retention else None,
        "columns": [
            {"name": field.name, "type": field.type, "class": field.column.pii} for field in source.fields
        ],
    }


def _csv(names: Sequence[str], rows: Sequence[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in names])
    return b"\xef\xbb\xbf" + text.getvalue().encode()  # the mark tells spreadsheets that it is UTF-8


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return orjson.dumps(value).decode()
    # A spreadsheet would run a text that begins like a formula.
    return f"'{value}" if _FORMULA.match(value) and not _NUMBER.match(value) else value
