"""Every route: it says what it promises, of one's own company only, and all of it in one data version."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from typing import Any

import psycopg
import pytest

from serving.app import create_app
from serving.routers import companies, comparison, export, value
from serving.settings import ServingSettings
from tests.serving.figures import DAYS, Marts, cohort_of
from tests.serving.routes import COMPANY_ROUTES, LISTS, address
from tests.serving.running import NOBODY, OURS, QUIET, THEIR_SEED, THEIRS, Api, assert_problem

DESCRIPTION = create_app(ServingSettings.for_documentation())
MODELS = {
    route.path: route.response_model
    for router in (companies.router, value.router, comparison.router, export.router)
    for route in router.routes
}


def test_no_route_about_a_company_is_missing_here() -> None:
    # The feed is no publication's: test_q2q_feed asks the same of it.
    assert COMPANY_ROUTES.keys() | {"/v1/companies/{company_id}/q2q-feed"} == {
        path for path in DESCRIPTION.openapi()["paths"] if "{company_id}" in path
    }


@pytest.mark.parametrize("template", COMPANY_ROUTES)
def test_an_answer_is_what_the_description_says(api: Api, our_key: str, template: str) -> None:
    answer = api.get(address(template, OURS), our_key)
    assert answer.status_code == 200, answer.text
    document = MODELS[template].model_validate_json(answer.content)
    assert document.company_id == OURS
    assert document.data_version is not None
    assert answer.json().keys() == MODELS[template].model_fields.keys()
    if "items" in answer.json():
        assert document.items


@pytest.mark.parametrize("template", COMPANY_ROUTES)
def test_a_company_without_figures_gets_an_empty_answer(api: Api, admin_key: str, template: str) -> None:
    answer = api.get(address(template, QUIET), admin_key)
    if "cohort_id" in template or "compare" in template:
        assert_problem(answer, "cohort-not-found", 404)
        return
    document = MODELS[template].model_validate_json(answer.content)
    assert document.data_version is None
    assert not getattr(document, "items", None)


@pytest.mark.parametrize("template", COMPANY_ROUTES)
def test_nobody_reads_without_a_credential_or_of_another_company(
    api: Api, our_key: str, admin_key: str, template: str
) -> None:
    assert_problem(api.get(address(template, OURS)), "unauthenticated", 401)
    for other in (THEIRS, NOBODY):
        assert_problem(api.get(address(template, other), our_key), "company-forbidden", 403)
    if "cohort" not in template:
        assert_problem(api.get(address(template, NOBODY), admin_key), "company-not-found", 404)


@pytest.mark.parametrize("role", ["participant", "volunteer"])
@pytest.mark.parametrize("template", COMPANY_ROUTES)
def test_participants_and_volunteers_read_no_company_figures(
    api: Api, token, template: str, role: str
) -> None:
    assert_problem(api.get(address(template, OURS), token(role=role)), "role-forbidden", 403)


@pytest.mark.parametrize("template", COMPANY_ROUTES)
def test_two_companies_never_see_a_number_of_each_other(
    api: Api, our_key: str, their_key: str, template: str
) -> None:
    """Their numbers are ours and a seed more, so one of theirs in our answer would be large."""
    ours, theirs = api.get(address(template, OURS), our_key), api.get(address(template, THEIRS), their_key)
    assert largest_number(ours.json()) < THEIR_SEED
    if template.rpartition("/")[2] != "cohorts":  # names and filters have no numbers
        assert largest_number(theirs.json()) >= THEIR_SEED / 100
    for answer, other in ((ours, THEIRS), (theirs, OURS)):
        assert str(other) not in answer.text
        assert str(cohort_of(other)) not in answer.text


def largest_number(value: Any) -> float:
    if isinstance(value, dict):
        return max((largest_number(member) for member in value.values()), default=0)
    if isinstance(value, list):
        return max((largest_number(item) for item in value), default=0)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0


@pytest.mark.parametrize(
    "template", [template for template in COMPANY_ROUTES if "cohort_id" in template or "compare" in template]
)
def test_the_cohort_of_another_company_is_as_unknown_as_any(api: Api, our_key: str, template: str) -> None:
    answer = api.get(address(template, OURS, cohort_owner=THEIRS), our_key)
    assert_problem(answer, "cohort-not-found", 404)


def test_every_route_shows_the_version_of_the_last_change(api: Api, our_key: str, marts: Marts) -> None:
    version = marts.publish({OURS: 1}).data_version
    shown = {template: api.get(address(template, OURS), our_key).json() for template in COMPANY_ROUTES}
    assert {document["data_version"] for document in shown.values()} == {version}
    assert len({document["as_of"] for document in shown.values()}) == 1
    marts.publish({OURS: 0})


def test_a_publication_of_others_leaves_a_copy_right(api: Api, our_key: str, marts: Marts) -> None:
    path = address("/v1/companies/{company_id}/tiles", OURS)
    etag = api.get(path, our_key).headers["etag"]
    marts.publish({THEIRS: THEIR_SEED + 1})
    assert api.get(path, our_key, **{"If-None-Match": etag}).status_code == 304
    marts.publish({THEIRS: THEIR_SEED})


def test_a_reader_during_publications_sees_one_version_across_routes(
    api: Api, our_key: str, marts: Marts
) -> None:
    """Numbers tell which publication they are from: none disagrees with its version, none goes back."""
    templates = {
        "/v1/companies/{company_id}/at-a-glance": lambda d: d["inputs"]["total_sessions"] - 30,
        "/v1/companies/{company_id}/sroi": lambda d: d["results"][0]["cost"] - 400,
        "/v1/companies/{company_id}/vis": lambda d: d["aggregate"]["hours"] - 150,
        "/v1/companies/{company_id}/trends": lambda d: d["items"][0]["value"],
        "/v1/companies/{company_id}/funnels": lambda d: d["items"][0]["people_count"] - 40,
    }
    seeds_of: dict[int, set[float]] = defaultdict(set)
    versions: list[int] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            for template, seed in templates.items():
                document = api.get(address(template, OURS), our_key).json()
                versions.append(document["data_version"])
                seeds_of[document["data_version"]].add(seed(document))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        published = {marts.publish({OURS: seed}).data_version: float(seed) for seed in range(1, 6)}
    finally:
        is_over.set()
        reader.join()
    marts.publish({OURS: 0})
    assert versions == sorted(versions)
    seen = published.keys() & seeds_of.keys()
    assert len(seen) > 1, "the reader saw no change at all"
    assert {version: seeds_of[version] for version in seen} == {
        version: {published[version]} for version in seen
    }


@pytest.mark.parametrize("template", LISTS)
def test_pages_of_every_list_join_to_the_whole(api: Api, our_key: str, template: str) -> None:
    path = address(template, OURS)
    join = "&" if "?" in path else "?"
    whole = api.get(f"{path}{join}limit=500", our_key).json()["items"]
    size = max(1, len(whole) // 3)
    pages, cursor = [], None
    while len(pages) < len(whole):
        following = f"&cursor={cursor}" if cursor else ""
        page = api.get(f"{path}{join}limit={size}{following}", our_key).json()
        pages += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert pages[: len(whole)] == whole


def test_a_long_list_is_complete(api: Api, our_key: str) -> None:
    path = address("/v1/companies/{company_id}/trends", OURS)
    first = api.get(f"{path}&limit=500", our_key).json()
    second = api.get(f"{path}&limit=500&cursor={first['next_cursor']}", our_key).json()
    assert [item["value"] for item in first["items"] + second["items"]] == [float(day) for day in range(DAYS)]
    assert second["next_cursor"] is None


def test_pages_of_two_publications_are_not_mixed(api: Api, our_key: str, marts: Marts) -> None:
    path = f"/v1/companies/{OURS}/metrics?limit=5"
    cursor = api.get(path, our_key).json()["next_cursor"]
    version = marts.publish({OURS: 2}).data_version
    problem = assert_problem(api.get(f"{path}&cursor={cursor}", our_key), "figures-changed", 409)
    assert problem["data_version"] == version
    marts.publish({OURS: 0})


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("history?metric=secrets", "query.metric"),
        ("history?metric=vis_score&months=121", "query.months"),
        ("sroi?variant=all", "query.variant"),
        ("sroi?period=2026", "query.period"),
        ("vis?top=51", "query.top"),
        ("outcomes?dimensions=confidence,luck", "query.dimensions"),
        ("outcomes?grain=month&from=2026-Q1", "query.from"),
        ("tiles/football", "path.tile"),
        ("trends", "query.metric"),
        ("trends?metric=a%20b", "query.metric"),
        ("trends?metric=a&granularity=hour", "query.granularity"),
        ("trends?metric=a&from=2026-02-01&to=2026-01-01", "query.from"),
        ("cohorts/mine/metrics", "path.cohort_id"),
        ("cohorts/compare?metric=a&cohort_ids=1,2", "query.cohort_ids"),
        ("funnels?quarter=2026-04", "query.quarter"),
        ("benchmarks?compare_with=friends", "query.compare_with"),
        ("benchmarks?k=1&compare_with=&metric=a", "query.compare_with"),
        ("export/csrd?format=pdf", "query.format"),
        ("tiles?cursor=AAAA", "query.cursor"),
    ],
)
def test_a_wrong_parameter_is_named(api: Api, our_key: str, path: str, location: str) -> None:
    document = assert_problem(api.get(f"/v1/companies/{OURS}/{path}", our_key), "invalid-parameter", 422)
    assert [error["location"] for error in document["errors"]] == [location]


def test_the_cursor_of_another_list_is_refused(api: Api, our_key: str) -> None:
    cursor = api.get(f"/v1/companies/{OURS}/metrics?limit=2", our_key).json()["next_cursor"]
    for other in (f"/v1/companies/{OURS}/tiles", f"/v1/companies/{OURS}/metrics?from=2025-11"):
        join = "&" if "?" in other else "?"
        assert_problem(api.get(f"{other}{join}cursor={cursor}", our_key), "invalid-parameter", 422)


def test_without_a_period_the_latest_quarter_is_shown(api: Api, our_key: str) -> None:
    for route in ("sroi", "vis"):
        assert api.get(f"/v1/companies/{OURS}/{route}", our_key).json()["period"] == "2026-Q3"


def test_volunteers_come_best_first_and_those_without_a_score_last(api: Api, our_key: str) -> None:
    volunteers = api.get(f"/v1/companies/{OURS}/vis?top=50", our_key).json()["top_volunteers"]
    scores = [volunteer["vis_score"] for volunteer in volunteers]
    assert scores[:10] == sorted(scores[:10], reverse=True)
    assert scores[10:] == [None, None]
    assert [volunteer["rank"] for volunteer in volunteers] == list(range(1, 13))


def test_sroi_can_be_asked_for_one_variant_and_scenario(api: Api, our_key: str) -> None:
    path = f"/v1/companies/{OURS}/sroi?period=2026-Q2"
    results = api.get(path, our_key).json()["results"]
    assert [(r["variant"], r["scenario"]) for r in results] == [
        (variant, scenario)
        for variant in ("employment_npv", "outcome_value")
        for scenario in ("low", "base", "high")
    ]
    (one,) = api.get(f"{path}&variant=outcome_value&scenario=low", our_key).json()["results"]
    assert (one["ratio"], one["missing_reason"]) == (None, "no scores in the period")
    assert api.get(f"/v1/companies/{OURS}/sroi?period=1999-Q1", our_key).json()["results"] is None


def test_withheld_numbers_carry_their_reason(api: Api, our_key: str) -> None:
    first, *others = api.get(f"/v1/companies/{OURS}/cohorts/{cohort_of(OURS)}/metrics", our_key).json()[
        "items"
    ]
    assert (first["is_suppressed"], first["suppressed_reason"]) == (True, "fewer than 5 people")
    assert {first[name] for name in ("n", "avg", "p50", "min", "max", "std")} == {None}
    assert all(item["n"] == 10 for item in others)
    (peers,) = api.get(f"/v1/companies/{OURS}/benchmarks?compare_with=industry", our_key).json()["items"]
    assert (peers["p50"], peers["peers_count"], peers["own_value"]) == (None, None, 40.5)
    assert peers["suppressed_reason"] == "fewer than 6 companies"


def test_no_answer_names_a_column_that_is_not_described(
    api: Api, our_key: str, postgres: psycopg.Connection
) -> None:
    """The views' columns and the answers' are kept apart: a new column is served when a model says so."""
    columns = {
        row[0]
        for row in postgres.execute(
            "select attname from pg_attribute"
            " where attrelid = 'serving.mv_company_metrics'::regclass and attnum > 0"
        )
    }
    served = set(api.get(f"/v1/companies/{OURS}/metrics?limit=1", our_key).json()["items"][0])
    assert served <= columns
    assert columns - served == {"company_id", "period_grain", "rating_sum", "data_version"}
    assert not re.search(r"email|name", " ".join(served))
