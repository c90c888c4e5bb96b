"""Brings Postgres and ClickHouse to the schema of this version.

Each store keeps the list of applied files with their SHA-256: an edited migration is refused, not skipped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_163_202_611  # any constant: one migrating process at a time


class MigrationError(Exception):
    """A migration that was applied before has changed since; restore the file and add a new one instead."""


@dataclass(frozen=True)
class Migration:
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations_of(store: str) -> list[Migration]:
    return [
        Migration(path.stem, path.read_text("utf-8")) for path in sorted((MIGRATIONS / store).glob("*.sql"))
    ]


def migrate_postgres(connection: psycopg.Connection) -> list[str]:
    """Apply what is missing, all of it or nothing; returns the names applied."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        cursor.execute(
            "create table if not exists public.schema_migrations"
            " (name text primary key, sha256 text not null, applied_at timestamptz not null default now())"
        )
        cursor.execute("select name, sha256 from public.schema_migrations")
        pending = list(_pending("postgres", dict(cursor.fetchall())))
        for migration in pending:
            cursor.execute(migration.sql.encode())
            cursor.execute(
                "insert into public.schema_migrations (name, sha256) values (%s, %s)",
                (migration.name, migration.sha256),
            )
    return [migration.name for migration in pending]


def migrate_clickhouse(client: ClickHouseClient) -> list[str]:
    """Apply what is missing. ClickHouse has no transactions, so each statement says `if not exists`."""
    client.command("create database if not exists raw")
    client.command(
        "create table if not exists raw.schema_migrations (name String, sha256 String,"
        " applied_at DateTime64(3, 'UTC') default now64(3)) engine = MergeTree order by name"
    )
    rows = client.query("select name, sha256 from raw.schema_migrations").result_rows
    applied = {str(name): str(sha256) for name, sha256 in rows}
    pending = list(_pending("clickhouse", applied))
    for migration in pending:
        for statement in _statements(migration.sql):
            client.command(statement)
        client.insert(
            "raw.schema_migrations", [[migration.name, migration.sha256]], column_names=["name", "sha256"]
        )
    return [migration.name for migration in pending]


def _pending(store: str, applied: Mapping[str, str]) -> Iterable[Migration]:
    for migration in migrations_of(store):
        if (known := applied.get(migration.name)) is None:
            yield migration
        elif known != migration.sha256:
            raise MigrationError(
                f"{store}/{migration.name}.sql was changed after it had been applied;"
                " restore it from version control and put the change into a new migration"
            )


def _statements(sql: str) -> Iterable[str]:
    # Migrations keep ';' for the end of a statement: at the end of a line, never inside a literal.
    for statement in sql.split(";\n"):
        if stripped := statement.strip().removesuffix(";"):
            yield stripped
