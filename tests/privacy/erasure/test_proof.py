"""What was not counted is not certified, and a certificate that was tampered with does not pass."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestration.privacy.erasure import certificates
from orchestration.privacy.erasure.carrying_out import Erasure, LeftoverError
from orchestration.privacy.erasure.certificate_page import certificate_page
from orchestration.privacy.erasure.certificates import Certificate, CertificateError
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.hashing import ComparisonError, Hashing
from orchestration.privacy.erasure.verifying import Report
from orchestration.privacy.requests import store
from orchestration.privacy.requests.model import Order


def opened(place: Place, postgres: psycopg.Connection) -> Erasure:
    """The erasure of somebody of whom nothing but an id is known."""
    person = uuid4()
    postgres.execute("insert into ingest.people (person_id) values (%s)", (person,))
    order = Order("erasure", person, None, "test", is_immediate=True, reason="a test")
    return Erasure.of_due(place, [store.open_request(postgres, order)[0].request_id], "run")


def certified(place: Place, postgres: psycopg.Connection) -> Certificate:
    """A certificate in the chain. Whether it is true, other tests ask."""
    erasure = opened(place, postgres)
    erasure.lane("tombstones")
    with closing(place.postgres()) as connection:
        return certificates.issue(connection, place.home, erasure.erasure_id, Report(()), backup_days=35)


def test_what_cannot_be_counted_is_unknown_and_nothing_is_certified(
    place: Place, postgres: psycopg.Connection
) -> None:
    erasure = opened(place, postgres)
    for lane in ("tombstones", "postgres"):
        erasure.lane(lane)
    postgres.execute("alter table privacy.consents rename column person_id to whose")
    try:
        with pytest.raises(LeftoverError, match=r"postgres:privacy\.consents unknown"):
            erasure.certify()
        [request] = erasure.requests(postgres)
        assert store.get(postgres, request).state == "running"
        assert certificates.stored(postgres, str(erasure.erasure_id)) is None
    finally:
        postgres.execute("alter table privacy.consents rename column whose to person_id")
    assert erasure.run().said["rows_remaining"] == 0
    assert store.get(postgres, request).state == "completed"


def test_a_count_that_compares_nothing_is_no_count_of_nobody(
    place: Place, clickhouse: ClickHouseClient
) -> None:
    person, other = str(uuid4()), str(uuid4())
    ids = f"select arrayJoin(['{person}', '{other}']) as id"
    tombstones = place.tombstones()
    with Hashing(clickhouse, tombstones, [tombstones.hash_of("person", person)]) as hashing:
        assert hashing.count(ids, {}) == (2, {person})
        clickhouse.command(f"truncate table {hashing._table}")
        with pytest.raises(ComparisonError, match="2 ids were not compared"):
            hashing.count(ids, {})


def test_a_certificate_that_was_tampered_with_is_refused(place: Place, postgres: psycopg.Connection) -> None:
    first, second = (certified(place, postgres) for _ in range(2))
    key = certificates.public_bytes(certificates.signing_key(place.home))

    def check(certificate: Certificate, by: bytes = key) -> None:
        certificates.check(certificate, public_key=by, connection=postgres)

    check(first)
    check(second)
    page = certificate_page(second, "<today>")
    assert second.signature.hex() in page
    assert "&lt;today&gt;" in page
    assert "<td>postgres:ingest.people</td>" not in page  # nobody's rows were swept by this one
    assert "<td>tombstones</td>" not in page
    with pytest.raises(CertificateError, match="it was changed"):
        check(replace(second, body=second.body.replace(b'"rows_remaining":0', b'"rows_remaining":1')))
    with pytest.raises(CertificateError, match="signed with another key"):
        check(second, certificates.public_bytes(Ed25519PrivateKey.generate()))
    with closing(place.postgres()) as connection:
        connection.autocommit = False
        connection.execute(
            "delete from privacy.certificates where certificate_id = %s", (first.said["certificate_id"],)
        )
        with pytest.raises(CertificateError, match="was taken out"):
            certificates.check(first, public_key=key, connection=connection)
        with pytest.raises(CertificateError, match="before it"):
            certificates.check(second, public_key=key, connection=connection)
        connection.rollback()
