"""`ingest.events.canonical_json` for whole columns: the same bytes, at a fiftieth of the cost.

An event's data are built as text by polars expressions, from one column per field. What a field looks like in
JSON follows from its type in the contract, so a new contract needs no new code here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

import msgspec
import msgspec.inspect as inspect
import polars as pl

Fields = Mapping[str, "pl.Expr | Fields"]

# What JSON has to escape; msgspec leaves everything else as it is.
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPES = {chr(code): f"\\u{code:04x}" for code in range(0x20)} | _SHORT
_DAY_US = 86_400_000_000
_MOST_DAYS = 100_000  # 274 years: a table of days must not grow with a typing error


class _Spelled(NamedTuple):
    """A field's value in JSON: what stands before it, the column, what stands after it."""

    before: str
    text: pl.Expr
    after: str


def canonical_columns(data: type[msgspec.Struct], fields: Fields) -> pl.Expr:
    """The JSON of each row. Names are the Struct's; a null is an absent field, and so is a name not given.

    A nested object is a mapping of its own, absent where all its fields are; or a column of its JSON. A null
    in a field that the Struct requires is the caller's error, and is not noticed here.
    """
    given_fields: list[tuple[_Spelled, bool]] = []
    for field in sorted(msgspec.structs.fields(data), key=lambda field: field.encode_name):
        given = fields.get(field.name)
        info = _type_info(data)[field.name]
        if given is not None:
            before, text, after = _value(_bare(info), given)
            is_always_there = field.required and not _may_be_none(info)
            given_fields.append((_Spelled(f'"{field.encode_name}":{before}', text, after), is_always_there))
        elif field.required:
            raise KeyError(f"{data.__name__}.{field.name} is required")
    if unknown := fields.keys() - set(data.__struct_fields__):
        raise KeyError(f"{data.__name__} has no field {', '.join(sorted(unknown))}")
    return _object_of(given_fields)


def _object_of(fields: list[tuple[_Spelled, bool]]) -> pl.Expr:
    """One concatenation over all columns: each that is made on the way is written once more."""
    first = next((place for place, (_, is_always_there) in enumerate(fields) if is_always_there), None)
    if first is None:
        # Any field may be the first, so no comma has a place of its own.
        pieces = [pl.concat_str(pl.lit(before), text, pl.lit(after)) for (before, text, after), _ in fields]
        inside = pl.concat_str(pieces, separator=",", ignore_nulls=True)
        return pl.concat_str(pl.lit("{"), inside, pl.lit("}"))
    parts: list[pl.Expr] = []
    literal = "{"
    for place, ((before, text, after), is_always_there) in enumerate(fields):
        # A comma goes with the field that may be absent: behind it, or before it once one is surely there.
        comma_before, comma_behind = ("," if place > first else ""), ("," if place < first else "")
        if is_always_there:
            parts += [pl.lit(f"{literal}{comma_before}{before}"), text]
            literal = after
        else:
            optional = pl.concat_str(pl.lit(comma_before + before), text, pl.lit(after + comma_behind))
            parts += [*([pl.lit(literal)] if literal else []), optional]
            literal = ""
    return pl.concat_str([*parts, pl.lit(literal + "}")], ignore_nulls=True)


def _value(info: inspect.Type, given: pl.Expr | Fields) -> _Spelled:
    if isinstance(info, inspect.StructType) and isinstance(given, pl.Expr):
        return _bare_text(given.map_batches(partial(_parts, info.cls), return_dtype=pl.String))
    if isinstance(info, inspect.StructType) and isinstance(given, Mapping):
        flat = list(_leaves(given))
        is_there = pl.any_horizontal(leaf.is_not_null() for leaf in flat)
        return _bare_text(pl.when(is_there).then(canonical_columns(info.cls, given)))
    if not isinstance(given, pl.Expr):
        raise TypeError(f"{type(info).__name__} is one column, not several")
    match info:
        case inspect.UUIDType() | inspect.LiteralType():
            return _quoted(given)
        case inspect.StrType():
            return _quoted(_escaped(given))
        case inspect.IntType():
            return _bare_text(given.cast(pl.Int64).cast(pl.String))
        case inspect.BoolType():
            return _bare_text(given.cast(pl.String))
        case inspect.FloatType():
            return _bare_text(given.map_batches(_numbers, return_dtype=pl.String))
        case inspect.DateTimeType():
            return _quoted(given.map_batches(_moments, return_dtype=pl.String))
        case inspect.DictType():
            return _bare_text(given.map_batches(_objects, return_dtype=pl.String))
        case inspect.ListType(item_type=item):
            # Null stays null: an absent list; an empty one is `[]`.
            before, text, after = _value(_bare(item), pl.element())
            spelled = pl.concat_str(pl.lit(before), text, pl.lit(after)) if before or after else text
            return _Spelled("[", given.list.eval(spelled).list.join(","), "]")
    raise TypeError(f"no columns of {type(info).__name__}")


def _leaves(fields: Fields) -> Any:
    for given in fields.values():
        if isinstance(given, Mapping):
            yield from _leaves(given)
        else:
            yield given


def _quoted(text: pl.Expr) -> _Spelled:
    return _Spelled('"', text, '"')


def _bare_text(text: pl.Expr) -> _Spelled:
    return _Spelled("", text, "")


def _escaped(text: pl.Expr) -> pl.Expr:
    return text.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))


def _moments(moments: pl.Series) -> pl.Series:
    """As RFC 3339; six digits of a second's fraction where there is one.

    Days and times of day are looked up in tables of their spellings: cheaper than to format each moment.
    """
    ticks = moments.dt.epoch("us")
    within_day = ticks % _DAY_US
    if moments.null_count() == len(moments) or (within_day % 1_000_000 != 0).any():
        return _moments_with_fractions(moments)
    days = ticks // _DAY_US
    first, last = days.min(), days.max()
    if not isinstance(first, int) or not isinstance(last, int) or last - first > _MOST_DAYS:
        return _moments_with_fractions(moments)
    spelled_days = pl.Series(range(first, last + 1), dtype=pl.Int32).cast(pl.Date).dt.strftime("%Y-%m-%d")
    return spelled_days.gather(days - first) + _times_of_day().gather(within_day // 1_000_000)


def _moments_with_fractions(moments: pl.Series) -> pl.Series:
    whole = moments.dt.microsecond() == 0
    return moments.dt.strftime("%Y-%m-%dT%H:%M:%SZ").zip_with(
        whole.fill_null(True), moments.dt.strftime("%Y-%m-%dT%H:%M:%S.%6fZ")
    )


@cache
def _times_of_day() -> pl.Series:
    seconds = pl.int_range(86_400, dtype=pl.Int64, eager=True)
    return (seconds * 1000).cast(pl.Datetime("ms")).dt.strftime("T%H:%M:%SZ")


def _numbers(numbers: pl.Series) -> pl.Series:
    """As msgspec spells them, which differs from polars for very large and small ones."""
    distinct = numbers.unique().drop_nulls()
    if distinct.is_empty():
        return pl.Series(numbers.name, [None] * len(numbers), dtype=pl.String)
    # Adding zero makes -0.0 the 0.0 that it equals: else chance decides which of the two stands for both.
    spelled = [msgspec.json.encode(number + 0.0).decode() for number in distinct.to_list()]
    texts = numbers.replace_strict(distinct, pl.Series(spelled), default=None, return_dtype=pl.String)
    is_negative_zero = (numbers == 0) & (1 / numbers < 0)
    return texts.set(is_negative_zero, "-0.0") if is_negative_zero.any() else texts


def _objects(cells: pl.Series) -> pl.Series:
    """Objects as the canonical JSON of what they say: keys sorted, no blanks."""
    return pl.Series(cells.name, [_object(cell) for cell in cells.to_list()], dtype=pl.String)


def _parts(part: type[msgspec.Struct], cells: pl.Series) -> pl.Series:
    """Objects of a known shape, from their JSON: what the shape does not know is left out."""
    decoder = msgspec.json.Decoder(part)

    @cache
    def canonical(cell: str) -> str:
        return msgspec.json.encode(decoder.decode(cell), order="sorted").decode()

    spelled = [None if cell is None else canonical(cell) for cell in cells.to_list()]
    return pl.Series(cells.name, spelled, dtype=pl.String)


@cache
def _type_info(data: type[msgspec.Struct]) -> dict[str, inspect.Type]:
    info: Any = inspect.type_info(data)
    return {field.name: field.type for field in info.fields}


def _bare(info: inspect.Type) -> inspect.Type:
    """A type without its bounds and without None."""
    if isinstance(info, inspect.Metadata):
        return _bare(info.type)
    if isinstance(info, inspect.UnionType):
        [only] = [_bare(part) for part in info.types if not isinstance(_bare(part), inspect.NoneType)]
        return only
    return info


def _may_be_none(info: inspect.Type) -> bool:
    if isinstance(info, inspect.Metadata):
        return _may_be_none(info.type)
    return isinstance(info, inspect.UnionType) and info.includes_none


def _object(cell: str | None) -> str | None:
    return None if cell is None else _canonical_object(cell)


@lru_cache(maxsize=100_000)  # files repeat few objects, and one of distinct ones must not fill the memory
def _canonical_object(cell: str) -> str:
    return msgspec.json.encode(msgspec.json.decode(cell), order="sorted").decode()
