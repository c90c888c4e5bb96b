"""The dated versions inside `/v1`, and what each one changed.

The routes know the newest version alone. A change says how a request of an older client becomes one of the
newest, how the answer becomes what that client knows, and how the older description reads; the rest is in
`serving/versioning.py`. A version is never edited once clients have it: the next change is a new date.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

HEADER = "X-API-Version"

Body = dict[str, Any]
Schemas = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Change:
    """One difference between a version and the one before it, of one operation."""

    title: str  # what a client has to do, for the changelog of versions
    method: str
    path: str  # as the description has it
    describe: Callable[[Schemas], None]  # takes the newer schemas back, in place
    request: Callable[[Body], Body] | None = None  # an older body as a newer one
    response: Callable[[Body], Body] | None = None  # a newer body as an older one
    # Newer names in problem documents, by what an older client calls them.
    locations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Version:
    """A date on which something changed; `changes` are against the version before."""

    name: str
    changes: tuple[Change, ...] = ()

    @property
    def since(self) -> date:
        return date.fromisoformat(self.name)


def renamed(body: Body, old: str, new: str) -> Body:
    """The same object with one field under another name, in its old place."""
    return {new if name == old else name: value for name, value in body.items()}


def _rename_property(schema: Schemas, old: str, new: str) -> None:
    schema["properties"] = renamed(schema["properties"], old, new)
    if "title" in schema["properties"][new]:
        schema["properties"][new]["title"] = new.replace("_", " ").title()
    schema["required"] = [new if name == old else name for name in schema.get("required", [])]


def _benchmarks_before(body: Body) -> Body:
    return {**body, "items": [renamed(item, "peers_count", "companies_count") for item in body["items"]]}


_CONTEXT = {"type": "context_type", "id": "context_id"}


def _context_into_group(body: Body) -> Body:
    """`context_type` and `context_id` as members of `context`; what is not there stays away."""
    context = {new: body[old] for new, old in _CONTEXT.items() if old in body}
    rest = {name: value for name, value in body.items() if name not in _CONTEXT.values()}
    return {**rest, "context": context} if context else rest


def _context_out_of_group(body: Body) -> Body:
    older: Body = {}
    for name, value in body.items():
        if name == "context":
            older |= {old: value[new] for new, old in _CONTEXT.items()}
        else:
            older[name] = value
    return older


def _describe_flat_context(schemas: Schemas) -> None:
    members = schemas.pop("TextContext")["properties"]
    flat = {old: {**members[new], "title": old.replace("_", " ").title()} for new, old in _CONTEXT.items()}
    for name in ("TextToClassify", "ClassifiedText"):
        schema = schemas[name]
        properties: Schemas = {}
        for key, value in schema["properties"].items():
            properties |= copy.deepcopy(flat) if key == "context" else {key: value}
        schema["properties"] = properties
        required = [key for key in schema.get("required", []) if key != "context"]
        if name == "ClassifiedText":  # an answer has all of its fields
            for member in flat:
                properties[member].pop("default", None)
            required += flat
        schema["required"] = required


VERSIONS: tuple[Version, ...] = (
    Version("2026-09-01"),
    Version(
        "2026-11-27",
        (
            Change(
                title="`items[].companies_count` of benchmarks is `items[].peers_count`.",
                method="GET",
                path="/v1/companies/{company_id}/benchmarks",
                response=_benchmarks_before,
                describe=lambda schemas: _rename_property(
                    schemas["Benchmark"], "peers_count", "companies_count"
                ),
            ),
            Change(
                title="`context_type` and `context_id` of a text to classify are `context.type` and"
                " `context.id`, in the request and in the answer.",
                method="POST",
                path="/v1/q2q/classify",
                request=_context_into_group,
                response=_context_out_of_group,
                describe=_describe_flat_context,
                locations={f"body.context.{new}": f"body.{old}" for new, old in _CONTEXT.items()},
            ),
        ),
    ),
)
NAMES: tuple[str, ...] = tuple(version.name for version in VERSIONS)
NEWEST = NAMES[-1]


def in_force(day: str) -> str:
    """The version of a day: the newest that there was on it, or the oldest that is left."""
    return max((name for name in NAMES if name <= day), default=NAMES[0])


def changes_since(version: str) -> tuple[Change, ...]:
    """What a client of `version` does not know, oldest first."""
    return tuple(change for later in VERSIONS if later.name > version for change in later.changes)


def described(document: Mapping[str, Any], version: str) -> dict[str, Any]:
    """The description that `version` has, made from that of the newest."""
    older: dict[str, Any] = copy.deepcopy(dict(document))
    for change in reversed(changes_since(version)):
        change.describe(older["components"]["schemas"])
    older["info"]["version"] = version
    return older
