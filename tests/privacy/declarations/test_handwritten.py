"""Views that migrations write by hand are traced as dbt's models are, and the tables they fill with them."""

from __future__ import annotations

import pytest

from ingest.migrate import Migration
from orchestration.privacy.declarations import declared
from orchestration.privacy.declarations.handwritten import (
    HandwrittenViewError,
    handwritten_views,
    traced_views,
)

VIEW = "create materialized view journey.person_arrivals_from_events to journey.person_arrivals as\n"


def test_every_view_of_the_migrations_and_its_table_say_what_feeds_them() -> None:
    views = handwritten_views()
    assert {one.key for one in views} == {
        one.key for one in declared().of_store("clickhouse") if one.kind == "materialized_view"
    }
    proof = traced_views(declared(), views)
    assert [str(leak) for leak in proof.leaks] == []
    for column in ("events_from_arrivals.person_id", "events.person_id", "person_arrivals.person_id"):
        assert {pii for pii, _ in proof.feeds[f"clickhouse:journey.{column}"]} == {"pseudonym"}
    assert (
        "clickhouse:journey.events.kind" not in proof.feeds
    )  # read out of the JSON that has words beside it


@pytest.mark.parametrize(
    ("column", "leaks"),
    [
        ("toString(person_id) as recorded_at", True),
        ("subject as recorded_at", True),
        ("count() as recorded_at", False),
    ],
)
def test_a_view_that_lets_a_person_through_is_found(column: str, leaks: bool) -> None:
    migration = Migration("9999_test", f"-- Why.\n{VIEW}select person_id, {column} from journey.events;\n")
    found = [str(leak) for leak in traced_views(declared(), handwritten_views([migration])).leaks]
    names = ("person_arrivals_from_events", "person_arrivals") if leaks else ()
    assert [one.partition(": ")[0] for one in found] == [
        f"clickhouse:journey.{one}.recorded_at" for one in names
    ]


def test_the_last_migration_counts_and_a_view_names_its_table() -> None:
    first = Migration("0001_test", f"{VIEW}select 1 as newest;\n\ndrop table if exists journey.nothing;\n")
    again = Migration(
        "0002_test", f"drop view journey.person_arrivals_from_events;\n{VIEW}select 2 as newest;\n"
    )
    assert [one.sql for one in handwritten_views([first, again])] == ["select 2 as newest"]
    changed = Migration(
        "0003_test", "alter table journey.person_arrivals_from_events modify query\nselect 3 as newest;\n"
    )
    [view] = handwritten_views([first, again, changed])
    assert (view.fills, view.sql) == ("clickhouse:journey.person_arrivals", "select 3 as newest")
    dropped = Migration("0003_test", "drop view if exists journey.person_arrivals_from_events;\n")
    assert handwritten_views([first, again, dropped]) == []
    nameless = Migration("0004_test", "create materialized view a.b engine = MergeTree as select 1;\n")
    with pytest.raises(HandwrittenViewError, match="0004_test"):
        handwritten_views([nameless])
