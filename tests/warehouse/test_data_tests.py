"""What the project's own tests of data say of rows: `is_known` after one of two people was erased."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import jinja2
import pytest
import yaml

from ingest.stores import StoreSettings, clickhouse_client
from orchestration.stack.layout import PROJECT

DBT = PROJECT / "dbt_project"
ROWS = """(select c1::UUID as participant_id, c2::UUID as volunteer_id from values(
    ('11111111-0000-0000-0000-000000000000', '22222222-0000-0000-0000-000000000000'),
    ('00000000-0000-0000-0000-000000000000', '22222222-0000-0000-0000-000000000000'),
    ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000')))"""
TWO_PEOPLE = {
    "fct_sessions": {"participant_id", "volunteer_id"},
    "fct_buddy_matches": {"participant_id", "buddy_id"},
    "fct_skill_shares": {"teacher_id", "learner_id"},
}


@pytest.mark.parametrize(
    ("other", "wrong"), [({}, 2), ({"or_else": "volunteer_id"}, 1)], ids=["alone", "or else"]
)
def test_what_two_people_did_stands_while_one_of_them_is_known(
    store_settings: StoreSettings, other: dict[str, str], wrong: int
) -> None:
    source = (DBT / "tests" / "generic" / "is_known.sql").read_text()
    as_macro = source.replace("{% test ", "{% macro ").replace("{% endtest %}", "{% endmacro %}")
    macros: Any = jinja2.Environment().from_string(as_macro).module  # noqa: S701 - SQL
    with closing(clickhouse_client(store_settings)) as client:
        found = client.query(macros.is_known(ROWS, "participant_id", **other)).result_rows
    assert len(found) == wrong


def test_each_table_of_two_people_says_so() -> None:
    """An erasure leaves nobody in the place of one; a test that wants both fails every refresh after it."""
    models = yaml.safe_load((DBT / "models" / "marts" / "core" / "facts" / "_facts.yml").read_text())[
        "models"
    ]
    declared = {
        model["name"]: {
            column["name"]: test["is_known"]["arguments"]["or_else"]
            for column in model["columns"]
            for test in column.get("data_tests", ())
            if column["name"] in TWO_PEOPLE[model["name"]] and "is_known" in test
        }
        for model in models
        if model["name"] in TWO_PEOPLE
    }
    assert declared == {
        name: {one: other for one in columns for other in columns - {one}}
        for name, columns in TWO_PEOPLE.items()
    }
