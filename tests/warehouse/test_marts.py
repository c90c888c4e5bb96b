"""Marts hold exactly what the events say, however late, often or out of order these arrive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from ingest.events import Event
from orchestration.stack.layout import Layout
from tests.warehouse import fact_oracle, oracle
from tests.warehouse.conftest import Warehouse, raw_tables
from tests.warehouse.fact_oracle import FACTS
from tests.warehouse.history import DELIVERIES
from tests.warehouse.indirect_history import MET, TEACHER

MARTS = (
    *FACTS, "dim_people", "metrics_company_period", "integration_scores", "outcome_dimensions_period",
    "sroi_company_period", "vis_company_period", "vis_volunteer_period", "program_tiles", "sdg_tags_period",
    "metric_evidence", "trend_metrics", "funnels", "cohort_retention",
)  # fmt: skip
OF_PEOPLE = ("integration_scores", "vis_volunteer_period", "int_active_people", "int_integration_states",
             "int_vis_volunteer_inputs")  # fmt: skip
BUILT = (
    "--select",
    "path:models/intermediate",
    "path:models/marts",
)  # staging is views: built once, they stay true


@pytest.fixture(scope="module")
def delivered() -> list[Event]:
    """Events loaded so far. The module's tests follow one warehouse through its life, in their order."""
    return []


def metrics_of(warehouse: Warehouse) -> dict[tuple[UUID, str], dict[str, Any]]:
    table = f"{warehouse.prefix}marts.metrics_company_period"
    rows = warehouse.client.query(f"select * from {table}").named_results()
    return {(row["company_id"], row["period"]): row for row in rows}


def assert_metrics_are_those_of(events: list[Event], warehouse: Warehouse) -> None:
    expected, actual = oracle.metrics(events), metrics_of(warehouse)
    assert actual.keys() == expected.keys()
    for key, numbers in expected.items():
        assert {name: actual[key][name] for name in numbers} == pytest.approx(numbers, abs=1e-9), key


def assert_facts_are_those_of(events: list[Event], warehouse: Warehouse) -> None:
    for fact, (columns, rows) in fact_oracle.facts(events).items():
        assert rows, f"the history has no {fact}"
        stored = warehouse.rows(f"marts.{fact}", ", ".join(columns))
        assert sorted(stored, key=lambda row: row[-1]) == rows, fact


def contents(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    return {mart: warehouse.rows(f"marts.{mart}") for mart in MARTS}


def test_a_first_build_passes_every_test_of_the_project(warehouse: Warehouse, delivered: list[Event]) -> None:
    warehouse.insert(DELIVERIES[0])
    delivered += DELIVERIES[0]
    results = warehouse.dbt("build")
    by_kind = {
        kind: [r for r in results if r["unique_id"].startswith(kind)] for kind in ("test.", "unit_test.")
    }
    assert all(by_kind.values()), "the build ran no tests"
    assert {r["status"] for r in by_kind["test."] + by_kind["unit_test."]} == {"pass"}
    assert_metrics_are_those_of(delivered, warehouse)
    assert_facts_are_those_of(delivered, warehouse)


def test_an_incremental_build_agrees_with_an_independent_count(
    warehouse: Warehouse, delivered: list[Event]
) -> None:
    """Also where a run was killed between the facts and the tables of people."""
    warehouse.insert(DELIVERIES[1])
    delivered += DELIVERIES[1]
    warehouse.dbt(
        "run", "--select", "int_arrived_events", "int_buddy_match_endings", "path:models/marts/core"
    )
    results = warehouse.dbt("run", *BUILT)
    assert_metrics_are_those_of(delivered, warehouse)
    assert_facts_are_those_of(delivered, warehouse)
    added_to = {r["unique_id"] for r in results if is_partial(r)}
    assert {f"model.impact.{name}" for name in (*FACTS, *OF_PEOPLE)} <= added_to


def is_partial(result: dict[str, Any]) -> bool:
    """Whether a model read what has arrived or who was touched, and nothing else."""
    return "int_arrived_events" in result["compiled_code"] or "touched_people" in result["compiled_code"]


def test_a_match_says_how_somebody_else_took_part(warehouse: Warehouse) -> None:
    """Whoever learnt is a buddy now, so the teacher, whom no event names anew, taught as a participant."""
    roles = warehouse.rows("intermediate.int_active_people", "person_id, role")
    assert [role for person, role in roles if person == TEACHER] == ["participant"]


def test_a_score_says_what_somebody_else_achieved(warehouse: Warehouse) -> None:
    changes = warehouse.rows("intermediate.int_vis_volunteer_inputs", "volunteer_id, mean_change")
    achieved = [change for person, change in changes if person == MET and change is not None]
    assert achieved
    assert achieved == pytest.approx([0.6] * len(achieved))


def test_building_from_zero_gives_the_same_rows(warehouse: Warehouse) -> None:
    incremental = contents(warehouse)
    assert all(incremental.values()), "an empty mart compares nothing"
    warehouse.dbt("run", "--full-refresh", *BUILT)
    full = contents(warehouse)
    assert [mart for mart in MARTS if full[mart] != incremental[mart]] == []


def test_a_build_that_was_killed_is_repeated_by_the_next(warehouse: Warehouse) -> None:
    before = contents(warehouse)
    # What a first build leaves that was killed while it inserted: a part of the rows, and no watermark.
    for fact in FACTS:
        warehouse.command(
            f"delete from {warehouse.prefix}marts.{fact} where cityHash64(subject) % 2 = 0"
            " settings lightweight_delete_mode = 'lightweight_update'"
        )
    warehouse.command(f"truncate table {warehouse.prefix}intermediate.watermarks")
    assert contents(warehouse) != before
    warehouse.dbt("run", *BUILT)
    assert contents(warehouse) == before


def test_a_build_without_news_touches_no_fact(warehouse: Warehouse) -> None:
    parts = "select table, name from system.parts where active and database = {database:String} order by all"
    facts = {"database": f"{warehouse.prefix}marts"}
    before = [r for r in warehouse.client.query(parts, facts).result_rows if r[0].startswith("fct_")]
    warehouse.dbt(
        "run", "--select", "int_arrived_events", "fct_sessions", "fct_ratings", "fct_buddy_checkins"
    )
    after = [r for r in warehouse.client.query(parts, facts).result_rows if r[0].startswith("fct_")]
    assert before == after


def test_a_score_counts_as_long_as_its_text_may_be_read(warehouse: Warehouse) -> None:
    [(text, company, person, sha, scores)] = warehouse.client.query(
        "select text_id, any(company_id), any(person_id), any(text_sha256), count()"
        f" from {warehouse.prefix}marts.fct_outcome_scores group by text_id order by text_id limit 1"
    ).result_rows

    def counted_after(*, withdrawn: bool, sha256: str = sha) -> int:
        warehouse.client.insert(
            f"{warehouse.prefix}nlp.cleared_texts",
            [[text, company, person, sha256, withdrawn, datetime.now(UTC)]],
            column_names=["text_id", "company_id", "person_id", "text_sha256", "is_withdrawn", "cleared_at"],
        )
        warehouse.dbt("run", "--select", "int_arrived_events", "fct_outcome_scores")
        return sum(row[0] == text for row in warehouse.rows("marts.fct_outcome_scores", "text_id"))

    assert counted_after(withdrawn=True) == 0
    assert counted_after(withdrawn=False, sha256="cd" * 32) == 0, "the text says something else now"
    # As it was: the module goes on with this warehouse.
    assert counted_after(withdrawn=False) == scores


@pytest.fixture(scope="module")
def shuffled(
    warehouse: Warehouse,
    delivered: list[Event],
    embedded_stores: Layout,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    """The same events, shuffled, month by month; the facts of half the months are built before the rest."""
    events = sorted(delivered, key=lambda event: (event.id, event.source))
    Random(7).shuffle(events)  # noqa: S311
    months = sorted({event.time.strftime("%Y-%m") for event in events}, key=lambda month: (month[-1], month))
    prefix = f"s{uuid4().hex[:8]}_"
    with raw_tables(warehouse.client, prefix):
        work = tmp_path_factory.mktemp("shuffled")
        other = Warehouse(embedded_stores, warehouse.client, prefix, work, definitions_stand=True)
        for half, selected in ((months[::2], FACTS), (months[1::2], None)):
            for month in half:
                other.insert(event for event in events if event.time.strftime("%Y-%m") == month)
            models = [] if selected is None else ["--select", *(f"+{fact}" for fact in selected)]
            other.dbt("build", "--resource-type", "seed", "--resource-type", "model", *models)
        yield other


def test_no_mart_depends_on_the_order_of_arrival_or_of_building(
    warehouse: Warehouse, shuffled: Warehouse
) -> None:
    expected = checksums(warehouse)
    assert checksums(shuffled) == expected
    assert {*MARTS} - {"metric_evidence"} <= {mart for mart, (rows, _) in expected.items() if rows}


def test_an_erased_event_counts_no_more(shuffled: Warehouse, delivered: list[Event]) -> None:
    """Nothing arrives when something is erased: the next build finds that raw.events was changed."""
    person = next(event.personid for event in delivered if event.personid)
    shuffled.client.command(
        f"delete from {shuffled.prefix}raw.events where person_id = {{person:UUID}}",
        parameters={"person": person},
        settings={"mutations_sync": 2},
    )
    left = [event for event in delivered if event.personid != person]
    assert len(left) < len(delivered)
    shuffled.dbt("run", *BUILT)
    assert_metrics_are_those_of(left, shuffled)
    assert_facts_are_those_of(left, shuffled)


def checksums(warehouse: Warehouse) -> dict[str, tuple[int, int]]:
    """Rows of every mart and a checksum of all they say but when it arrived."""
    marts = warehouse.client.query(
        "select name from system.tables where database = {database:String} order by name",
        {"database": f"{warehouse.prefix}marts"},
    ).result_rows
    found = {}
    for (mart,) in marts:
        columns = "* except loaded_at" if mart in FACTS else "*"
        query = (
            f"select count(), sum(cityHash64(toString(tuple({columns})))) from {warehouse.prefix}marts.{mart}"
        )
        [found[mart]] = warehouse.client.query(query).result_rows
    return found
