"""Events built by column are, byte for byte, the events built one by one; so are their ids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import polars as pl
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from ingest.backfill.canonical import Fields, canonical_columns
from ingest.backfill.ids import entity_ids
from ingest.contracts import EventData
from ingest.contracts.buddy import (
    BuddyCheckinCompleted,
    BuddyEventAttended,
    BuddyEventLogged,
    BuddyFeedbackSubmitted,
    BuddyMatchCreated,
    BuddyMatchEnded,
    BuddyMilestoneReached,
    BuddySkillShareCompleted,
)
from ingest.contracts.ingested import IngestEnrollmentCreated
from ingest.contracts.kintell import KintellRatingCreated, KintellSessionCompleted, KintellSessionScheduled
from ingest.contracts.upskilling import UpskillingCourseCompleted, UpskillingCredentialIssued
from ingest.events import canonical_json, entity_id, event_id_text

# Every contract that a file format becomes.
DATA: tuple[type[EventData], ...] = (
    KintellSessionScheduled, KintellSessionCompleted, KintellRatingCreated,
    BuddyMatchCreated, BuddyMatchEnded, BuddyEventLogged, BuddyEventAttended, BuddyCheckinCompleted,
    BuddyFeedbackSubmitted, BuddySkillShareCompleted, BuddyMilestoneReached,
    IngestEnrollmentCreated, UpskillingCourseCompleted, UpskillingCredentialIssued,
)  # fmt: skip

_TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
_NUMBER = st.floats(allow_nan=False, allow_infinity=False)
_OBJECT = st.dictionaries(
    _TEXT, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _NUMBER | _TEXT, max_size=3
)


def values(info: inspect.Type) -> st.SearchStrategy[Any]:
    """Anything that a field of this type may hold."""
    match info:
        case inspect.Metadata(type=inner):
            return values(inner)
        case inspect.UnionType(types=types):
            return st.one_of(*(values(one) for one in types))
        case inspect.NoneType():
            return st.none()
        case inspect.UUIDType():
            return st.uuids()
        case inspect.DateTimeType():
            return st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
        case inspect.LiteralType(values=allowed):
            return st.sampled_from(allowed)
        case inspect.IntType():
            return st.integers(-(2**63), 2**63 - 1)
        case inspect.FloatType():
            return _NUMBER
        case inspect.BoolType():
            return st.booleans()
        case inspect.StrType():
            return _TEXT
        case inspect.DictType():
            return _OBJECT
        case inspect.ListType(item_type=item):
            return st.lists(values(item), max_size=3)
        case inspect.StructType(cls=part):
            return instances(part).map(
                lambda said: said if msgspec.structs.asdict(said) != _nothing(said) else None
            )
    raise TypeError(info)


def instances(struct: type[Any]) -> st.SearchStrategy[Any]:
    info: Any = inspect.type_info(struct)
    return st.builds(struct, **{field.name: values(field.type) for field in info.fields})


def _nothing(part: Any) -> dict[str, None]:
    # A part without any field is told from none by no column, and no format makes one.
    return dict.fromkeys(part.__struct_fields__)


def columns(data: type[Any], rows: list[Any], prefix: str = "") -> tuple[dict[str, pl.Series], Fields]:
    """Rows as the columns that builders work with, and what each field is."""
    series: dict[str, pl.Series] = {}
    fields: dict[str, Any] = {}
    info: Any = inspect.type_info(data)
    for field in info.fields:
        name, kind = f"{prefix}{field.name}", _bare(field.type)
        cells = [getattr(row, field.name, None) for row in rows]
        if isinstance(kind, inspect.StructType):
            inner, fields[field.name] = columns(kind.cls, cells, f"{name}.")
            series |= inner
            continue
        series[name], fields[field.name] = (
            pl.Series(name, [_cell(cell) for cell in cells], _dtype(kind)),
            pl.col(name),
        )
    return series, fields


def _bare(info: inspect.Type) -> inspect.Type:
    if isinstance(info, inspect.Metadata):
        return _bare(info.type)
    if isinstance(info, inspect.UnionType):
        return next(_bare(one) for one in info.types if not isinstance(one, inspect.NoneType))
    return info


def _cell(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return json.dumps(value, indent=1)  # not the canonical spelling
    return [_cell(one) for one in value] if isinstance(value, list) else value


def _dtype(kind: inspect.Type) -> pl.DataType:
    match kind:
        case inspect.DateTimeType():
            return pl.Datetime("us", "UTC")
        case inspect.IntType():
            return pl.Int64()
        case inspect.FloatType():
            return pl.Float64()
        case inspect.BoolType():
            return pl.Boolean()
        case inspect.ListType(item_type=item):
            return pl.List(_dtype(_bare(item)))
    return pl.String()


class _Number(EventData):
    number: float | None = None


@pytest.mark.parametrize("numbers", [[-0.0, 0.0, None], [0.0, -0.0, 1e16], [-0.0, -0.0]])
def test_negative_zero_keeps_its_sign_beside_zero(numbers: list[float | None]) -> None:
    column = pl.Series("number", numbers, pl.Float64).to_frame()
    spelled = column.select(canonical_columns(_Number, {"number": pl.col("number")})).to_series()
    assert spelled.to_list() == [canonical_json(_Number(one)).decode() for one in numbers]


class _Moment(EventData):
    at: datetime | None = None


@pytest.mark.parametrize(
    "moments",
    [
        ["2024-02-29T00:00:00", None, "2024-12-31T23:59:59", "2023-12-31T12:00:01"],
        ["1969-12-31T23:59:59", "1970-01-01T00:00:00", "1815-06-18T11:30:00"],
        ["0001-01-01T00:00:00", "9999-12-31T23:59:59"],
        ["2024-02-29T00:00:00", "2024-02-29T00:00:00.000001", None],
        [None, None],
    ],
    ids=["whole seconds", "before 1970", "all of time", "a fraction among them", "none"],
)
def test_moments_are_spelled_alike_whichever_way(moments: list[str | None]) -> None:
    at = [None if one is None else datetime.fromisoformat(one).replace(tzinfo=UTC) for one in moments]
    column = pl.Series("at", at, pl.Datetime("us", "UTC")).to_frame()
    spelled = column.select(canonical_columns(_Moment, {"at": pl.col("at")})).to_series()
    assert spelled.to_list() == [canonical_json(_Moment(one)).decode() for one in at]


@pytest.mark.parametrize("data", DATA, ids=lambda data: data.__name__)
def test_columns_and_single_events_are_spelled_alike(data: type[EventData]) -> None:
    @settings(max_examples=20, deadline=None)
    @given(st.lists(instances(data), min_size=1, max_size=4))
    def alike(rows: list[Any]) -> None:
        series, fields = columns(data, rows)
        built = pl.DataFrame(series).select(canonical_columns(data, fields)).to_series().to_list()
        assert [text.encode() for text in built] == [canonical_json(row) for row in rows]

    alike()


def test_a_part_may_be_a_column_of_json() -> None:
    progress = pl.DataFrame({"progress": ['{"total": 5, "current": 2, "label": "x"}', None]})
    fields = {name: pl.lit("x") for name in ("user_id", "milestone_title", "milestone_category")} | {
        "milestone_id": pl.lit(1), "points": pl.lit(1.0), "progress": pl.col("progress"),
        "reached_at": pl.lit(datetime(2025, 1, 1, tzinfo=UTC)),
    }  # fmt: skip
    first, second = progress.select(canonical_columns(BuddyMilestoneReached, fields)).to_series().to_list()
    assert '"progress":{"current":2,"total":5}' in first
    assert "progress" not in second


def test_a_field_that_is_missing_or_unknown_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match=r"KintellSessionScheduled\.participant_id is required"):
        canonical_columns(KintellSessionScheduled, {})
    complete = {name: pl.lit("x") for name in KintellSessionScheduled.__struct_fields__}
    with pytest.raises(KeyError, match="has no field room"):
        canonical_columns(KintellSessionScheduled, complete | {"room": pl.lit("x")})


@given(st.lists(st.none() | st.text(min_size=1) | st.uuids().map(lambda one: str(one).upper()), max_size=20))
def test_entities_have_the_ids_of_webhooks(names: list[str | None]) -> None:
    found = entity_ids("kintell", "session", pl.Series(names, dtype=pl.String)).to_list()
    assert found == [None if name is None else str(entity_id("kintell", "session", name)) for name in names]


def test_clickhouse_gives_the_event_ids_of_webhooks(clickhouse: ClickHouseClient) -> None:
    batch_id = uuid4()
    said = [
        (f"type.{number % 3}", f"subject/{number}/å", canonical_json_text(number)) for number in range(500)
    ]
    clickhouse.insert(
        "raw.landed_events",
        [[batch_id, number, *one] for number, one in enumerate(said)],
        column_names=["batch_id", "file_row", "event_type", "subject", "data"],
    )
    rows = clickhouse.query(
        "select toString(event_id), event_type, subject, data from raw.landed_events"
        " where batch_id = {batch:UUID}",
        {"batch": str(batch_id)},
    ).result_rows
    assert len(rows) == 500
    assert {row[0] for row in rows} == {event_id_text(*one[:2], one[2].encode()) for one in said}


def canonical_json_text(number: int) -> str:
    return json.dumps({"n": number, "text": 'Зустріч\n"ok"'}, ensure_ascii=False)
