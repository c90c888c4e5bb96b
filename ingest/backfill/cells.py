"""From cells of text to typed columns, a chunk at a time. What cannot be read is a problem, never a guess."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
import polars as pl

from ingest.backfill.format import Column, Kind
from ingest.contracts.base import SdgGoal
from ingest.people import EMAIL

OLDEST = timedelta(days=3653)  # ten years: an older date is a typing error
CLOCK_SKEW = timedelta(minutes=5)
_UTC_TIME = pl.Datetime("us", "UTC")
TYPES: Mapping[Kind, pl.DataType] = dict.fromkeys(Kind, pl.String()) | {
    Kind.TIME: _UTC_TIME,
    Kind.MINUTES: pl.Int64(),
    Kind.WHOLE: pl.Int64(),
    Kind.NUMBER: pl.Float64(),
    Kind.RATING: pl.Float64(),
    Kind.LIST: pl.List(pl.String),
    Kind.TEXTS: pl.List(pl.String),
    Kind.GOALS: pl.List(pl.Int64),
}
_USUAL = "%Y-%m-%dT%H:%M:%SZ"
_ISO = "%Y-%m-%dT%H:%M:%S%.f%#z"
_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")


class Problem(NamedTuple):
    """A code, what it says, and the rows it holds for (a mask over the chunk)."""

    code: str
    message: str
    rows: pl.Series


class Read(NamedTuple):
    """A typed column, null where a cell was empty or wrong, and what is wrong with it."""

    values: pl.Series
    problems: list[Problem]


class Context(NamedTuple):
    """What a cell's reading depends on besides the cell."""

    now: datetime
    scales: Mapping[str, float]  # the highest rating of each rating column's scale: 1 or 5


def clean(column: Column, text: pl.Series) -> pl.Series:
    """Cells as they are meant: trimmed, unwrapped of extra quotes, null where nothing is left."""
    if column.kind is not Kind.FREE_TEXT:
        text = text.str.strip_chars(' \t\r\n"') if column.kind is not Kind.JSON else text.str.strip_chars()
    if column.kind is Kind.EMAIL:
        text = text.str.to_lowercase()
    return pl.select(pl.when(text.str.strip_chars() != "").then(text)).to_series().alias(column.name)


def read(column: Column, text: pl.Series, context: Context) -> Read:
    """Read one column's cleaned cells."""
    if text.null_count() == len(text):
        empty = pl.repeat(None, len(text), dtype=TYPES[column.kind], eager=True).alias(column.name)
        result = Read(empty, [])
    else:
        result = _READERS[column.kind](column, text, context)
    if column.required and text.null_count():
        missing = Problem("E002", f"{column.name} is empty", text.is_null())
        return Read(result.values, [missing, *result.problems])
    return result


def decimals(text: pl.Series) -> pl.Series:
    """Numbers written with a point or, as spreadsheets of many countries do, with a comma."""
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _unread(text: pl.Series, values: pl.Series) -> pl.Series:
    return text.is_not_null() & values.is_null()


def _too_long(column: Column, text: pl.Series) -> Problem:
    message = f"{column.name} is longer than {column.max_length} characters"
    return Problem("E009", message, (text.str.len_chars() > column.max_length).fill_null(False))


def _text(column: Column, text: pl.Series, context: Context) -> Read:
    return Read(text, [_too_long(column, text)])


def _email(column: Column, text: pl.Series, context: Context) -> Read:
    bad = (~text.str.contains(EMAIL)).fill_null(False)
    return Read(text, [Problem("E001", f"{column.name} is not an email address", bad)])


def _person(column: Column, text: pl.Series, context: Context) -> Read:
    is_email = text.str.contains("@", literal=True)
    text = (
        pl.select(pl.when(is_email).then(text.str.to_lowercase()).otherwise(text))
        .to_series()
        .alias(column.name)
    )
    bad = (is_email & ~text.str.contains(EMAIL)).fill_null(False)
    return Read(
        text, [Problem("E001", f"{column.name} is not an email address", bad), _too_long(column, text)]
    )


def _time(column: Column, text: pl.Series, context: Context) -> Read:
    values = to_utc(text, human=column.human)
    problems = [
        Problem("E003", f"{column.name} is not an ISO 8601 date or time", _unread(text, values)),
    ]
    if not column.may_be_old:
        old = _where(values < context.now - OLDEST)
        problems.append(Problem("E003", f"{column.name} is more than ten years past", old))
    if not column.may_be_future:
        future = _where(values > context.now + CLOCK_SKEW)
        problems.append(Problem("E003", f"{column.name} is in the future", future))
    return Read(values, problems)


def to_utc(text: pl.Series, *, human: bool = False) -> pl.Series:
    """Moments as UTC, null where the text is none; `human` takes "Dec 14, 2025" too."""
    # The usual spelling first: a fixed one is read in a fifth of the time.
    values = text.str.to_datetime(_USUAL, strict=False, time_unit="us").dt.replace_time_zone("UTC")
    values = _read_rest(text, values, lambda rest: rest.str.to_datetime(_ISO, strict=False, time_unit="us"))
    return _read_rest(text, values, lambda rest: _rare(rest, human=human))


def _rare(text: pl.Series, *, human: bool) -> pl.Series:
    """The rarer spellings: a blank for the T, no seconds, no offset (then it is UTC), a date alone."""
    spelled = text.str.replace(r"^(\d{4}-\d\d-\d\d) +", "${1}T")
    spelled = spelled.str.replace(r"^(\d{4}-\d\d-\d\d)$", "${1}T00:00")
    spelled = spelled.str.replace(r"^(.{10}T\d\d:\d\d)($|[Zz+-])", "${1}:00${2}")
    spelled = spelled.str.replace(r"^(.{10}T\d\d:\d\d:\d\d(?:\.\d+)?)$", "${1}Z")
    rare = spelled.str.to_datetime(_ISO, strict=False, time_unit="us").cast(_UTC_TIME)
    if human:
        written = spelled.str.to_datetime("%b %d, %Y", strict=False, time_unit="us")
        rare = rare.fill_null(written.dt.replace_time_zone("UTC"))
    return rare


def _read_rest(text: pl.Series, values: pl.Series, read_them: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """`values`, and those cells read in another way that are still unread."""
    unread = _unread(text, values)
    if not unread.any():
        return values
    return values.scatter(unread.arg_true(), read_them(text.filter(unread)).cast(_UTC_TIME))


def _minutes(column: Column, text: pl.Series, context: Context) -> Read:
    values = decimals(text)
    whole = values.cast(pl.Int64, strict=False)
    good = values.is_between(column.minimum, column.maximum) & (whole == values)
    message = f"{column.name} is not a whole number of minutes from {column.minimum:g} to {column.maximum:g}"
    return Read(whole, [Problem("E004", message, text.is_not_null() & ~good.fill_null(False))])


def _number(column: Column, text: pl.Series, context: Context) -> Read:
    values = decimals(text)
    good = values.is_between(column.minimum, column.maximum)
    message = f"{column.name} is not a number from {column.minimum:g} to {column.maximum:g}"
    return Read(values, [Problem("E008", message, text.is_not_null() & ~good.fill_null(False))])


def _whole(column: Column, text: pl.Series, context: Context) -> Read:
    values = decimals(text)
    whole = values.cast(pl.Int64, strict=False)
    good = values.is_between(column.minimum, column.maximum) & (whole == values)
    message = f"{column.name} is not a whole number from {column.minimum:g} to {column.maximum:g}"
    return Read(whole, [Problem("E008", message, text.is_not_null() & ~good.fill_null(False))])


def _rating(column: Column, text: pl.Series, context: Context) -> Read:
    """The rating as written; `share_of_scale` makes it 0 to 1."""
    lowest, highest = (1, 5) if context.scales.get(column.name) == 5 else (0, 1)
    values = decimals(text)
    good = values.is_between(lowest, highest)
    message = f"{column.name} is not a number from {lowest} to {highest}, the scale of this file"
    return Read(values, [Problem("E006", message, text.is_not_null() & ~good.fill_null(False))])


def share_of_scale(ratings: pl.Series, highest: float) -> pl.Series:
    """Ratings as shares of their scale: on 1 to 5, 1 is 0 and 4.5 is 0.875."""
    return (ratings - 1) / 4 if highest == 5 else ratings


def _level(column: Column, text: pl.Series, context: Context) -> Read:
    values = text.str.to_uppercase()
    bad = (~values.is_in(_LEVELS)).fill_null(False)
    return Read(values, [Problem("E005", f"{column.name} is not one of {', '.join(_LEVELS)}", bad)])


def _choice(column: Column, text: pl.Series, context: Context) -> Read:
    if column.any_case:
        text = text.str.to_lowercase()
    bad = (~text.is_in(column.choices)).fill_null(False)
    return Read(text, [Problem("E008", f"{column.name} is not one of {', '.join(column.choices)}", bad)])


def _list(column: Column, text: pl.Series, context: Context) -> Read:
    parts = text.str.split(",").list.eval(pl.element().str.strip_chars())
    parts = parts.list.eval(pl.element().filter(pl.element() != ""))
    longest = parts.list.eval(pl.element().str.len_chars()).list.max()
    overlong = Problem(
        "E009", f"an entry of {column.name} is longer than 255 characters", _where(longest > 255)
    )
    return Read(parts, [_too_long(column, text), overlong])


def _texts(column: Column, text: pl.Series, context: Context) -> Read:
    """A list of texts, written in JSON or with commas."""
    is_json = text.str.starts_with("[").fill_null(False)
    if not is_json.any():
        return _list(column, text, context)
    found = _decoded(text, list[str])
    listed = pl.Series(
        column.name, [_texts_of(cell, found) for cell in text.to_list()], dtype=pl.List(pl.String)
    )
    bad = is_json & listed.is_null()
    return Read(
        listed, [_too_long(column, text), Problem("E008", f"{column.name} is not a list of texts", bad)]
    )


def _texts_of(cell: str | None, found: Mapping[str, object]) -> object:
    if cell is None or cell.startswith("["):
        return found.get(cell) if cell else None
    return [part.strip() for part in cell.split(",") if part.strip()]


def _goals(column: Column, text: pl.Series, context: Context) -> Read:
    found = _decoded(text, list[SdgGoal])
    listed = pl.Series(column.name, [found.get(cell) for cell in text.to_list()], dtype=pl.List(pl.Int64))
    bad = text.is_not_null() & listed.is_null()
    return Read(
        listed, [Problem("E008", f"{column.name} is not a JSON list of SDG numbers from 1 to 17", bad)]
    )


def _json(column: Column, text: pl.Series, context: Context) -> Read:
    found = _decoded(text, column.shape or dict[str, object])
    good = pl.Series([cell in found for cell in text.to_list()], dtype=pl.Boolean)
    bad = text.is_not_null() & ~good
    return Read(text, [_too_long(column, text), Problem("E008", f"{column.name} is not a JSON object", bad)])


def _decoded(text: pl.Series, shape: object) -> Mapping[str, object]:
    """What each cell says, for those that say it in JSON of this shape. Files repeat few objects."""
    decoder = msgspec.json.Decoder(shape)
    found: dict[str, object] = {}
    for cell in text.drop_nulls().unique().to_list():
        with contextlib.suppress(msgspec.MsgspecError, RecursionError):
            found[cell] = decoder.decode(cell)
    return found


def _where(mask: pl.Series) -> pl.Series:
    return mask.fill_null(False)


_READERS: Mapping[Kind, Callable[[Column, pl.Series, Context], Read]] = {
    Kind.TEXT: _text,
    Kind.FREE_TEXT: _text,
    Kind.EMAIL: _email,
    Kind.PERSON: _person,
    Kind.TIME: _time,
    Kind.MINUTES: _minutes,
    Kind.NUMBER: _number,
    Kind.RATING: _rating,
    Kind.LEVEL: _level,
    Kind.CHOICE: _choice,
    Kind.WHOLE: _whole,
    Kind.LIST: _list,
    Kind.TEXTS: _texts,
    Kind.GOALS: _goals,
    Kind.JSON: _json,
}
