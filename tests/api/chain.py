"""From a mart's column to a field of a client: every link between them, and what is wrong with it.

mart contract (ClickHouse) → served copy → materialized view → query of the API → Pydantic model → OpenAPI
→ types of the SDKs.
A finding names the column, the model and the route, so that whoever renamed something knows where it ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import sqlglot
import yaml
from jinja2 import Template
from pydantic import BaseModel
from sqlglot import exp

from orchestration.privacy.declarations.lineage import Value, columns_of
from serving.queries import companies, comparison, export, value
from serving.routers import companies as company_routes
from serving.routers import comparison as comparison_routes
from serving.routers import export as export_routes
from serving.routers import value as value_routes
from serving.specs import NEWEST_SPEC

PROJECT = Path(__file__).resolve().parents[2]
MODELS = PROJECT / "dbt_project" / "models"
CLIENTS = PROJECT / "serving" / "clients"
PYTHON = CLIENTS / "python" / "src" / "impact_client" / "_generated" / "models"
TYPESCRIPT = CLIENTS / "typescript" / "src" / "generated" / "serving.ts"

Contracts = Mapping[str, Mapping[str, str]]  # mart → column → ClickHouse type
Feeds = Mapping[str, Mapping[str, frozenset[str]]]  # view → column → the marts' columns it comes from

_KINDS = {
    "Float64": {"number"}, "Int": {"integer", "number"}, "UInt": {"integer", "number"},
    "String": {"string", "object", "array"},  # JSON is a String in ClickHouse
    "UUID": {"string"}, "Date": {"string"}, "DateTime64": {"string"}, "Bool": {"boolean"},
}  # fmt: skip


@dataclass(frozen=True)
class Link:
    """A model of the API whose fields are columns of a view."""

    operation: str
    statement: str
    model: type[BaseModel]
    dynamic: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # field: the columns it may be


LINKS = (
    Link("reporting_getAtAGlance", companies.AT_A_GLANCE, company_routes.Inputs),
    Link("reporting_getAtAGlance", companies.AT_A_GLANCE, company_routes.Outcomes),
    Link("reporting_getAtAGlance", companies.AT_A_GLANCE, company_routes.Value),
    Link("reporting_getMetrics", companies.METRICS, company_routes.PeriodMetrics),
    Link("reporting_getHistory", companies.HISTORY, company_routes.HistoryPoint,
         {"value": company_routes.METRIC_NAMES}),
    Link("reporting_getSROI", value.SROI, value_routes.SroiResult),
    Link("reporting_getVIS", value.VIS, value_routes.Vis),
    Link("reporting_getVIS", value.VIS, value_routes.VisParts),
    Link("reporting_getVIS", value.VIS, value_routes.TopVolunteer),
    Link("reporting_getOutcomes", value.OUTCOMES, value_routes.OutcomeItem),
    Link("reporting_getTiles", value.TILES, value_routes.TileFigure),
    Link("reporting_getTile", value.TILES, value_routes.TileFigure),
    Link("reporting_getGoals", value.GOALS, value_routes.Goal),
    Link("reporting_getTrends", comparison.TRENDS, comparison_routes.TrendPoint),
    Link("reporting_getCohortMetrics", comparison.COHORT_METRICS, comparison_routes.CohortFigure),
    Link("reporting_compareCohorts", comparison.COHORT_COMPARISON, comparison_routes.ComparedFigure),
    Link("reporting_getRetention", comparison.RETENTION, comparison_routes.RetentionCell),
    Link("reporting_getFunnels", comparison.FUNNELS, comparison_routes.FunnelStage),
    Link("reporting_getBenchmarks", comparison.BENCHMARKS, comparison_routes.Benchmark),
    Link("reporting_exportCSRD", export.CSRD, export_routes.DataPoint),
)  # fmt: skip


@cache
def contracts() -> Contracts:
    """What each mart promises, from the project's YAML."""
    found: dict[str, dict[str, str]] = {}
    for file in (MODELS / "marts").rglob("*.yml"):
        for model in yaml.safe_load(file.read_text("utf-8")).get("models") or ():
            found[model["name"]] = {one["name"]: one["data_type"] for one in model.get("columns") or ()}
    return found


@cache
def views() -> Mapping[str, str]:
    """The SQL of each view, with the served copies called as the marts they are copies of."""
    return {
        file.stem: Template(file.read_text("utf-8")).render(
            config=lambda **_: "", source=lambda schema, table: f"{schema}.{table}"
        )
        for file in sorted((MODELS / "serving").glob("mv_*.sql"))
    }


class _Copy(dict[str, Value]):
    """The columns of a mart's copy. One that is asked for and not there is told, not refused."""

    def __init__(self, mart: str) -> None:
        super().__init__()
        self._mart = mart

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Value:
        return Value(frozenset({("column", f"{self._mart}.{name}")}))


@cache
def feeds() -> Feeds:
    """Which marts' columns each column of a view comes from, whether the marts have them or not."""
    tables = {f"serving.{mart}": _Copy(mart) for mart in contracts()}
    return {
        view: {
            name: frozenset(column for _, column in traced.feeds)
            for name, traced in columns_of(sql, tables, dialect="postgres").items()
        }
        for view, sql in views().items()
    }


@dataclass(frozen=True)
class Field:
    """One field that a query gives: from which columns of which view, and whether null is replaced."""

    columns: frozenset[tuple[str, str]]
    is_replaced: bool


def shapes(statement: str) -> Iterator[dict[str, Field]]:
    """Every object a query builds from a view: its selected columns, and each `json_build_object`."""
    for select in sqlglot.parse_one(statement, dialect="postgres").find_all(exp.Select):
        read = [table for table in select.find_all(exp.Table) if table.find_ancestor(exp.Select) is select]
        views_read = {table.alias_or_name: table.name for table in read if table.name.startswith("mv_")}
        if not views_read:
            continue
        others = {table.alias_or_name for table in read} - set(views_read)
        of = _fields(views_read, others)
        yield {
            name: found for one in select.expressions if (found := of(one)) and (name := one.alias_or_name)
        }
        for call in select.find_all(exp.Anonymous):
            if call.name.lower() == "json_build_object" and call.find_ancestor(exp.Select) is select:
                pairs = zip(call.expressions[::2], call.expressions[1::2], strict=True)
                yield {key.name: of(what) or Field(frozenset(), False) for key, what in pairs}


def _fields(views_read: Mapping[str, str], others: set[str]) -> Callable[[exp.Expr], Field | None]:
    (view,) = set(views_read.values())

    def of(expression: exp.Expr) -> Field | None:
        columns = {column for column in expression.find_all(exp.Column) if column.table not in others}
        names = frozenset((view, column.name) for column in columns if column.name not in views_read)
        if not columns:
            return None
        return Field(names, expression.find(exp.Coalesce) is not None)

    return of


def findings(links: tuple[Link, ...] = LINKS, marts: Contracts | None = None) -> list[str]:
    """Everything that is wrong, a line each; nothing when the chain holds."""
    promised = contracts() if marts is None else marts
    found: list[str] = []
    for link in links:
        found += _of_link(link, promised)
    return found


def _of_link(link: Link, marts: Contracts) -> Iterator[str]:
    method, path, operation = operations()[link.operation]
    route, model = f"{method.upper()} {path}", link.model.__name__
    schema = link.model.model_json_schema(mode="serialization")
    names = set(schema["properties"])
    given = max(shapes(link.statement), key=lambda shape: len(names & set(shape)))
    for name in sorted(names ^ set(given)):
        side = (
            "is in the model and not in the query"
            if name in names
            else "is in the query and not in the model"
        )
        yield f"{model}.{name} of {route} {side}"
    for name in sorted(names & set(given)):
        columns = given[name].columns
        if name in link.dynamic:
            ((view, _), *_) = [
                *columns,
                *((v, "") for shape in [given] for f in shape.values() for v, _ in f.columns),
            ]
            columns = frozenset((view, one) for one in link.dynamic[name])
        for view, column in sorted(columns):
            yield from _of_column(view, column, f"{route} shows it as {model}.{name}", marts)
        yield from _of_type(given[name], schema, name, f"{model}.{name} of {route}", marts)
    yield from _of_openapi(operation, model, names, route)
    yield from _of_sdks(model, names, route)


def _of_column(view: str, column: str, shown: str, marts: Contracts) -> Iterator[str]:
    if column not in feeds()[view]:
        yield f"{view} has no column {column}; {shown}"
        return
    for source in sorted(feeds()[view][column]):
        mart, _, name = source.partition(".")
        if name not in marts[mart]:
            yield f"the mart {mart} promises no column {name}; {view}.{column} reads it, and {shown}"


def _of_type(given: Field, schema: dict[str, Any], name: str, what: str, marts: Contracts) -> Iterator[str]:
    """Only where a field is one column of one mart: what is computed has no type to compare."""
    sources = {source for view, column in given.columns for source in feeds()[view].get(column, ())}
    if len(sources) != 1:
        return
    mart, _, column = next(iter(sources)).partition(".")
    if (promised := marts[mart].get(column)) is None:
        return
    plain = re.sub(r"(?:Nullable|LowCardinality)\(|\)", "", promised.split(",")[0])
    wanted = next((kinds for start, kinds in _KINDS.items() if plain.startswith(start)), {"string"})
    kinds = set(_kinds(schema["properties"][name], schema.get("$defs", {})))
    if not wanted & kinds:
        yield f"{what} is {'/'.join(sorted(kinds))}, {mart}.{column} is {promised}"
    if "Nullable" in promised and "null" not in kinds and not given.is_replaced:
        yield f"{what} is never null, {mart}.{column} is {promised}"


def _kinds(schema: dict[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        yield from _kinds(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    for choice in schema.get("anyOf", ()):
        yield from _kinds(choice, definitions)
    if "type" in schema:
        yield schema["type"]


def _of_openapi(operation: Mapping[str, Any], model: str, names: set[str], route: str) -> Iterator[str]:
    schemas = _spec()["components"]["schemas"]
    if model not in _reached(operation["responses"]["200"], schemas):
        yield f"the description of {route} does not lead to {model}"
        return
    for name in sorted(names ^ set(schemas[model]["properties"])):
        yield f"{model}.{name} of {route} is not the same in the description: run `impact api specs write`"


def _of_sdks(model: str, names: set[str], route: str) -> Iterator[str]:
    for client, fields in (("Python", python_fields(model)), ("TypeScript", typescript_fields(model))):
        for name in sorted(names ^ fields):
            yield f"{model}.{name} of {route} is not the same in the {client} client: generate it anew"


def python_fields(model: str) -> set[str]:
    """The fields of a model in the generated Python client; none if it has no such model."""
    file = PYTHON / f"{re.sub(r'(?<!^)(?=[A-Z])', '_', model).lower()}.py"
    if not file.exists():
        return set()
    return {
        name.removesuffix("_") for name in re.findall(r"^    (\w+): ", file.read_text("utf-8"), re.MULTILINE)
    }


def typescript_fields(model: str) -> set[str]:
    """The same in the generated TypeScript types."""
    types = TYPESCRIPT.read_text("utf-8") if TYPESCRIPT.exists() else ""
    block = re.search(rf"^ {{8}}{model}: {{\n(.*?)^ {{8}}}};", types, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"^ {12}(\w+)\??: ", block[1], re.MULTILINE)) if block else set()


def _reached(node: Any, schemas: Mapping[str, Any], seen: set[str] | None = None) -> set[str]:
    """The names of all schemas that a node leads to."""
    seen = set() if seen is None else seen
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str) and "/schemas/" in node["$ref"]:
            name = node["$ref"].rpartition("/")[2]
            if name not in seen:
                seen.add(name)
                _reached(schemas[name], schemas, seen)
        for member in node.values():
            _reached(member, schemas, seen)
    elif isinstance(node, list):
        for member in node:
            _reached(member, schemas, seen)
    return seen


@cache
def _spec() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(NEWEST_SPEC.read_text("utf-8"))
    return document


@cache
def operations() -> Mapping[str, tuple[str, str, Mapping[str, Any]]]:
    """Method, path and description of each operation, by its id."""
    return {
        operation["operationId"]: (method, path, operation)
        for path, item in _spec()["paths"].items()
        for method, operation in item.items()
    }
