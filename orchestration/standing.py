"""What of a dbt target stands as an earlier build left it, so that a refresh need not have dbt do it again.

Views and seeds change with the project and with nothing else, and a test's SQL does too. A complete build by
dbt is remembered: how each view and seed was defined, and the SQL of every data test. While the project and
these definitions are the same, a refresh builds the tables alone and asks the tests in one query per model.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.dbt import DbtTarget

# Kinds of nodes that say the same as long as nobody changes their definition.
DEFINED_ONCE = frozenset({"view", "materialized_view", "seed"})


@dataclass(frozen=True)
class Rule:
    """One data test: a query of the rows that break it."""

    unique_id: str
    about: str  # unique id of the model or source it is about
    sql: str
    is_error: bool  # or a warning


@dataclass(frozen=True)
class Standing:
    """A complete build as it is remembered."""

    project: str  # fingerprint of the dbt project
    definitions: Mapping[str, str]  # of each view and seed, by unique id
    rules: Sequence[Rule]


class Built(Protocol):
    """The store that a target builds in."""

    def definitions(self, nodes: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        """By unique id, a digest of what each view and seed is; one that is not there has none."""

    def count_rows(self, relation: str) -> int:
        """Rows of a table, by its quoted name."""

    def numbers(self, query: str) -> list[tuple[int, int]]:
        """The rows of a query of two whole numbers."""


def remember(target: DbtTarget, manifest: Mapping[str, Any], built: Built, project: str) -> None:
    """Keep what the complete build that has just succeeded in the target's run folder has made."""
    results = json.loads((target.run_folder / "run_results.json").read_text())["results"]
    rules = [
        Rule(
            unique_id=result["unique_id"],
            about=_subject(manifest["nodes"][result["unique_id"]]),
            sql=result["compiled_code"],
            is_error=manifest["nodes"][result["unique_id"]]["config"]["severity"].lower() == "error",
        )
        for result in results
        if result["unique_id"].startswith("test.")
    ]
    standing = Standing(project, built.definitions(defined_once(manifest)), rules)
    _path(target).write_text(json.dumps(asdict(standing)))


def forget(target: DbtTarget) -> None:
    """Have the next build done by dbt from end to end."""
    _path(target).unlink(missing_ok=True)


def what_stands(
    target: DbtTarget, manifest: Mapping[str, Any], built: Built, project: str
) -> Standing | None:
    """The remembered build, if project, views and seeds are still the same; else None."""
    path = _path(target)
    if not path.exists():
        return None
    kept = json.loads(path.read_text())
    standing = Standing(kept["project"], kept["definitions"], [Rule(**rule) for rule in kept["rules"]])
    nodes = defined_once(manifest)
    if standing.project != project or standing.definitions.keys() != {node["unique_id"] for node in nodes}:
        return None
    return standing if built.definitions(nodes) == standing.definitions else None


def broken_rows(built: Built, rules: Iterable[Rule]) -> Iterator[tuple[Rule, int]]:
    """Each rule with the number of rows that break it, asked in one query for all rules about one model."""
    by_subject = defaultdict(list)
    for rule in rules:
        by_subject[rule.about].append(rule)
    for alike in by_subject.values():
        counts = " union all ".join(
            f"select {number} as rule, count(*) as broken from (\n{rule.sql}\n) as rows_of_{number}"  # noqa: S608 - compiled by dbt
            for number, rule in enumerate(alike)
        )
        found = dict(built.numbers(counts))
        yield from ((rule, found[number]) for number, rule in enumerate(alike))


def defined_once(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The views and seeds of a manifest."""
    return [node for node in manifest["nodes"].values() if is_defined_once(node)]


def is_defined_once(node: Mapping[str, Any]) -> bool:
    return node["resource_type"] in ("model", "seed") and node["config"]["materialized"] in DEFINED_ONCE


def _subject(test: Mapping[str, Any]) -> str:
    return str(test.get("attached_node") or test["depends_on"]["nodes"][0])


def _path(target: DbtTarget) -> Path:
    return target.run_folder / "standing.json"


class Warehouse:
    """ClickHouse, where views keep their SQL and seeds are told by their rows."""

    def __init__(self, client: ClickHouseClient) -> None:
        self._client = client

    def definitions(self, nodes: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        named = {f"{node['schema']}.{node['alias']}": node for node in nodes}
        found = self._client.query(
            "select concat(database, '.', name), hex(MD5(create_table_query)) from system.tables"
            " where concat(database, '.', name) in {names:Array(String)}",
            {"names": list(named)},
        ).result_rows
        digests = {named[name]["unique_id"]: digest for name, digest in found}
        for node in named.values():
            if node["resource_type"] == "seed" and node["unique_id"] in digests:
                rows = f"select toString(sum(cityHash64(toString(tuple(*))))) from {node['relation_name']}"  # noqa: S608 - quoted by dbt
                digests[node["unique_id"]] += f" {self._client.query(rows).result_rows[0][0]}"
        return digests

    def count_rows(self, relation: str) -> int:
        return int(self._client.query(f"select count() from {relation}").result_rows[0][0])  # noqa: S608 - quoted by dbt

    def numbers(self, query: str) -> list[tuple[int, int]]:
        return [(int(one), int(other)) for one, other in self._client.query(query).result_rows]


class Serving:
    """Postgres, where a materialized view is its SQL and its indexes."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def definitions(self, nodes: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        named = {f"{node['schema']}.{node['alias']}": node["unique_id"] for node in nodes}
        found = self._connection.execute(
            "select nspname || '.' || relname, md5(concat(pg_get_viewdef(pg_class.oid), ("
            "  select string_agg(pg_get_indexdef(indexrelid), ';' order by indexrelid)"
            "  from pg_index where indrelid = pg_class.oid)))"
            " from pg_class inner join pg_namespace on relnamespace = pg_namespace.oid"
            " where relkind = 'm' and relispopulated and nspname || '.' || relname = any(%s)",
            (list(named),),
        ).fetchall()
        return {named[name]: digest for name, digest in found}

    def count_rows(self, relation: str) -> int:
        return int(self._connection.execute(f"select count(*) from {relation}".encode()).fetchall()[0][0])  # noqa: S608 - quoted by dbt

    def numbers(self, query: str) -> list[tuple[int, int]]:
        return [(int(one), int(other)) for one, other in self._connection.execute(query.encode()).fetchall()]
