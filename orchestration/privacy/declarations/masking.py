"""Views for analysts: every table about people, without what says who they are.

A person's id is a keyed hash, the same in every view, so that people can still be counted, followed and
joined. Names, addresses, words and what was made of words are left out. The key is made once per platform
and never shown: who may read `masked` need not, and on a server with users must not, be allowed to read
`masking`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.privacy.declarations.declarations import Declarations
from orchestration.privacy.declarations.grammar import Column, Relation

SCHEMAS = ("raw", "nlp", "journey", "marts")  # staging and intermediate are steps on the way, not for reading
_IN_TRANSIT = ("raw.landed_events", "raw.text_rewrites", "journey.arrivals")


def create_masked_views(
    client: ClickHouseClient, declarations: Declarations, *, prefix: str = ""
) -> list[str]:
    """Make or replace the views of all tables that are there; returns their names.

    A prefix is DBT_SCHEMA_PREFIX: the views then read and lie in databases that have it.
    """
    client.command(f"create database if not exists {prefix}masking")
    client.command(f"create database if not exists {prefix}masked")
    client.command(
        f"create table if not exists {prefix}masking.keys (key0 UInt64, key1 UInt64)"
        " engine = MergeTree order by tuple()"
    )
    if not client.query(f"select 1 from {prefix}masking.keys limit 1").result_rows:  # noqa: S608 - a prefix of ours
        client.insert(
            f"{prefix}masking.keys",
            [[secrets.randbits(64), secrets.randbits(64)]],
            column_names=["key0", "key1"],
        )
    present = {
        f"{database.removeprefix(prefix)}.{table}"
        for database, table in client.query(
            "select database, name from system.tables where startsWith(database, {prefix:String})",
            parameters={"prefix": prefix},
        ).result_rows
    }
    created = []
    for relation in masked_relations(declarations):
        if relation.name in present:
            client.command(masked_view(relation, prefix=prefix))
            created.append(view_name(relation))
    return created


def masked_relations(declarations: Declarations) -> Iterator[Relation]:
    """Tables and views of ClickHouse that analysts may read in this way."""
    for relation in declarations.of_store("clickhouse"):
        schema = relation.name.partition(".")[0]
        is_kept = relation.kind != "materialized_view" and relation.name not in _IN_TRANSIT
        if relation.is_about_people and schema in SCHEMAS and is_kept:
            yield relation


def view_name(relation: Relation) -> str:
    return f"masked.{relation.name.replace('.', '__')}"


def masked_view(relation: Relation, *, prefix: str = "") -> str:
    """The statement that makes the view. A column that only names people or quotes them is not in it."""
    columns = [_masked(name, column) for name, column in relation.columns.items()]
    return (
        f"create or replace view {prefix}{view_name(relation)} as"  # noqa: S608 - names of declarations
        f" with (select tuple(key0, key1) from {prefix}masking.keys limit 1) as masking_key"
        f" select {', '.join(filter(None, columns))} from {prefix}{relation.name} as unmasked"
    )


def _masked(name: str, column: Column) -> str | None:
    if column.pii == "none" and not column.mentions:
        return f"unmasked.{name} as {name}"
    if column.pii == "pseudonym":
        # Nobody stays nobody: the nil UUID is no person.
        return (
            f"if(toString(unmasked.{name}) in ('', '{UUID(int=0)}'), '',"
            f" lower(hex(sipHash128Keyed(masking_key, toString(unmasked.{name}))))) as {name}"
        )
    return None
