"""What a file format is, as data: columns with their other names, and what each may hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import msgspec

from ingest.attribution import ProgramType

SourceSystem = Literal["kintell", "buddy", "upskilling", "manual"]


class Kind(StrEnum):
    """How a cell is read."""

    TEXT = "text"  # trimmed, without wrapping quotes
    FREE_TEXT = "free text"  # as written
    EMAIL = "email"
    PERSON = "person"  # an email, or an id of the source
    TIME = "time"  # ISO 8601; UTC where no offset is given
    MINUTES = "minutes"
    NUMBER = "number"
    RATING = "rating"  # 0 to 1 or 1 to 5, decided for the whole column
    LEVEL = "CEFR level"
    CHOICE = "choice"
    WHOLE = "whole number"
    LIST = "comma list"
    TEXTS = "JSON list of texts, or a comma list"
    GOALS = "JSON list of SDG numbers"
    JSON = "JSON object"


@dataclass(frozen=True)
class Column:
    """A column under its own name; headers are compared without case, spaces and hyphens as underscores."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    also: tuple[str, ...] = ()  # other names it goes by
    max_length: int = 255
    minimum: float = 0
    maximum: float = 0
    choices: tuple[str, ...] = ()
    any_case: bool = False  # choices are compared without case
    may_be_future: bool = False
    may_be_old: bool = False
    human: bool = False  # a date as people write it, "Dec 14, 2025", beside ISO 8601
    scale: Literal[1, 5] | None = None  # of a rating; None: told by the column's highest value
    shape: type[msgspec.Struct] | None = None  # of a JSON object; None: any


@dataclass(frozen=True)
class Format:
    """One kind of file."""

    name: str
    source_system: SourceSystem
    program_type: ProgramType | None
    columns: tuple[Column, ...]
    key: tuple[str, ...]  # what identifies a row within a file
    file_name: str  # pattern that speaks for this format where the columns fit several
    id_prefixes: tuple[str, ...] = ()
    in_order: tuple[tuple[str, str], ...] = ()  # pairs of times: the second not before the first
    program: str = ""  # pattern of what a `program_ref` column says of it
    own_columns: tuple[str, ...] = ()  # columns that none of its likes has
    needs: tuple[str, ...] = ()  # columns the header must have though their cells may be empty

    @property
    def required(self) -> frozenset[str]:
        """Columns without which a file is not of this format."""
        return frozenset(self.needs).union(column.name for column in self.columns if column.required)


def time(
    name: str, *also: str, required: bool = False, may_be_future: bool = False, human: bool = False
) -> Column:
    return Column(name, Kind.TIME, required, also, may_be_future=may_be_future, human=human)


def end(name: str, *also: str, may_be_future: bool = False) -> Column:
    # Bounded by the start it belongs to, so its own age says nothing.
    return Column(name, Kind.TIME, also=also, may_be_old=True, may_be_future=may_be_future)


def number(name: str, maximum: float = 100_000, *, required: bool = False) -> Column:
    return Column(name, Kind.NUMBER, required, maximum=maximum)


def choice(name: str, choices: tuple[str, ...], *, required: bool = False) -> Column:
    return Column(name, Kind.CHOICE, required, choices=choices)
