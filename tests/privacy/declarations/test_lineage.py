"""Classes follow values through SQL, and end where a result no longer says who or what."""

from __future__ import annotations

import pytest

from orchestration.privacy.declarations.lineage import Feed, LineageError, Value, columns_of

PERSON: Feed = ("pseudonym", "raw.events.person_id")
WORDS: Feed = ("free_text", "raw.events.data")
NOTE: Feed = ("free_text", "raw.events.data.notes")
TABLES = {
    "raw.events": {
        "person_id": Value(frozenset({PERSON})),
        "data": Value(frozenset({WORDS}), {"notes": Value(frozenset({NOTE}))}),
        "kind": Value(),
        "at": Value(),
    },
    "raw.kinds": {"kind": Value(), "title": Value()},
}


def fed(sql: str, dialect: str = "clickhouse") -> dict[str, set[Feed]]:
    return {name: set(value.feeds) for name, value in columns_of(sql, TABLES, dialect=dialect).items()}


@pytest.mark.parametrize(
    "expression",
    [
        "person_id",
        "lower(toString(person_id))",
        "if(kind = 'a', person_id, null)",
        "multiIf(kind = 'a', person_id, kind = 'b', null, null)",
        "case when kind = 'a' then person_id end",
        "max(person_id)",
        "anyIf(person_id, kind = 'a')",
        "argMax(person_id, at)",
        "argMaxIf(person_id, at, kind = 'a')",
        "argMax(tuple(kind, person_id), at).2",
        "arrayJoin([person_id])",
        "groupArray(person_id)",
        "arrayMap(one -> toString(one), [person_id])",
        "lagInFrame(person_id) over (partition by kind order by at)",
        "coalesce(null, person_id)",
        "(select max(person_id) from raw.events)",
        "cityHash64(person_id)",
        "concat(kind, '/', toString(person_id))",
    ],
)
def test_a_person_is_followed(expression: str) -> None:
    assert fed(f"select {expression} as found from raw.events")["found"] == {PERSON}


@pytest.mark.parametrize(
    "expression",
    [
        "count()",
        "uniqExact(person_id)",
        "uniqExactIf(person_id, kind = 'a')",
        "count(distinct person_id)",
        "person_id != '1'",
        "person_id in (select person_id from raw.events)",
        "countIf(person_id = '1')",
        "sumIf(1, person_id = '1')",
        "length(groupArray(person_id))",
        "argMax(kind, person_id)",
        "row_number() over (partition by person_id order by at)",
        "data.rating",
        "JSONExtractString(data, 'rating')",
        "argMax(tuple(kind, person_id), at).1",
    ],
)
def test_how_many_and_whether_say_nothing_of_a_person(expression: str) -> None:
    assert fed(f"select {expression} as found from raw.events")["found"] == set()


@pytest.mark.parametrize(
    "sql",
    [
        "select JSONExtractString(data, 'notes') as found from raw.events",
        "with read as (select JSONExtract(data, 'Tuple(notes String)') as data from raw.events)"
        " select data.notes as found from read",
        "select newest.1.notes as found from (select argMax(tuple(data), at) as newest from raw.events)",
        "select tupleElement(data, 'notes') as found from raw.events",
    ],
)
def test_a_field_of_json_has_its_own_class(sql: str) -> None:
    assert fed(sql)["found"] == {NOTE}


def test_names_are_found_where_they_are_written() -> None:
    found = fed(
        """
        with read as (select person_id, kind, at, toString(person_id) as who from raw.events final),
        joined as (
            select read.* except (at), kinds.title as title, upper(who) as shouted, shouted as again
            from read inner join raw.kinds as kinds using (kind)
        )
        select * from joined
        union all
        select null, kind, '', person_id, '', '' from raw.events
        """
    )
    assert {name for name, feeds in found.items() if feeds == {PERSON}} == {
        "person_id", "who", "title", "shouted", "again",
    }  # fmt: skip
    assert found["kind"] == set()


def test_array_join_unfolds_what_it_is_given() -> None:
    found = fed("select who, kind from raw.events array join [person_id] as who")
    assert found == {"who": {PERSON}, "kind": set()}


def test_rows_written_out_carry_what_they_name() -> None:
    sql = (
        "select points.title, points.value from raw.events as events"
        " cross join lateral (values ('who', events.person_id), ('what', events.kind))"
        " as points (title, value)"
    )
    assert fed(sql, "postgres") == {"title": set(), "value": {PERSON}}


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("select a from raw.unknown", "raw.unknown, of which nothing is declared"),
        ("select nowhere from raw.events", "nothing is known of nowhere"),
        ("select events.nowhere from raw.events as events", "not among the declared columns"),
        ("select (", "cannot be read"),
    ],
)
def test_what_cannot_be_traced_is_an_error(sql: str, says: str) -> None:
    with pytest.raises(LineageError, match=says):
        fed(sql)
