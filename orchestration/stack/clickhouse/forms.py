"""Multipart bodies: parameters too long for a URL, and files that become temporary tables (external data)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from orchestration.stack.clickhouse.errors import ClickHouseError

_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_ATTRIBUTE = re.compile(rb'\b(name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)


@dataclass
class Form:
    """Text fields and files by name."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def is_form(content_type: str) -> bool:
    return content_type.lower().startswith("multipart/form-data")


def read_form(content_type: str, body: bytes) -> Form:
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise ClickHouseError(36, "BAD_ARGUMENTS", "multipart/form-data without a boundary")
    form = Form()
    # A delimiter stands at the start of a line, also the first.
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode("latin-1"))[1:]:
        if part.startswith(b"--"):
            return form
        head, separator, content = part.partition(b"\r\n\r\n")
        attributes = {name.lower(): value.decode() for name, value in _ATTRIBUTE.findall(head)}
        if not separator or b"name" not in attributes:
            break
        if b"filename" in attributes:
            form.files[attributes[b"name"]] = content
        else:
            form.fields[attributes[b"name"]] = content.decode()
    raise ClickHouseError(36, "BAD_ARGUMENTS", "the multipart/form-data body is not complete")


@dataclass(frozen=True)
class ExternalTable:
    """One file of a form, and how the request's arguments say to read it."""

    name: str
    structure: str
    data_format: str
    data: bytes

    @classmethod
    def of(cls, name: str, data: bytes, arguments: dict[str, str]) -> ExternalTable:
        structure = arguments.get(f"{name}_structure", "")
        if not structure and (types := arguments.get(f"{name}_types")):
            structure = ", ".join(f"_{i} {kind}" for i, kind in enumerate(types.split(","), 1))
        if not structure:
            raise ClickHouseError(
                36,
                "BAD_ARGUMENTS",
                f"external table {name} needs the argument {name}_structure or {name}_types",
            )
        return cls(name, structure, arguments.get(f"{name}_format", "TabSeparated"), data)
