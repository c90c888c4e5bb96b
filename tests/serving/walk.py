"""Every operation of the API as somebody of one company who names what another company has.

A request is made of the description's own example, its ids replaced by those of things that are there: in the
address, in the query, in the body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from serving.app import create_app
from serving.description import METHODS
from serving.settings import ServingSettings
from tests.serving.things import BODY, WORDS, Things

Document = Mapping[str, Any]
OPEN_ENDED = "/v1/stream/updates"
_IN_VALUES = {  # of names in addresses that are nobody's
    "model_id": "q2q-local-v4", "rule_id": "mentor_ready_001", "metric_id": "sessions_count",
    "tile": "mentorship", "milestone": "job_ready", "name": "api_key",
}  # fmt: skip
_ORDER = {"GET": 0, "POST": 1, "PATCH": 2, "PUT": 3, "DELETE": 4}


# What names something and is an answer all the same, in which nothing of it is.
ANSWERED = {
    "POST /v1/journey/rules/dry-run by thing": "of the own company's people, among whom that person is not",
    "POST /v1/impact-in/deliveries/bulk-replay by thing": "which of them are none of one's own",
}
Send = Callable[["Asked"], httpx.Response]


@dataclass(frozen=True)
class Asked:
    """A request, and how it names the other company's."""

    method: str
    path: str  # template
    address: str
    names: str  # thing: by an id of something of theirs; company: by its own id; nothing
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path} by {self.names}"


def described() -> Document:
    return create_app(ServingSettings.for_documentation()).openapi()


def requests(document: Document, things: Things, own: UUID) -> list[Asked]:
    """All that can be asked about the company's things; changes after reads, what ends something last."""
    found = [
        asked
        for path, item in document["paths"].items()
        if path.startswith("/v1/")
        for method in METHODS
        if method in item and item[method]["x-permission"] != ["system:admin"]
        for asked in _of(document, method.upper(), path, item[method], things, own)
    ]
    return sorted(found, key=lambda one: (_ORDER[one.method], one.path.endswith("/cancel"), one.names))


def let_through(asked: Iterable[Asked], send: Send, things: Things) -> dict[str, tuple[int, str]]:
    """The requests by which another company got further than it may, with what it was told."""
    found = {}
    secrets = [WORDS, BODY.decode(), *(str(things.id(name)) for name in ("slot", "text", "event", "attempt"))]
    for one in asked:
        if one.path == OPEN_ENDED and one.names == "nothing":
            continue  # one's own live stream, which does not end
        answer = send(one)
        kind = answer.json()["type"].removeprefix("/problems/") if answer.status_code >= 400 else ""
        if not _is_kept_out(one, answer.status_code, kind) or any(
            secret in answer.text for secret in secrets
        ):
            found[str(one)] = (answer.status_code, kind)
    return found


def _is_kept_out(one: Asked, status: int, kind: str) -> bool:
    if one.names == "company":
        return (status, kind) == (403, "company-forbidden")
    if one.names == "thing" and str(one) not in ANSWERED:
        return kind == "company-forbidden" or (status == 404 and kind.endswith("-not-found"))
    return status < 500


def _of(
    document: Document, method: str, path: str, operation: Document, things: Things, own: UUID
) -> Iterator[Asked]:
    body, has_thing_in_body = _body(document, operation, things)
    in_path = set(re.findall(r"{(\w+)}", path))
    thing_in_path = bool(in_path & set(things.in_paths) - {"platform"})
    in_paths = {**things.in_paths}
    if body is not None and "preview_id" in body:
        in_paths["scheduled_id"] = in_paths["schedule_id"]  # of which the preview is
    address = _address(path, in_paths)
    names = "thing" if thing_in_path or has_thing_in_body else "nothing"
    if names == "thing" or method == "GET":
        yield Asked(method, path, address, names, {}, body)
    parameters = {one.get("name") for one in operation.get("parameters", ())}
    theirs = str(things.company_id)
    if "companyId" in parameters:
        yield Asked(method, path, address, "company", {"companyId": theirs}, body)
    if "company_id" in _properties(document, operation):
        yield Asked(method, path, address, "company", {}, {**body, "company_id": theirs})
    if "company_id" in in_path and len(in_path) > 1:  # their cohort below one's own company
        mixed = _address(path, {**things.in_paths, "company_id": str(own)})
        if in_path & set(things.in_paths) - {"company_id"}:
            yield Asked(method, path, mixed, "thing", {}, body)


def _address(path: str, in_paths: Mapping[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda name: {**_IN_VALUES, **in_paths}[name[1]], path)


def _media(operation: Document) -> Document:
    found: Document = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return found


def _properties(document: Document, operation: Document) -> Document:
    schema = _media(operation).get("schema", {})
    for one in (schema, *schema.get("anyOf", ())):
        if "$ref" in one:
            found: Document = document["components"]["schemas"][one["$ref"].rpartition("/")[2]]["properties"]
            return found
    return {}


def _body(document: Document, operation: Document, things: Things) -> tuple[Any, bool]:
    """The example with ids of theirs in it, and whether there are any."""
    if "requestBody" not in operation:
        return None, False
    ids = {
        "person_id": things.id("person"), "preview_id": things.id("preview"),
        "delivery_ids": [things.id("delivery")],
    }  # fmt: skip
    replaced = False

    def with_ids(value: Any, name: str = "") -> Any:
        nonlocal replaced
        if name in ids:
            replaced = True
            theirs = ids[name]
            return [str(one) for one in theirs] if isinstance(theirs, list) else str(theirs)
        if isinstance(value, dict):
            return {key: with_ids(member, key) for key, member in value.items()}
        return value

    return with_ids(_media(operation)["example"]), replaced
