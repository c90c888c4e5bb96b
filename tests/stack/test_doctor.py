"""The doctor finds good stores good, and says of a bad one what is wrong and what to do."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from orchestration.stack.doctor import examine
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.store_checks import Finding, examine_store


def bad(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if not finding.is_good]


def test_the_embedded_stores_pass(embedded_stores: Layout) -> None:
    findings = examine(embedded_stores)
    assert bad(findings) == []
    subjects = {finding.subject for finding in findings}
    for store in ("postgres", "clickhouse", "nats"):
        assert {store, f"{store} version", f"{store} rights", f"{store} durability"} <= subjects
    assert "postgres log" in subjects


def test_trying_rights_leaves_nothing_behind(embedded_stores: Layout) -> None:
    examine_store(embedded_stores, "postgres")
    with psycopg.connect(embedded_stores.postgres_url) as connection:
        schemas = connection.execute("select nspname from pg_namespace where nspname like 'impact_doctor%'")
        assert schemas.fetchall() == []


def test_an_external_postgres_without_rights_is_found_out(
    embedded_stores: Layout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with psycopg.connect(embedded_stores.postgres_url, autocommit=True) as connection:
        connection.execute("create role reader login password 'reads-only'")
    try:
        url = embedded_stores.postgres_url.replace(
            f"impact:{embedded_stores.secrets.postgres_password}@", "reader:reads-only@"
        )
        layout = Layout.open(tmp_path_factory.mktemp("external"), Ports.free(), {"POSTGRES_URL": url})
        (finding,) = bad(examine_store(layout, "postgres"))
        assert finding.subject == "postgres rights"
        assert "permission denied" in finding.found
        assert finding.advice == "grant CREATE on the database to this user"
    finally:
        with psycopg.connect(embedded_stores.postgres_url, autocommit=True) as connection:
            connection.execute("drop role reader")


def test_an_external_postgres_that_logs_rows_is_found_out(
    embedded_stores: Layout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with psycopg.connect(embedded_stores.postgres_url, autocommit=True) as connection:
        connection.execute("create role loud login password 'quotes'")
        connection.execute("alter role loud set log_error_verbosity = 'default'")
        connection.execute("grant create on database impact to loud")
    try:
        url = embedded_stores.postgres_url.replace(
            f"impact:{embedded_stores.secrets.postgres_password}@", "loud:quotes@"
        )
        layout = Layout.open(tmp_path_factory.mktemp("external"), Ports.free(), {"POSTGRES_URL": url})
        (finding,) = bad(examine_store(layout, "postgres"))
        assert (finding.subject, finding.found) == ("postgres log", "log_error_verbosity default")
        assert finding.advice.startswith("set it to terse")
    finally:
        with psycopg.connect(embedded_stores.postgres_url, autocommit=True) as connection:
            connection.execute("drop owned by loud")
            connection.execute("drop role loud")


def test_a_broker_too_small_for_the_largest_delivery_is_found_out(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder, ports = tmp_path_factory.mktemp("nats"), Ports.free()
    server = subprocess.Popen(
        [Path(sys.executable).parent / "nats-server", "-a", "127.0.0.1", "-p", str(ports.nats), "-js",
         "-sd", folder],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        layout = Layout.open(folder / "home", ports, {"NATS_URL": f"nats://127.0.0.1:{ports.nats}"})
        wait_until_open(ports.nats)
        (finding,) = bad(examine_store(layout, "nats"))
    finally:
        server.kill()
        server.wait()
    assert (finding.subject, finding.found) == ("nats payload", "max_payload 1,048,576 bytes")
    assert "2,097,152" in finding.advice


def wait_until_open(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")


@pytest.mark.parametrize(
    ("store", "variable", "scheme"),
    [
        ("postgres", "POSTGRES_URL", "postgresql"),
        ("clickhouse", "CLICKHOUSE_URL", "http"),
        ("nats", "NATS_URL", "nats"),
    ],
)
def test_a_wrong_password_is_reported_without_the_password(
    embedded_stores: Layout, tmp_path_factory: pytest.TempPathFactory, store: str, variable: str, scheme: str
) -> None:
    port = getattr(embedded_stores.ports, store)
    url = f"{scheme}://impact:hunter2@127.0.0.1:{port}/impact"
    layout = Layout.open(tmp_path_factory.mktemp("external"), Ports.free(), {variable: url})
    (finding,) = examine_store(layout, store)
    assert not finding.is_good
    assert "hunter2" not in finding.found
    assert variable in finding.advice
