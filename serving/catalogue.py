"""The descriptions of every process, and all of them as one.

They are made from the code and committed in `serving/specs`, where reviewers see what a change does to
clients; the API serves the committed files.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from ingest.webhooks import description as webhooks
from ingest.worker import description as worker
from serving import asyncapi
from serving.app import create_app
from serving.description import operations
from serving.settings import ServingSettings
from serving.specs import CATALOGUE, EVENTS, FOLDER, PUBLISHED
from serving.versions import NAMES, NEWEST, described

Document = dict[str, Any]

_API = {"url": "http://127.0.0.1:8000", "description": "`IMPACT_API_URL`"}


def processes() -> dict[str, Document]:
    """One OpenAPI document for each process that listens, by its name."""
    return {
        "serving": create_app(ServingSettings.for_documentation()).openapi(),
        "webhooks": webhooks.describe(),
        "worker": worker.describe("worker", "Impact platform worker", 8002),
        "gate": worker.describe("gate", "Impact platform gate of texts", 8003),
        "journey": worker.describe("journey", "Impact platform journey engine", 8004),
    }


def documents() -> dict[Path, Document]:
    """Every file of `serving/specs` that follows from the code."""
    by_name = processes()
    files = {FOLDER / f"{name}.json": document for name, document in by_name.items()}
    for version in NAMES:
        if version != NEWEST:
            files[FOLDER / f"serving-{version}.json"] = described(by_name["serving"], version)
    files[CATALOGUE] = merged(by_name)
    files[EVENTS] = asyncapi.describe()
    return files


def versions() -> dict[str, Document]:
    """The API's description in each supported version."""
    newest = processes()["serving"]
    return {version: described(newest, version) for version in NAMES}


def published(version: str) -> Path:
    """What clients of the version were promised."""
    return PUBLISHED / f"serving-{version}.json"


class CatalogueError(Exception):
    """Two processes say different things under one name."""


def merged(by_name: dict[str, Document]) -> Document:
    """All processes in one document. A path that several have lists their servers.

    Raises CatalogueError where an operation id, or a schema's name, would mean two things.
    """
    catalogue: Document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Impact platform: every process",
            "version": NEWEST,
            "description": "The API, the webhook receiver, and what the workers answer to whoever runs them.",
        },
        "servers": [_API],
        "tags": [],
        "paths": {},
        "components": {},
    }
    ids: set[str] = set()
    for name, original in by_name.items():
        document = copy.deepcopy(original)
        servers = document.get("servers", [_API])
        for _, operation in operations(document):
            if operation["operationId"] in ids:
                raise CatalogueError(
                    f"two operations are called {operation['operationId']}; one is of {name}"
                )
            ids.add(operation["operationId"])
        for path, item in document["paths"].items():
            known = catalogue["paths"].get(path)
            if known is None:
                catalogue["paths"][path] = {**item, "servers": servers}
            else:
                known["servers"] = [*known["servers"], *servers]
                _join(known, item)
        known_tags = {tag["name"] for tag in catalogue["tags"]}
        catalogue["tags"] += [tag for tag in document.get("tags", ()) if tag["name"] not in known_tags]
        for kind, components in document["components"].items():
            _add(catalogue["components"].setdefault(kind, {}), components, f"{kind} of {name}")
    return catalogue


def _join(known: Document, item: Document) -> None:
    """One path of several processes: the answers differ, and each is shown."""
    for method, operation in item.items():
        there = known[method]
        there.setdefault("x-operation-ids", [there["operationId"]]).append(operation["operationId"])
        for status, response in operation["responses"].items():
            other = there["responses"].setdefault(status, response)
            for media, content in response.get("content", {}).items():
                shown = other["content"].setdefault(media, content)
                schema, another = shown.get("schema"), content.get("schema")
                if another is not None and another != schema:
                    choices = schema.get("anyOf", [schema]) if schema else []
                    if another not in choices:
                        shown["schema"] = {"anyOf": [*choices, another]}


def _add(there: Document, more: Document, what: str) -> None:
    for name, component in more.items():
        if there.setdefault(name, component) != component:
            raise CatalogueError(f"{name} among the {what} means something else in another process")
