"""Credentials: what is accepted, what is refused, and how soon a revoked key stops working."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import jwt
import psycopg
import pytest

from ingest.api_keys import (
    ApiKeyError,
    create_key,
    key_sha256,
    list_keys,
    register_key,
    revoke_key,
)
from ingest.stores import StoreSettings, postgres_connection
from serving.credentials import KEY_CACHE_S
from serving.rate_limit import RateLimiter
from tests.serving.running import OURS, THEIRS, Api, assert_problem, poll

GLANCE = f"/v1/companies/{OURS}/at-a-glance?period=2026-09"
Token = Callable[..., str]


def test_a_token_reads_its_company_and_no_other(api: Api, token: Token) -> None:
    assert api.get(GLANCE, token()).status_code == 200
    assert_problem(api.get(GLANCE, token(companyId=str(THEIRS))), "company-forbidden", 403)


def test_a_tenant_header_has_to_name_the_credentials_company(api: Api, our_key: str) -> None:
    assert api.get(GLANCE, our_key, **{"X-Tenant-ID": str(OURS).upper()}).status_code == 200
    for named in (str(THEIRS), "nobody"):
        answer = api.get(GLANCE, our_key, **{"X-Tenant-ID": named})
        assert_problem(answer, "company-forbidden", 403)
        assert named not in answer.text


def test_over_tls_browsers_are_told_to_stay_there(api: Api, our_key: str) -> None:
    """Also in an answer that no route gave; over plain HTTP it would mean nothing."""
    for path, key in ((GLANCE, our_key), (GLANCE, None), ("/nowhere", None), ("/healthz", None)):
        told = api.get(path, key, **{"X-Forwarded-Proto": "https"}).headers["Strict-Transport-Security"]
        assert told == "max-age=31536000"
        assert "Strict-Transport-Security" not in api.get(path, key).headers


@pytest.mark.parametrize("role", ["system_admin", "admin"])
def test_an_administrators_token_needs_no_company(api: Api, token: Token, role: str) -> None:
    assert api.get(GLANCE, token(role=role, companyId=None)).status_code == 200


@pytest.mark.parametrize("role", ["participant", "volunteer"])
def test_participants_and_volunteers_do_not_see_company_figures(api: Api, token: Token, role: str) -> None:
    assert_problem(api.get(GLANCE, token(role=role)), "role-forbidden", 403)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": datetime.now(UTC) - timedelta(seconds=1)},
        {"companyId": None},
        {"companyId": "not-an-id"},
        {"userId": None},
        {"role": None},
        {"role": "superuser"},
        {"secret": "another secret of thirty-two bytes"},
        {"algorithm": "HS512"},
    ],
    ids=[
        "without an end",
        "ended",
        "of no company",
        "of a company without an id",
        "of nobody",
        "without a role",
        "of an unknown role",
        "signed with another secret",
        "signed in another way",
    ],
)
@pytest.mark.filterwarnings(
    "ignore::jwt.warnings.InsecureKeyLengthWarning"
)  # HS512 would want a longer secret
def test_a_token_that_proves_nothing_is_refused(api: Api, token: Token, claims: dict[str, object]) -> None:
    answer = api.get(GLANCE, token(**claims))
    assert_problem(answer, "unauthenticated", 401)
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_an_unsigned_token_is_refused(api: Api) -> None:
    claims = {"userId": "u", "role": "system_admin", "exp": datetime.now(UTC) + timedelta(hours=1)}
    assert_problem(api.get(GLANCE, jwt.encode(claims, None, "none")), "unauthenticated", 401)


@pytest.mark.parametrize("value", ["teei_live_wrong", "x", "a.b.c", "é"])
def test_an_unknown_credential_is_refused(api: Api, value: str) -> None:
    for header, text in (("Authorization", f"Bearer {value}"), ("X-API-Key", value)):
        answer = httpx.get(api.url + GLANCE, headers=[(header.encode(), text.encode())])
        assert_problem(answer, "unauthenticated", 401)


def test_a_key_works_in_either_header(api: Api, our_key: str) -> None:
    assert api.get(GLANCE, our_key).status_code == 200
    assert api.get(GLANCE, **{"X-API-Key": our_key}).status_code == 200
    assert_problem(api.get(GLANCE, Authorization=f"Basic {our_key}"), "unauthenticated", 401)


def test_a_revoked_key_stops_within_five_seconds(
    api: Api, new_key: Callable[..., str], postgres: psycopg.Connection
) -> None:
    key = new_key(OURS)
    assert api.get(GLANCE, key).status_code == 200
    (key_id,) = postgres.execute(
        "select key_id from ingest.api_keys where key_sha256 = %s", (key_sha256(key),)
    ).fetchone()
    revoke_key(postgres, key_id)
    revoked_at = last_asked_at = time.monotonic()
    accepted_at = revoked_at

    def is_refused() -> bool:
        nonlocal last_asked_at, accepted_at
        accepted_at, last_asked_at = last_asked_at, time.monotonic()
        return api.get(GLANCE, key).status_code == 401

    poll(is_refused, what="the refusal")
    # When the last accepted request was made, not when the refusal came back: a busy machine delays that.
    assert accepted_at - revoked_at < KEY_CACHE_S


def test_an_expired_key_is_refused(api: Api, new_key: Callable[..., str]) -> None:
    expires_at = datetime.now(UTC) + timedelta(seconds=2)
    key = new_key(OURS, expires_at=expires_at)
    assert api.get(GLANCE, key).status_code == 200 or datetime.now(UTC) > expires_at
    poll(lambda: api.get(GLANCE, key).status_code == 401, what="the expiry")
    assert datetime.now(UTC) > expires_at


def test_use_is_recorded_once_a_minute_at_most(
    api: Api, new_key: Callable[..., str], postgres: psycopg.Connection
) -> None:
    key = new_key(OURS)
    used = "select last_used_at, xmin::text from ingest.api_keys where key_sha256 = %s"
    assert postgres.execute(used, (key_sha256(key),)).fetchone()[0] is None
    assert api.get(GLANCE, key).status_code == 200
    first = postgres.execute(used, (key_sha256(key),)).fetchone()
    assert first[0] is not None
    time.sleep(KEY_CACHE_S + 0.1)  # the cache has to forget the key, so that it is looked up again
    assert api.get(GLANCE, key).status_code == 200
    assert postgres.execute(used, (key_sha256(key),)).fetchone() == first


def test_the_limit_of_a_key_is_counted_down_and_held(api: Api, new_key: Callable[..., str]) -> None:
    key = new_key(OURS, rate_limit_per_minute=3)
    poll(lambda: time.time() % 60 < 55, within_s=10, what="a minute with room for four requests")
    answers = [api.get(GLANCE, key) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert_problem(answers[-1], "rate-limited", 429)
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


def test_a_new_minute_begins_a_new_count() -> None:
    limiter = RateLimiter()
    assert [limiter.take("a", 1, now).is_exceeded for now in (60.0, 119.9, 120.0)] == [False, True, False]
    assert limiter.take("b", 1, 120.0).reset_at == 180


def test_only_a_hash_of_a_key_is_kept(store_settings: StoreSettings, figures: None) -> None:
    with closing(postgres_connection(store_settings)) as connection:
        plaintext = create_key(connection, OURS, "laptop", "company_user")
        stored = connection.execute(
            "select row_to_json(k)::text from ingest.api_keys k where key_sha256 = %s",
            (key_sha256(plaintext),),
        ).fetchone()[0]
        assert plaintext not in stored
        assert plaintext[12:] not in stored
        (listed,) = [key for key in list_keys(connection, OURS) if key.name == "laptop"]
        assert plaintext.startswith(listed.prefix)
        assert (len(listed.prefix), listed.state(datetime.now(UTC))) == (12, "active")


def test_registering_a_key_again_does_not_bring_it_back(store_settings: StoreSettings, figures: None) -> None:
    key = f"teei_live_{uuid4()}"
    with closing(postgres_connection(store_settings)) as connection:
        register_key(connection, key, None, "admin of the platform", "system_admin")
        (admin,) = [key for key in list_keys(connection) if key.name == "admin of the platform"]
        revoke_key(connection, admin.key_id)
        register_key(connection, key, None, "admin of the platform", "system_admin")
        (again,) = [key for key in list_keys(connection) if key.name == "admin of the platform"]
        assert (again.key_id, again.state(datetime.now(UTC))) == (admin.key_id, "revoked")


@pytest.mark.parametrize(
    ("company", "role", "says"),
    [
        (None, "api_client", "needs a company"),
        (OURS, "participant", "unknown role"),
        (uuid4(), "api_client", "there is no company"),
    ],
)
def test_a_key_that_cannot_be_says_why(
    store_settings: StoreSettings, figures: None, company: object, role: str, says: str
) -> None:
    with closing(postgres_connection(store_settings)) as connection, pytest.raises(ApiKeyError, match=says):
        create_key(connection, company, "test", role)  # type: ignore[arg-type]


def test_revoking_an_unknown_key_says_so(store_settings: StoreSettings) -> None:
    with (
        closing(postgres_connection(store_settings)) as connection,
        pytest.raises(ApiKeyError, match="there is no key"),
    ):
        revoke_key(connection, uuid4())
