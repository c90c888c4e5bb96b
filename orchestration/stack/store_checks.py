"""Each store's version, safety and rights, through the clients that the platform uses.

Rights are tried, not read: something is created under a random name and taken away again.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from nats.js.api import StreamConfig
from psycopg import sql

from ingest.stores import clickhouse_client, nats_client, postgres_connection
from ingest.webhooks.admission import LARGEST_BODY
from orchestration.stack import preflight
from orchestration.stack.layout import HOST, Layout
from orchestration.stack.preparation import store_settings

# A body of the largest size the receiver takes, with the headers that travel beside it.
SMALLEST_PAYLOAD = 2 * LARGEST_BODY

_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")

OLDEST = {"postgres": (16,), "clickhouse": (25, 8), "nats": (2, 11)}  # older ones are not tested


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `advice` says what to do if it is not good."""

    subject: str
    is_good: bool
    found: str
    advice: str = ""


def examine_store(layout: Layout, store: str) -> list[Finding]:
    """Everything about one store; a single finding if it cannot be reached."""
    kind = "external" if layout.is_external(store) else "embedded"
    where = f"{kind}, {preflight.address_of(layout, store)}"
    checks: dict[str, Callable[[Layout], list[Finding]]] = {
        "postgres": _postgres, "clickhouse": _clickhouse, "nats": _nats,
    }  # fmt: skip
    try:
        return [Finding(store, True, f"{where}: reached"), *checks[store](layout)]
    except Exception as error:  # whatever a driver raises: the other stores' findings are still wanted
        advice = f"see `impact logs {store}`"
        if kind == "external":
            advice = f"check host, port, user, password and TLS in {store.upper()}_URL"
        return [Finding(store, False, f"{where}: {_short(error)}", advice)]


def _postgres(layout: Layout) -> list[Finding]:
    with closing(postgres_connection(store_settings(layout))) as connection:
        settings: dict[str, str] = dict(
            connection.execute(
                "select name, setting from pg_settings where name = any(%s)",
                ([*_DURABLE, "server_version", "log_error_verbosity"],),
            ).fetchall()
        )

        def create() -> None:
            schema = sql.Identifier(f"impact_doctor_{secrets.token_hex(4)}")
            connection.execute(sql.SQL("create schema {}").format(schema))
            connection.execute(sql.SQL("create table {}.t (id int primary key)").format(schema))
            connection.execute(sql.SQL("create materialized view {0}.v as table {0}.t").format(schema))

        right = _attempt(
            "postgres rights", "create schema, table and materialized view", create,
            "grant CREATE on the database to this user",
        )  # fmt: skip
        connection.rollback()  # takes everything back, whether it worked or not
    off = [name for name in _DURABLE if settings[name] == "off"]
    verbosity = settings["log_error_verbosity"]
    quotes = verbosity != "terse"
    return [
        _version("postgres", settings["server_version"]),
        Finding(
            "postgres durability", not off, ", ".join(f"{name} {settings[name]}" for name in _DURABLE),
            f"turn on {', '.join(off)}: an accepted webhook must survive a power cut" if off else "",
        ),
        Finding(
            "postgres log", not quotes, f"log_error_verbosity {verbosity}",
            "set it to terse: details of an error quote keys and rows, which are people's" if quotes else "",
        ),
        right,
    ]  # fmt: skip


def _clickhouse(layout: Layout) -> list[Finding]:
    name = f"impact_doctor_{secrets.token_hex(4)}"
    with closing(clickhouse_client(store_settings(layout))) as client:

        def create() -> None:
            try:
                client.command(f"create database {name}")
                client.command(f"create table {name}.t (id UInt64) engine = MergeTree order by id")
            finally:
                client.command(f"drop database if exists {name}")

        version = str(client.command("select version()"))
        synced = client.query(
            "select name, value from system.merge_tree_settings"
            " where name in ('fsync_after_insert', 'fsync_part_directory') order by name"
        ).result_rows
        right = _attempt(
            "clickhouse rights", "create and drop database and table", create,
            "grant CREATE DATABASE, CREATE TABLE, DROP, INSERT and SELECT to this user",
        )  # fmt: skip
    found = ", ".join(f"{setting} {value}" for setting, value in synced)
    return [
        _version("clickhouse", version),
        Finding(
            "clickhouse durability", True, f"{found}; NATS and Postgres hold every event until it is loaded"
        ),
        right,
    ]


def _nats(layout: Layout) -> list[Finding]:
    findings = asyncio.run(_nats_through_client(layout))
    if not layout.is_external("nats"):
        url = f"http://{HOST}:{layout.ports.nats_monitor}/jsz?config=true"
        with urllib.request.urlopen(url, timeout=5) as response:
            config = json.load(response).get("config", {})
        safe = bool(config.get("sync_always"))
        advice = "" if safe else "run `impact down`, then `impact up`: the configuration is written anew"
        findings.append(
            Finding("nats durability", safe, f"sync_interval {'always' if safe else 'not always'}", advice)
        )
    return findings


async def _nats_through_client(layout: Layout) -> list[Finding]:
    client = await asyncio.wait_for(nats_client(store_settings(layout), name="impact doctor"), timeout=5)
    try:
        found = client.connected_server_version
        version = f"{found.major}.{found.minor}.{found.patch}"
        jetstream = client.jetstream()
        name = f"IMPACT_DOCTOR_{secrets.token_hex(4)}"
        try:
            await jetstream.add_stream(StreamConfig(name=name, subjects=[f"doctor.{name}"]))
            await jetstream.delete_stream(name)
        except Exception as error:
            right = Finding(
                "nats rights", False, _short(error), "enable JetStream for this account and allow $JS.API.>"
            )
        else:
            right = Finding("nats rights", True, "create and delete stream")
        payload = client.max_payload
    finally:
        await client.close()
    return [
        _version("nats", version),
        right,
        Finding(
            "nats payload",
            payload >= SMALLEST_PAYLOAD,
            f"max_payload {payload:,} bytes",
            f"set max_payload to {SMALLEST_PAYLOAD:,} or more: large deliveries would never leave the inbox",
        ),
    ]


def _version(store: str, version: str) -> Finding:
    digits = tuple(int(part) for part in version.split()[0].split("-")[0].split(".")[:2] if part.isdigit())
    oldest = OLDEST[store]
    good = digits >= oldest
    wanted = ".".join(map(str, oldest))
    return Finding(f"{store} version", good, version, "" if good else f"use version {wanted} or newer")


def _attempt(subject: str, what: str, act: Callable[[], object], advice: str) -> Finding:
    try:
        act()
    except Exception as error:  # the drivers' own errors; each means that the right is missing
        return Finding(subject, False, f"cannot {what}: {_short(error)}", advice)
    return Finding(subject, True, what)


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else text[:200] + "…"
