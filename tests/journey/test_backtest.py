"""A backtest says what evaluating each week by itself says, and how two versions differ."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.raw_events import event_row, insert_events
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.journey import grid
from orchestration.journey.backtest import backtest, instants
from orchestration.journey.backtest_page import comment, html, markdown
from orchestration.journey.evaluation import evaluate
from orchestration.journey.rules import load_rules
from tests.embedded import register_company
from tests.journey.people import DAY, Participant, day
from tests.journey.test_engine import rule

WEEKS = instants(day(1), day(64))


@pytest.fixture(scope="module")
def warehouse(store_settings: StoreSettings) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(store_settings)) as client:
        yield client


@pytest.fixture(scope="module")
def company(warehouse: ClickHouseClient, store_settings: StoreSettings) -> UUID:
    """One with three sessions and no rating, one with three and a good one, one with two and a bad one."""
    company_id = uuid4()
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        register_company(connection, company_id)
    for sessions, rating in ((3, None), (3, 1.0), (2, 0.2)):
        person = Participant(company_id)
        events = [person.session(day(10 * number)) for number in range(sessions)]
        events += [person.rating(day(21), rating)] if rating is not None else []
        insert_events(warehouse, [event_row(event) for event in events], token=str(uuid4()))
    return company_id


def test_every_week_says_what_evaluating_it_says(warehouse: ClickHouseClient, company: UUID) -> None:
    rules = [rule for rule in load_rules() if rule.flag]
    people = [
        (row[0], row[1])
        for row in warehouse.query(
            "select distinct company_id, person_id from journey.events where company_id = {company:UUID}",
            parameters={"company": company},
        ).result_rows
    ]
    results, _ = backtest(warehouse, rules, WEEKS, company_id=company)
    for place, at in enumerate(WEEKS):
        outcomes = list(evaluate(warehouse, rules, as_of=at, people=people))
        for result in results:
            holding = sum(one.holds is True for one in outcomes if one.rule_id == result.rule.id)
            assert result.set_counts[place] == holding, (result.rule.id, at)


def test_versions_differ_by_the_person_nobody_has_rated(warehouse: ClickHouseClient, company: UUID) -> None:
    rules = {rule.id: rule for rule in load_rules()}
    both = [rules["mentor_ready_001"], rules["mentor_ready_rated_001"]]
    results, difference = backtest(warehouse, both, WEEKS, company_id=company)
    assert [result.ever_set for result in results] == [2, 1]
    assert difference is not None
    assert (difference.both, difference.only_first, difference.only_second) == (1, 1, 0)
    assert results[0].flap_rate == 0
    assert f"| {both[0].id} ({both[0].hash[:8]}) | 3 | 2 | 2 | 2 | 0 | 0.0% |" in markdown(
        results, difference
    )
    assert html(results, difference).count("<svg") == 2
    [example] = difference.examples
    assert (example.first, example.why) == (True, "no data on average rating yet")
    said = comment(results, difference)
    assert "**1 gain the flag, 0 lose it,** 1 keep it, of 3 people." in said
    assert f"| `{example.person[1]}` | gains it | no data on average rating yet |" in said


def test_a_fact_that_does_not_add_up_is_asked_week_by_week(
    warehouse: ClickHouseClient, company: UUID
) -> None:
    one_by_one = rule(
        facts={"best": {"max": "kintell_ratings.score", "within": "10 days"}},
        when={"fact": "best", "op": ">", "value": 0.5},
    )
    assert not grid.is_possible([one_by_one])
    [result], _ = backtest(warehouse, [one_by_one], WEEKS, company_id=company)
    # Rated on day 21: seen on days 22 and 29, not on day 36.
    assert result.set_counts == (0, 0, 0, 1, 1, 0, 0, 0, 0, 0)
    assert (result.people, result.ever_set, result.flips) == (2, 1, 2)
    assert [(one.at, one.is_set) for one in result.changes] == [(day(36), False), (day(22), True)]


def test_a_week_that_knows_what_was_recorded_by_then_has_no_late_events(
    warehouse: ClickHouseClient, company: UUID
) -> None:
    [rule] = [rule for rule in load_rules() if rule.id == "mentor_ready_001"]
    [result], _ = backtest(warehouse, [rule], WEEKS[-2:], company_id=company, as_known=True)
    assert result.ever_set == 0, "all was recorded just now"


def test_a_company_without_people_is_an_answer(warehouse: ClickHouseClient) -> None:
    [result], _ = backtest(warehouse, load_rules()[:1], WEEKS, company_id=uuid4())
    assert (result.people, result.set_counts, result.by_company) == (0, (0,) * len(WEEKS), ())


def test_a_backtest_wants_a_start_before_its_end() -> None:
    with pytest.raises(ValueError, match="later end"):
        instants(day(2), day(1))
    with pytest.raises(ValueError, match="longer steps"):
        instants(day(0), day(1000), timedelta(days=1))
    assert instants(day(0), day(0)) == (day(0),)
    assert instants(day(0), day(15))[-1] == day(0) + 14 * DAY
