"""What clients of each version have sent once is sent again, and answered as it was then.

The exchanges were recorded from the API of that version's day (`IMPACT_RECORD=<version>` writes them). They
are never edited: an answer that differs is a promise that is broken.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from ingest.stores import StoreSettings, postgres_connection
from serving.versions import HEADER, NAMES, NEWEST
from tests.serving.figures import Marts, cohort_of
from tests.serving.routes import COMPANY_ROUTES, address
from tests.serving.running import Api

FOLDER = Path(__file__).parent / "recorded"
RECORDED = UUID("eeeeeeee-0000-4000-8000-000000000005")  # a company of its own: nobody publishes it anew
SEED = 400
# What depends on the run and not on the version.
VOLATILE = ("as_of", "data_version", "created_at", "next_cursor", "instance")

Exchange = dict[str, Any]

REQUESTS: list[Exchange] = [
    *({"method": "GET", "path": address(template, RECORDED)} for template in COMPANY_ROUTES),
    {"method": "GET", "path": f"/v1/companies/{RECORDED}/at-a-glance"},
    {"method": "GET", "path": f"/v1/companies/{RECORDED}/benchmarks?compare_with=industry&limit=1"},
    {"method": "GET", "path": "/v1/q2q/taxonomy"},
    {"method": "POST", "path": "/v1/q2q/classify", "body": {"text": ""}},
    {"method": "POST", "path": "/v1/journey/rules/validate", "body": {"text": "id: x"}},
]


@pytest.fixture(scope="module")
def recorded_key(marts: Marts, new_key: Callable[..., str], store_settings: StoreSettings) -> str:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        connection.execute(
            "insert into ingest.companies (company_id, name) values (%s, 'Recorded')", (RECORDED,)
        )
        connection.execute(
            "insert into ingest.cohort_definitions (cohort_id, company_id, name, filters)"
            " values (%s, %s, %s, %s)",
            (cohort_of(RECORDED), RECORDED, "recorded", '{"program_type": "language_course"}'),
        )
    marts.publish({RECORDED: SEED})
    return new_key(RECORDED, "company_user", rate_limit_per_minute=100_000)


def ask(api: Api, key: str, exchange: Exchange, version: str | None) -> Exchange:
    headers = {"Authorization": f"Bearer {key}", **({HEADER: version} if version else {})}
    answer = httpx.request(
        exchange["method"], api.url + exchange["path"], json=exchange.get("body"), headers=headers, timeout=60
    )
    media_type = answer.headers["content-type"].partition(";")[0]
    return {
        **exchange,
        "status": answer.status_code,
        "media_type": media_type,
        "answer": masked(answer.json()) if "json" in media_type else answer.text,
    }


def masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: type(member).__name__ if name in VOLATILE else masked(member)
            for name, member in value.items()
        }
    return [masked(one) for one in value] if isinstance(value, list) else value


def file_of(version: str) -> Path:
    return FOLDER / f"{version}.json"


@pytest.mark.skipif("IMPACT_RECORD" not in os.environ, reason="records, and proves nothing")
def test_record(api: Api, recorded_key: str) -> None:
    exchanges = [ask(api, recorded_key, request, None) for request in REQUESTS]
    FOLDER.mkdir(exist_ok=True)
    file_of(os.environ["IMPACT_RECORD"]).write_text(
        json.dumps(exchanges, indent=1, ensure_ascii=False) + "\n"
    )


@pytest.mark.parametrize("version", NAMES)
def test_recorded_clients_are_answered_as_then(api: Api, recorded_key: str, version: str) -> None:
    exchanges = json.loads(file_of(version).read_text("utf-8"))
    assert len(exchanges) >= 20
    for exchange in exchanges:
        answered = ask(api, recorded_key, exchange, version)
        assert answered == exchange, f"{exchange['method']} {exchange['path']} in {version}"


def test_a_client_that_names_no_version_has_the_newest(api: Api, recorded_key: str) -> None:
    [exchange] = [one for one in json.loads(file_of(NEWEST).read_text()) if "limit=1" in one["path"]]
    assert ask(api, recorded_key, exchange, None) == exchange


def test_a_recording_tells_versions_apart(api: Api, recorded_key: str) -> None:
    """The recording of the older version is not what the newest answers: else it would prove nothing."""
    differing = [
        exchange["path"]
        for exchange in json.loads(file_of(NAMES[0]).read_text("utf-8"))
        if ask(api, recorded_key, exchange, NEWEST) != exchange
    ]
    assert differing
    assert all("/benchmarks" in path for path in differing)
