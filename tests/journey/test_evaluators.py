"""ClickHouse and the interpreter give one answer, whatever the history; zen-engine agrees on conditions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from random import Random

import pytest
import zen
from clickhouse_connect.driver.client import Client as ClickHouseClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.stores import StoreSettings, clickhouse_client
from orchestration.journey.rules.conditions import (
    All,
    Any_,
    Comparison,
    Condition,
    FactRef,
    Known,
    None_,
    verdict,
)
from tests.journey import histories
from tests.journey.differential import compare, compare_instants


@pytest.fixture(scope="module")
def warehouse(store_settings: StoreSettings) -> Iterator[ClickHouseClient]:
    with closing(clickhouse_client(store_settings)) as client:
        yield client


@settings(
    max_examples=4, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_both_evaluators_give_the_same_answers(warehouse: ClickHouseClient, seed: int) -> None:
    assert compare(warehouse, seed, people=60, rule_count=6) == 60 * 18


@settings(
    max_examples=4, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_one_statement_about_many_instants_says_what_each_says(
    warehouse: ClickHouseClient, seed: int
) -> None:
    assert compare_instants(warehouse, seed, people=40, rule_count=25) > 40 * 7 * 10


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(min_value=0, max_value=2**32), data=st.data())
def test_zen_engine_agrees_on_conditions_with_known_facts(seed: int, data: st.DataObject) -> None:
    [rule] = histories.rules(Random(seed), 1)  # noqa: S311
    # Hundredths: zen reckons in decimals, not in binary fractions.
    value = st.integers(-300, 300).map(lambda hundredths: hundredths / 100)
    facts = {name: data.draw(value, name) for name in rule.facts}
    assert verdict(rule.when, facts) == zen.evaluate_expression(_in_zen(rule.when), facts)


def _in_zen(condition: Condition) -> str:
    match condition:
        case Known(known=name):
            return f"({name} != null)"
        case Comparison():
            value = (
                condition.value.fact if isinstance(condition.value, FactRef) else f"{condition.threshold:.2f}"
            )
            return f"({condition.fact} {'==' if condition.op == '=' else condition.op} {value})"
        case All(all=parts):
            return f"({' and '.join(map(_in_zen, parts))})"
        case Any_(any=parts):
            return f"({' or '.join(map(_in_zen, parts))})"
        case None_(none=parts):
            return f"(not ({' or '.join(map(_in_zen, parts))}))"
