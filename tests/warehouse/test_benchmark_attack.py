"""From everything that benchmarks publish, over three quarters, nobody learns the value of a single company.

Each metric is a world of its own: forty companies with other values. Between the quarters a company leaves,
another joins, and a person is erased; the values stay as they are, which makes it easiest for whoever
compares quarters.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from ingest.stores import StoreSettings, clickhouse_client
from orchestration.stack.layout import Layout
from tests.warehouse.benchmark_attacker import Statement, about_people, about_values, recovered
from tests.warehouse.conftest import Warehouse, raw_tables
from tests.warehouse.ids import id_of

INDUSTRIES = ("technology", "finance", "energy", "retail", "education")
COUNTRIES = {"NO": "europe", "DE": "europe", "US": "north_america", "JP": "asia_pacific"}
SIZES = ("small", "medium", "large", "enterprise")
# The spread of each metric's values over companies: a group whose companies are all alike has no secrets.
SPREADS = {"sroi_ratio": 0.6, "vis_score": 0.3, "avg_integration_score": 0.4, "avg_rating": 0.5}
BUILT = (
    "stg_reference__companies", "stg_reference__benchmark_opt_ins", "dim_companies",
    "path:models/intermediate/benchmark", "path:models/marts/benchmark",
)  # fmt: skip
QUARTERS = {"2026-Q1": date(2026, 1, 1), "2026-Q2": date(2026, 4, 1), "2026-Q3": date(2026, 7, 1)}
PUBLISHED_ON = {"2026-Q1": "2026-04-16", "2026-Q2": "2026-07-16", "2026-Q3": "2026-10-16"}


@dataclass
class World:
    """Companies, their values and the people behind them; who is in benchmarks is known by quarter."""

    random: Random = field(default_factory=lambda: Random(11))  # noqa: S311
    companies: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, dict[str, float]] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    inside: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number in range(40):
            company = str(id_of("peer", number))
            country = self.random.choice(list(COUNTRIES))
            self.companies[company] = {
                "industry": self.random.choice(INDUSTRIES), "region": COUNTRIES[country], "country": country,
                "size": self.random.choice(SIZES), "all": "all",
            }  # fmt: skip
            self.people[company] = round(self.random.lognormvariate(3.5, 0.6)) + 5
        for metric, spread in SPREADS.items():
            self.values[metric] = {c: self.random.lognormvariate(1, spread) for c in self.companies}
        everybody = list(self.companies)
        first = set(everybody) - {everybody[7]}
        self.inside = {"2026-Q1": first, "2026-Q2": first - {everybody[3]}}
        self.inside["2026-Q3"] = self.inside["2026-Q2"] | {everybody[7]}

    def group(self, quarter: str, kind: str, name: str) -> set[str]:
        return {c for c in self.inside[quarter] if self.companies[c][kind] == name}

    def order(self, metric: str) -> list[str]:
        return sorted(self.companies, key=self.values[metric].__getitem__)


WORLD = World()
OWN = str(id_of("peer", 0))
LEAVER, JOINER, ERASED_AT = (str(id_of("peer", number)) for number in (3, 7, 9))


@pytest.fixture(scope="module")
def published(
    filled_warehouse: Warehouse,
    embedded_stores: Layout,
    store_settings: StoreSettings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    """Three quarters, each published when its time had come, by real builds on what the warehouse reckons."""
    prefix = f"b{uuid4().hex[:8]}_"
    with closing(clickhouse_client(store_settings)) as client, raw_tables(client, prefix):
        work = tmp_path_factory.mktemp("benchmarks")
        warehouse = Warehouse(embedded_stores, client, prefix, work, definitions_stand=True)
        client.command(f"create database {prefix}marts")
        for table in ("metrics_company_period", "outcome_dimensions_period"):
            client.command(f"create table {prefix}marts.{table} as {filled_warehouse.prefix}marts.{table}")
        warehouse.dbt("seed", "--select", "country_regions")
        _insert_companies(warehouse)
        for period, start in QUARTERS.items():
            _insert_quarter(warehouse, period, start)
            if period == "2026-Q2":
                warehouse.command(
                    f"alter table {prefix}raw.benchmark_opt_ins update opted_out_on = '2026-05-01'"
                    f" where company_id = '{LEAVER}' settings mutations_sync = 1"
                )
            warehouse.dbt("run", "--select", *BUILT, benchmarks_as_of=PUBLISHED_ON[period])
        yield warehouse


def test_quarters_were_published_with_the_companies_of_their_time(published: Warehouse) -> None:
    for cell in cells_of(published):
        if cell["companies_count"]:
            group = WORLD.group(cell["period"], cell["peer_group_kind"], cell["peer_group"])
            assert cell["companies_count"] == len(group), cell
    shown = {(c["period"], c["metric"]) for c in cells_of(published) if not c["is_suppressed"]}
    assert {(period, metric) for period in QUARTERS for metric in SPREADS} <= shown
    kinds = {cell["peer_group_kind"] for cell in cells_of(published) if not cell["is_suppressed"]}
    assert kinds == {"all", "industry", "region", "size"}


@pytest.mark.parametrize("metric", SPREADS)
def test_no_company_is_recovered_from_a_quarter(published: Warehouse, metric: str) -> None:
    for period in QUARTERS:
        assert attack(metric, [c for c in cells_of(published) if c["period"] == period]) == {}


@pytest.mark.parametrize("metric", SPREADS)
def test_no_company_is_recovered_by_comparing_quarters(published: Warehouse, metric: str) -> None:
    assert attack(metric, cells_of(published)) == {}


def test_no_company_is_recovered_from_the_counts_of_people(published: Warehouse) -> None:
    cells = [
        cell for cell in cells_of(published) if cell["metric"] == "sroi_ratio" and not cell["is_suppressed"]
    ]
    told = [
        about_people(
            cell["people_count"], WORLD.group(cell["period"], cell["peer_group_kind"], cell["peer_group"])
        )
        for cell in cells
    ]
    people = {company: float(count) for company, count in WORLD.people.items()}
    assert told
    assert recovered(people, OWN, told) == {}
    # Exact counts, on the other hand, tell how many people the company that left had.
    exact = [Statement(s.weights, *[sum(people[c] for c in s.weights)] * 2) for s in told]
    assert LEAVER in recovered(people, OWN, exact)


def test_without_suppression_companies_are_recovered(published: Warehouse) -> None:
    """The attack is not blunt: it succeeds on the same values before it is decided what may be shown."""
    table = f"{published.prefix}intermediate.int_benchmark_candidates"
    for metric in SPREADS:
        candidates = list(
            published.client.query(
                f"select * from {table} where period = '2026-Q3' and metric = {{metric:String}}",
                {"metric": metric},
            ).named_results()
        )
        assert attack(metric, candidates, is_rounded=False)


@pytest.mark.parametrize("metric", SPREADS)
def test_without_rounding_companies_are_recovered(published: Warehouse, metric: str) -> None:
    """Suppressed groups left out, exact quantiles of the others would still do."""
    shown = {
        (c["peer_group_kind"], c["peer_group"])
        for c in cells_of(published)
        if c["period"] == "2026-Q3" and c["metric"] == metric and not c["is_suppressed"]
    }
    table = f"{published.prefix}intermediate.int_benchmark_candidates"
    candidates = published.client.query(
        f"select * from {table} where period = '2026-Q3' and metric = {{metric:String}}", {"metric": metric}
    ).named_results()
    exact = [c for c in candidates if (c["peer_group_kind"], c["peer_group"]) in shown]
    assert attack(metric, exact, is_rounded=False)


def test_what_is_published_stays_when_a_person_is_erased(published: Warehouse) -> None:
    """Nor does it change when a build starts from zero: what changed would be that person's part."""
    before = published.rows("marts.benchmark_cells")
    published.command(
        f"alter table {published.prefix}marts.metrics_company_period update avg_rating = avg_rating * 0.9,"
        f" participants_count = participants_count - 1 where company_id = '{ERASED_AT}'"
        " settings mutations_sync = 1"
    )
    as_of = PUBLISHED_ON["2026-Q3"]
    for options in ([], ["--full-refresh"]):
        published.dbt("run", *options, "--select", *BUILT, benchmarks_as_of=as_of)
        assert published.rows("marts.benchmark_cells") == before
    own = f"select own_value from {published.prefix}marts.company_benchmarks"
    rows = published.client.query(
        f"{own} where company_id = {{company:UUID}} and metric = 'avg_rating' limit 1", {"company": ERASED_AT}
    ).result_rows
    assert rows[0][0] == pytest.approx(WORLD.values["avg_rating"][ERASED_AT] * 0.9)


def attack(
    metric: str, cells: list[dict[str, Any]], *, is_rounded: bool = True
) -> dict[str, tuple[float, float]]:
    order = WORLD.order(metric)
    told: list[Statement] = []
    for cell in cells:
        if cell["metric"] == metric and not cell.get("is_suppressed"):
            group = WORLD.group(cell["period"], cell["peer_group_kind"], cell["peer_group"])
            told += about_values(cell, group, order, is_rounded=is_rounded)
    assert told, f"nothing is published of {metric}"
    return recovered(WORLD.values[metric], OWN, told, order=order)


def cells_of(warehouse: Warehouse) -> list[dict[str, Any]]:
    return list(
        warehouse.client.query(f"select * from {warehouse.prefix}marts.benchmark_cells").named_results()
    )


def _insert_companies(warehouse: Warehouse) -> None:
    warehouse.client.insert(
        f"{warehouse.prefix}raw.companies",
        [
            [UUID(c), c, has["industry"], has["country"], has["size"], "Europe/Oslo"]
            for c, has in WORLD.companies.items()
        ],
        column_names=["company_id", "name", "industry", "country", "employee_size", "time_zone"],
    )
    warehouse.client.insert(
        f"{warehouse.prefix}raw.benchmark_opt_ins",
        [[UUID(c), "all", date(2026, 9, 1) if c == JOINER else date(2026, 1, 1)] for c in WORLD.companies],
        column_names=["company_id", "consent_scope", "opted_in_on"],
    )


def _insert_quarter(warehouse: Warehouse, period: str, start: date) -> None:
    columns = (
        "company_id", "period_grain", "period", "period_start", "participants_count", "volunteers_count",
        "ratings_count", "integration_scores_count", *SPREADS,
    )  # fmt: skip
    warehouse.client.insert(
        f"{warehouse.prefix}marts.metrics_company_period",
        [
            [
                UUID(c),
                "quarter",
                period,
                start,
                *[WORLD.people[c]] * 4,
                *(WORLD.values[m][c] for m in SPREADS),
            ]
            for c in WORLD.companies
        ],
        column_names=columns,
    )
