"""Which format a table has: one whose required columns are there; of several, the first rung that tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

import polars as pl

from ingest.attribution import ProgramType
from ingest.backfill.cells import to_utc
from ingest.backfill.errors import UnknownFormat
from ingest.backfill.format import Format
from ingest.backfill.formats import FORMATS
from ingest.backfill.formats_buddy import ENTITIES
from ingest.backfill.source import Source, canonical, canonical_names

LOOKED_AT = 1_000  # rows; a reference to a programme or an id's prefix is on every row, if on any

# Programme types that had an instance at work for all of a span of days.
ProgramsBetween = Callable[[date, date], set[ProgramType]]


def detect(
    source: Source, named: str | None = None, *, programs_between: ProgramsBetween | None = None
) -> Format:
    """The format, `named` by the caller or found; raises `UnknownFormat` with what is missing."""
    named = named or (ENTITIES[source.part].name if source.part else None)
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
    if len(fitting) > 1:
        for speaks_for in _ladder(source, fitting, programs_between):
            fitting = [format_ for format_ in fitting if speaks_for(format_)] or fitting
            if len(fitting) == 1:
                break
        else:
            names = " or ".join(format_.name for format_ in fitting)
            raise UnknownFormat(f"{source.path.name} may be {names}; say which with --format")
    return fitting[0]


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


def _ladder(
    source: Source, fitting: Sequence[Format], programs_between: ProgramsBetween | None
) -> Iterator[Callable[[Format], bool]]:
    """What speaks for a format, strongest first. A rung that speaks for none of several decides nothing."""
    present = canonical_names(source)
    first = next(source.chunks(LOOKED_AT), pl.DataFrame())
    columns = columns_of(fitting[0], source)

    def cells(position: str | None) -> pl.Series:
        return first[position].drop_nulls() if position and len(first) else pl.Series(dtype=pl.String)

    references = {canonical(cell) for cell in cells(present.get("program_ref")).to_list()}
    yield lambda format_: bool(references) and all(_claims(format_, reference) for reference in references)
    yield lambda format_: re.search(format_.file_name, source.path.name, re.IGNORECASE) is not None
    own = {format_.name: sum(column in present for column in format_.own_columns) for format_ in fitting}
    yield lambda format_: own[format_.name] == max(own.values())
    ids = [id_.strip('" ').upper() for id_ in cells(columns.get(fitting[0].key[0])).to_list()]
    yield lambda format_: bool(ids) and all(id_.startswith(format_.id_prefixes) for id_ in ids)
    if programs_between is not None and (days := to_utc(cells(columns.get("scheduled_at"))).dt.date()).len():
        earliest, latest = days.min(), days.max()
        if isinstance(earliest, date) and isinstance(latest, date):
            at_work = programs_between(earliest, latest)
            yield lambda format_: format_.program_type in at_work
    found = {format_.name: len(columns_of(format_, source)) for format_ in fitting}
    yield lambda format_: found[format_.name] == max(found.values())


def _claims(format_: Format, reference: str) -> bool:
    return bool(format_.program) and re.search(format_.program, reference) is not None
