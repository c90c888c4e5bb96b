"""Which format a file has: one whose required columns are all there; of several, by name, columns and ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ingest.backfill.errors import UnknownFormat
from ingest.backfill.formats import FORMATS, Format
from ingest.backfill.source import Source, canonical_names


def detect(source: Source, named: str | None = None) -> Format:
    """The format, `named` by the caller or found; raises `UnknownFormat` with what is missing."""
    if named is not None and named not in FORMATS:
        raise UnknownFormat(f"{named} is not a format; choose one of {', '.join(FORMATS)}")
    candidates = [FORMATS[named]] if named else list(FORMATS.values())
    fitting = [format_ for format_ in candidates if not _missing(format_, source)]
    if not fitting:
        closest = min(candidates, key=lambda format_: len(_missing(format_, source)) / len(format_.required))
        raise UnknownFormat(
            f"{source.path.name} fits no format; closest is {closest.name}, which also needs the column"
            f" {', '.join(sorted(_missing(closest, source)))}"
        )
    for speaks_for in _ladder(source, fitting):
        fitting = [format_ for format_ in fitting if speaks_for(format_)] or fitting
        if len(fitting) == 1:
            return fitting[0]
    names = " or ".join(format_.name for format_ in fitting)
    raise UnknownFormat(f"{source.path.name} may be {names}; say which with --format")


def columns_of(format_: Format, source: Source) -> dict[str, str]:
    """The position of each of the format's columns that the file has, under whatever name."""
    present = canonical_names(source)
    found: dict[str, str] = {}
    for column in format_.columns:
        for name in (column.name, *column.also):
            if name in present and present[name] not in found.values():
                found[column.name] = present[name]
                break
    return found


def _missing(format_: Format, source: Source) -> frozenset[str]:
    return format_.required - columns_of(format_, source).keys()


def _ladder(source: Source, fitting: Sequence[Format]) -> list[Callable[[Format], bool]]:
    """What speaks for a format, strongest first."""
    found = {format_.name: len(columns_of(format_, source)) for format_ in fitting}
    own = {format_.name: _own_names(format_, source) for format_ in fitting}
    ids = _first_ids(source, columns_of(fitting[0], source)[fitting[0].key[0]])
    return [
        lambda format_: re.search(format_.file_name, source.path.name, re.IGNORECASE) is not None,
        lambda format_: found[format_.name] == max(found.values()),
        lambda format_: own[format_.name] == max(own.values()),
        lambda format_: any(id_.upper().startswith(format_.id_prefixes) for id_ in ids),
    ]


def _own_names(format_: Format, source: Source) -> int:
    present = canonical_names(source)
    return sum(column.name in present for column in format_.columns)


def _first_ids(source: Source, position: str) -> list[str]:
    first = next(source.chunks(10), None)
    return [] if first is None else first[position].drop_nulls().to_list()
