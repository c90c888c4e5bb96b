"""People's rights over the API: who may ask about whom, once, and what becomes of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from ingest.sealing.keys import BlockingTextKeys
from ingest.sealing.master import MasterKeys
from ingest.stores import StoreSettings, clickhouse_client
from orchestration.privacy.declarations import declared
from orchestration.privacy.export.exporting import export, remove_expired
from orchestration.privacy.requests import store
from orchestration.stack.layout import Layout
from tests.privacy.requests.conftest import People
from tests.serving.running import OURS, THEIRS, Api, assert_problem

BASE = "/v1/privacy"


class Caller:
    """Somebody who asks."""

    def __init__(self, api: Api, key: str | None) -> None:
        self._api, self._key = api, key

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {
            **({"Authorization": f"Bearer {self._key}"} if self._key else {}),
            **options.pop("headers", {}),
        }
        return httpx.request(method, self._api.url + path, headers=headers, timeout=60, **options)

    def post(self, path: str, status: int = 202, **body: Any) -> Any:
        answer = self.ask("POST", BASE + path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        answer = self.ask("GET", BASE + path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def ours(api: Api, new_key: Callable[..., str]) -> Caller:
    return Caller(api, new_key(OURS, "company_admin", rate_limit_per_minute=100_000))


@pytest.fixture
def theirs(api: Api, new_key: Callable[..., str]) -> Caller:
    return Caller(api, new_key(THEIRS, "company_admin", rate_limit_per_minute=100_000))


@pytest.fixture
def admin(api: Api, admin_key: str) -> Caller:
    return Caller(api, admin_key)


@pytest.fixture
def people(postgres: psycopg.Connection) -> People:
    return People(postgres)


@pytest.fixture
def person(people: People) -> Iterator[UUID]:
    person_id = people.person(OURS, email=f"{uuid4().hex}@example.org", name="Olena")
    yield person_id
    for table in ("person_identities", "company_members", "people"):
        people.postgres.execute(f"delete from ingest.{table} where person_id = %s", (person_id,))  # type: ignore[arg-type]


def about(person: UUID, **fields: Any) -> dict[str, Any]:
    return {"subject": {"person_id": str(person)}, **fields}


def asking(person: UUID) -> dict[tuple[str, str], dict[str, Any]]:
    """Every route, with a body that is good for the person."""
    nothing = uuid4()
    return {
        ("POST", "/export"): about(person),
        ("POST", "/delete"): about(person),
        ("POST", "/rectify"): about(person, first_name="Olha"),
        ("POST", "/restrict"): about(person),
        ("POST", "/consents"): about(
            person, purpose="marketing", text_version=1, language="uk", method="checkbox"
        ),
        ("GET", f"/people/{person}"): {},
        ("GET", f"/requests/{nothing}"): {},
        ("GET", f"/requests/{nothing}/download"): {},
        ("POST", f"/requests/{nothing}/cancel"): {},
        ("POST", f"/requests/{nothing}/retry"): {},
        ("POST", f"/requests/{nothing}/extend"): {"reason": "three archives to search"},
        ("POST", f"/consents/{nothing}/withdraw"): {},
        ("POST", f"/restrictions/{nothing}/lift"): {},
        ("GET", "/requests"): {},
        ("GET", "/consent-texts"): {},
    }


def send(caller: Caller, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
    return caller.ask(method, BASE + path, **({"json": body} if body else {}))


def test_nobody_asks_without_a_credential_or_with_a_reader_s(
    api: Api, our_key: str, token: Callable[..., str], person: UUID
) -> None:
    """Also not a participant whose token names no person, since whose data it is about is not known then."""
    readers = [our_key, token(role="company_user"), token(role="participant", userId="u-17")]
    for (method, path), body in asking(person).items():
        assert_problem(send(Caller(api, None), method, path, body), "unauthenticated", 401)
        for key in readers:
            assert_problem(send(Caller(api, key), method, path, body), "role-forbidden", 403)


def test_another_company_s_person_does_not_exist(theirs: Caller, people: People, person: UUID) -> None:
    """Not even by an address, and the answer is the one about somebody who is really unknown."""
    for (method, path), body in asking(person).items():
        answer = send(theirs, method, path, body)
        if path in ("/requests", "/consent-texts"):
            assert answer.status_code == 200
        elif "subject" in body or path.startswith("/people"):
            told = assert_problem(answer, "subject-not-found", 404)
            unknown = send(
                theirs,
                method,
                path.replace(str(person), str(uuid4())),
                {**body, **about(uuid4())} if body else {},
            )
            assert assert_problem(unknown, "subject-not-found", 404)["detail"] == told["detail"]
        else:
            assert_problem(answer, "privacy-request-not-found", 404)
    named = theirs.ask("POST", f"{BASE}/export", json=about(person, company_id=str(OURS)))
    assert_problem(named, "company-forbidden", 403)


def test_another_company_s_request_does_not_exist(ours: Caller, theirs: Caller, person: UUID) -> None:
    held = ours.post("/delete", **about(person))
    consent = ours.post("/consents", 201, **asking(person)["POST", "/consents"])
    restriction = ours.post("/restrict", **about(person)) and ours.get(f"/people/{person}")["restrictions"][0]
    path = f"{BASE}/requests/{held['request_id']}"
    for method, address in (
        ("GET", path), ("GET", f"{path}/download"), ("POST", f"{path}/cancel"), ("POST", f"{path}/retry"),
        ("POST", f"{BASE}/consents/{consent['consent_id']}/withdraw"),
        ("POST", f"{BASE}/restrictions/{restriction['restriction_id']}/lift"),
    ):  # fmt: skip
        assert_problem(theirs.ask(method, address), "privacy-request-not-found", 404)
    assert held["request_id"] not in str(theirs.get("/requests?state=held&limit=200"))
    assert held["request_id"] in str(ours.get("/requests?state=held&limit=200"))
    assert ours.get(f"/people/{person}")["consents"][0]["is_in_force"]


def test_a_person_is_found_by_any_id(ours: Caller, postgres: psycopg.Connection, person: UUID) -> None:
    [(address,)] = postgres.execute(
        "select external_id from ingest.person_identities where person_id = %s", (person,)
    ).fetchall()
    made = ours.post("/export", subject={"provider": "email", "external_id": f" {address.upper()} "})
    assert (made["subject_id"], made["right"], made["state"]) == (str(person), "access", "confirmed")
    both = {"person_id": str(person), "provider": "email", "external_id": address}
    for subject in ({}, {"provider": "email"}, both):
        answer = ours.ask("POST", f"{BASE}/export", json={"subject": subject})
        assert_problem(answer, "invalid-parameter", 422)
        assert address not in answer.text
    assert_problem(ours.ask("POST", f"{BASE}/export", json={}), "invalid-parameter", 422)


def test_a_key_makes_one_request(ours: Caller, person: UUID) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    first, again = (ours.ask("POST", f"{BASE}/delete", json=about(person), headers=headers) for _ in "12")
    assert first.json()["request_id"] == again.json()["request_id"]
    assert first.headers["location"] == f"{BASE}/requests/{first.json()['request_id']}"
    other = ours.ask("POST", f"{BASE}/export", json=about(person), headers=headers)
    assert_problem(other, "idempotency-key-reused", 422)


def test_an_erasure_waits_and_can_be_cancelled(ours: Caller, person: UUID) -> None:
    held = ours.post("/delete", **about(person))
    received, after = (datetime.fromisoformat(held[name]) for name in ("received_at", "run_after"))
    assert (held["state"], after - received) == ("held", timedelta(days=30))
    path = f"/requests/{held['request_id']}"
    assert ours.post(f"{path}/cancel", 200, reason="changed their mind")["state"] == "cancelled"
    assert ours.post(f"{path}/cancel", 200)["state"] == "cancelled"
    assert_problem(ours.ask("POST", f"{BASE}{path}/retry"), "privacy-request-closed", 409)
    steps = [(one["state"], one["step"]) for one in ours.get(path)["steps"]]
    assert steps == [
        ("received", None), ("confirmed", "identity_confirmed"), ("held", "grace_begun"),
        ("cancelled", "cancelled"),
    ]  # fmt: skip


def test_only_an_administrator_erases_at_once_and_says_why(
    api: Api, ours: Caller, postgres: psycopg.Connection, token: Callable[..., str], person: UUID
) -> None:
    answer = ours.ask("POST", f"{BASE}/delete", json=about(person, immediate=True))
    assert assert_problem(answer, "invalid-parameter", 422)["errors"][0]["location"] == "body.reason"  # type: ignore[index]
    themselves = Caller(api, token(role="participant", userId=str(person)))
    at_once = {"immediate": True, "reason": "I insist"}
    assert_problem(themselves.ask("POST", f"{BASE}/delete", json=at_once), "role-forbidden", 403)
    made = ours.post("/delete", **about(person, **at_once))
    assert (made["state"], made["is_immediate"]) == ("confirmed", True)
    assert made["request_id"] in {str(one.request_id) for one in store.due(postgres, datetime.now(UTC))}
    ours.post(f"/requests/{made['request_id']}/cancel", 200)


def test_an_administrator_hastens_a_held_erasure(
    api: Api, ours: Caller, token: Callable[..., str], person: UUID
) -> None:
    held = ours.post("/delete", **about(person))
    at_once = about(person, immediate=True, reason="court order 7")
    made = ours.post("/delete", **at_once)
    assert (made["request_id"], made["state"]) == (held["request_id"], "confirmed")
    assert (made["is_immediate"], made["priority"]) == (True, 1)
    assert made["run_after"] < held["run_after"]
    steps = [one["step"] for one in ours.get(f"/requests/{held['request_id']}")["steps"]]
    assert steps[-2:] == ["grace_begun", "hastened"]
    ours.post(f"/requests/{held['request_id']}/cancel", 200)


def test_more_time_is_taken_once_and_the_person_reads_why(
    api: Api, admin: Caller, token: Callable[..., str], person: UUID
) -> None:
    themselves = Caller(api, token(role="participant", userId=str(person)))
    made = themselves.post("/export")
    path = f"/requests/{made['request_id']}/extend"
    reason = {"reason": "three archives to search"}
    assert_problem(themselves.ask("POST", BASE + path, json=reason), "role-forbidden", 403)
    assert_problem(admin.ask("POST", BASE + path, json={}), "invalid-parameter", 422)
    extended = admin.post(path, 200, **reason)
    assert extended["due_at"] > made["due_at"]
    told = themselves.get(f"/requests/{made['request_id']}")
    assert (told["extension_reason"], told["due_at"]) == (reason["reason"], extended["due_at"])
    assert told["steps"][-1]["step"] == "extended"
    assert_problem(admin.ask("POST", BASE + path, json=reason), "privacy-request-closed", 409)
    urgent = themselves.ask("POST", f"{BASE}/export", json={"priority": 1})
    assert_problem(urgent, "role-forbidden", 403)


def test_a_company_does_not_erase_another_s_records(ours: Caller, admin: Caller, people: People) -> None:
    shared = people.person(OURS, THEIRS)
    for path, body in (("/delete", {}), ("/rectify", {"first_name": "X"})):
        assert_problem(ours.ask("POST", BASE + path, json=about(shared, **body)), "subject-shared", 409)
    assert ours.post("/export", **about(shared))["company_id"] == str(OURS)
    everywhere = admin.post("/delete", **about(shared))
    assert (everywhere["company_id"], everywhere["state"]) == (None, "held")
    assert_problem(ours.ask("GET", everywhere["status_url"]), "privacy-request-not-found", 404)
    admin.post(f"/requests/{everywhere['request_id']}/cancel", 200)


def test_a_person_asks_for_themselves_and_for_nobody_else(
    api: Api, ours: Caller, token: Callable[..., str], people: People, person: UUID
) -> None:
    themselves = Caller(api, token(role="volunteer", userId=str(person)))
    made = themselves.post("/export", right="portability")
    assert (made["subject_id"], made["right"], made["company_id"]) == (str(person), "portability", None)
    assert [one["request_id"] for one in themselves.get("/requests")["items"]] == [made["request_id"]]
    other = people.person(OURS)
    answer = themselves.ask("POST", f"{BASE}/export", json=about(other))
    assert_problem(answer, "subject-not-found", 404)
    officers = ours.post("/export", **about(person))
    assert officers["request_id"] != made["request_id"]
    others = Caller(api, token(role="volunteer", userId=str(other)))
    for path in (made["status_url"], f"{made['status_url']}/download"):
        assert_problem(others.ask("GET", path), "privacy-request-not-found", 404)


def test_an_export_is_fetched_by_its_link_until_it_ends(
    api: Api, ours: Caller, store_settings: StoreSettings, embedded_stores: Layout,
    postgres: psycopg.Connection, person: UUID,
) -> None:  # fmt: skip
    made = ours.post("/export", **about(person))
    request_id = UUID(made["request_id"])
    assert_problem(ours.ask("GET", f"{made['status_url']}/download"), "privacy-request-closed", 409)
    with closing(clickhouse_client(store_settings)) as clickhouse:
        begun = store.begin(postgres, request_id, "test")
        keys = BlockingTextKeys(postgres, MasterKeys.of(store_settings))
        done = export(postgres, clickhouse, keys, begun, declared(), embedded_stores.home)
    told = ours.get(f"/requests/{request_id}")
    assert (told["state"], told["progress"], told["download"]["bytes"]) == (
        "completed",
        100,
        done.packed.size,
    )
    link = told["download"]["url"]
    for answer in (httpx.get(api.url + link), ours.ask("GET", f"{made['status_url']}/download")):
        assert answer.headers["content-type"] == "application/zip"
        assert answer.headers["cache-control"] == "no-store"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert "Olena" in archive.read("data/postgres/ingest.people.json").decode()
    # Another request's link, or another end, is no link.
    query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    later = {**query, "expires": str(int(query["expires"]) + 1)}
    for path, parameters in ((made["status_url"], later), (f"{BASE}/requests/{uuid4()}", query)):
        answer = httpx.get(f"{api.url}{path}/download", params=parameters)
        assert_problem(answer, "export-gone", 410)
    assert_problem(httpx.get(f"{api.url}{made['status_url']}/download"), "unauthenticated", 401)
    [(count, actors)] = postgres.execute(
        "select download_count, (select array_agg(actor order by sequence) from privacy.audit"
        " where request_id = %(id)s and action = 'export.downloaded')"
        " from privacy.downloads where request_id = %(id)s", {"id": request_id},
    ).fetchall()  # fmt: skip
    assert (count, actors[0], actors[1].partition(":")[0]) == (2, "link", "key")
    # Others that tests before this one had made go with it.
    assert remove_expired(postgres, embedded_stores.home, datetime.now(UTC) + timedelta(days=31)) >= 1
    assert not done.packed.path.exists()
    assert_problem(httpx.get(api.url + link), "export-gone", 410)
    assert ours.get(f"/requests/{request_id}")["download"] is None


def test_what_is_right_takes_the_place_of_what_was_wrong(
    ours: Caller, people: People, postgres: psycopg.Connection, person: UUID
) -> None:
    new = f"{uuid4().hex}@example.org"
    [(old,)] = postgres.execute(
        "select external_id from ingest.person_identities where person_id = %s", (person,)
    ).fetchall()
    done = ours.post("/rectify", **about(person, first_name="Olha", email=new.upper(), old_email=old))
    assert (done["state"], done["progress"]) == ("completed", 100)
    rows = postgres.execute(
        "select first_name, last_name, external_id, changes from ingest.people"
        " inner join ingest.person_identities using (person_id) inner join privacy.requests"
        " on subject_id = person_id where person_id = %s", (person,),
    ).fetchall()  # fmt: skip
    assert rows == [("Olha", "Olenason", new, None)]
    taken = f"{uuid4().hex}@example.org"
    people.person(OURS, email=taken)
    for fields in ({"email": taken}, {"email": f"x{new}", "old_email": taken}):
        answer = ours.ask("POST", f"{BASE}/rectify", json=about(person, **fields))
        assert_problem(answer, "invalid-parameter", 422)
    assert_problem(ours.ask("POST", f"{BASE}/rectify", json=about(person)), "invalid-parameter", 422)


def test_consents_are_given_anew_and_withdrawn(ours: Caller, person: UUID) -> None:
    order = about(person, purpose="analytics", text_version=1, language="uk", method="explicit_opt_in")
    first, second = (ours.post("/consents", 201, **order) for _ in "12")
    given = {one["consent_id"]: one for one in ours.get(f"/people/{person}")["consents"]}
    assert [given[one["consent_id"]]["is_in_force"] for one in (first, second)] == [False, True]
    for wrong in ({"method": "implicit"}, {"text_version": 99}, {"granted_at": "2999-01-01T00:00:00Z"},
                  {"expires_at": "2020-01-01T00:00:00Z"}, {"purpose": "profiling"}):  # fmt: skip
        answer = ours.ask("POST", f"{BASE}/consents", json={**order, **wrong})
        assert_problem(answer, "invalid-parameter", 422)
    path = f"/consents/{second['consent_id']}/withdraw"
    assert ours.post(path, 200)["withdrawn_at"]
    assert_problem(ours.ask("POST", BASE + path), "privacy-request-not-found", 404)
    # Who withdraws the consent to analytics is not analysed.
    [restriction] = ours.get(f"/people/{person}")["restrictions"]
    assert (restriction["ground"], restriction["lifted_at"]) == ("objection", None)
    ours.post(f"/restrictions/{restriction['restriction_id']}/lift", 204)
    assert ours.get(f"/people/{person}")["restrictions"][0]["lifted_at"]


def test_every_text_is_there_in_three_languages(ours: Caller) -> None:
    items = ours.get("/consent-texts")["items"]
    purposes = ("marketing", "analytics", "buddy_program", "data_sharing")
    assert {(one["purpose"], one["language"]) for one in items} == {
        (purpose, language) for purpose in purposes for language in ("en", "uk", "no")
    }
    assert len({one["words"] for one in items}) == len(items)
