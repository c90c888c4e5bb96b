"""What routes cannot say of themselves in the API's description: headers, versions, pages, examples.

It is added to what FastAPI derives, for every operation alike, so that no route can forget it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from serving.examples import NoExampleError, example_of
from serving.problems import MEDIA_TYPE, PROBLEM_TYPES, VERSION_UNKNOWN, ProblemType
from serving.versions import HEADER, NAMES, NEWEST

Document = dict[str, Any]

_JSON = "application/json"
METHODS = ("get", "put", "post", "delete", "patch")


def _header(description: str, schema: Document, example: Any) -> Document:
    return {"description": description, "schema": schema, "example": example}


_INTEGER = {"type": "integer"}
HEADERS: Document = {
    "X-Request-ID": _header(
        "This request; also the `instance` of a problem, and in the server's log.",
        {"type": "string", "format": "uuid"},
        "6a1f0c52-3f0e-4b52-9a55-0c8f8f1f7a10",
    ),
    "X-API-Version": _header("The version that was answered.", {"type": "string"}, NEWEST),
    "X-RateLimit-Limit": _header("Requests the caller has per minute.", _INTEGER, 1000),
    "X-RateLimit-Remaining": _header("Those that are left of this minute.", _INTEGER, 999),
    "X-RateLimit-Reset": _header("When the next minute begins, in unix seconds.", _INTEGER, 1790000000),
    "Retry-After": _header("Seconds after which trying again may help.", _INTEGER, 2),
    "ETag": _header("Send it as `If-None-Match`, and get 304 while nothing has changed.",
                    {"type": "string"}, '"17-2c6f1b0a9d3e4f58"'),
    "WWW-Authenticate": _header("What is asked for.", {"type": "string"}, 'Bearer realm="impact"'),
}  # fmt: skip
_LIMITS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
# Statuses that say when to try again.
_LATER = ("429", "503")

_VERSION_PARAMETER: Document = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "The version the client was written for; without it, the key's own or the newest.",
    "schema": {"$ref": "#/components/schemas/ApiVersion"},
}
_VERSION_SCHEMA: Document = {
    "type": "string",
    "title": "ApiVersion",
    "enum": list(NAMES),
    "description": "A dated version of the API; `/api-docs/versions` says what changed in each.",
}


def complete(document: Document) -> None:
    """Add it all, in place."""
    components = document["components"]
    components["headers"] = HEADERS
    components["examples"] = {slug: problem_example(kind) for slug, kind in PROBLEM_TYPES.items()}
    components["parameters"] = {"ApiVersion": _VERSION_PARAMETER}
    components["schemas"]["ApiVersion"] = _VERSION_SCHEMA
    for path, operation in operations(document):
        if path.startswith("/v1/"):
            _add_version(operation)
        _add_headers(path, operation)
        _add_pages(operation)
        _add_examples(operation, components["schemas"])


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    """Every operation with its path."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, item[method]


def problem_example(kind: ProblemType) -> Document:
    """One occurrence of a kind of problem, as it is shown."""
    return {
        "summary": kind.title,
        "value": {
            "type": kind.uri,
            "title": kind.title,
            "status": kind.status,
            "detail": kind.advice,
            "instance": "urn:uuid:6a1f0c52-3f0e-4b52-9a55-0c8f8f1f7a10",
        },
    }


def add_problem(responses: Document, kind: ProblemType) -> None:
    """One more kind among the answers; kinds of one status share an entry."""
    entry = responses.setdefault(
        str(kind.status),
        {
            "description": kind.title,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
        },
    )
    if kind.title not in entry["description"]:
        entry["description"] += f"; or: {kind.title}"
    entry["content"][MEDIA_TYPE]["examples"][kind.slug] = {"$ref": f"#/components/examples/{kind.slug}"}


def _add_version(operation: Document) -> None:
    operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/ApiVersion"})
    add_problem(operation["responses"], VERSION_UNKNOWN)
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _add_headers(path: str, operation: Document) -> None:
    has_copies = "304" in operation["responses"]
    for status, response in operation["responses"].items():
        names = ["X-Request-ID"]
        if path.startswith("/v1/"):
            names.append("X-API-Version")
        if operation.get("security") and status not in ("401", "500"):
            names += _LIMITS
        if status in _LATER:
            names.append("Retry-After")
        if status == "401":
            names.append("WWW-Authenticate")
        if has_copies and status in ("200", "304"):
            names.append("ETag")
        headers = response.setdefault("headers", {})
        for name in names:
            headers.setdefault(name, {"$ref": f"#/components/headers/{name}"})


def _add_pages(operation: Document) -> None:
    """How a list goes on: clients page by this, not by knowing the route."""
    names = {parameter.get("name") for parameter in operation.get("parameters", ())}
    if {"cursor", "limit"} <= names:
        operation["x-pagination"] = {
            "cursor": "cursor", "limit": "limit", "items": "items", "next": "next_cursor",
        }  # fmt: skip


def _add_examples(operation: Document, schemas: Document) -> None:
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for holder in (*bodies, *operation["responses"].values()):
        media = holder.get("content", {}).get(_JSON)
        if media is None or "schema" not in media or "example" in media or "examples" in media:
            continue
        try:
            media["example"] = example_of(media["schema"], schemas)
        except NoExampleError as error:
            raise NoExampleError(f"{operation['operationId']}: {error}") from None
