"""The receiver's OpenAPI description, from the sources' own declarations: paths, contracts, answers."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ingest.webhooks import answers
from ingest.webhooks.admission import LARGEST_BODY, too_large
from ingest.webhooks.answers import Answer
from ingest.webhooks.sources import SOURCES, Route, Source, routes

Document = dict[str, Any]

_PROBLEM = "application/problem+json"
_TAG = "webhooks"
# One example of each status with which a delivery can be refused, and what it means.
_REFUSALS: tuple[tuple[str, Answer], ...] = (
    ("The delivery has no usable id.", answers.BAD_DELIVERY_ID),
    ("The method is not POST.", answers.METHOD_NOT_ALLOWED),
    ("The body came too slowly.", answers.BODY_TOO_SLOW),
    ("The id was used for another body.", answers.CONFLICT),
    (f"The body has more than {LARGEST_BODY} bytes.", too_large()),
    ("It is no JSON, or it is compressed.", answers.WRONG_CONTENT_TYPE),
    ("The source sends more than its limit.", answers.RATE_LIMITED),
    ("The receiver failed.", answers.INTERNAL_ERROR),
    ("It could not be stored now.", answers.INBOX_AWAY),
)


def describe() -> Document:
    """OpenAPI 3.1 of the webhook receiver."""
    contracts = sorted(
        {contract for source in SOURCES for contract in source.contracts.values()},
        key=lambda contract: (contract.__module__, contract.__name__),
    )
    bodies, components = msgspec.json.schema_components(contracts, ref_template="#/components/schemas/{name}")
    schema_of = dict(zip(contracts, bodies, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Impact platform webhooks",
            "version": "1",
            "description": "Takes signed deliveries. 202 says that it is on disk; send again until then.",
        },
        "servers": [{"url": "http://127.0.0.1:8001", "description": "`IMPACT_WEBHOOK_URL`"}],
        "tags": [{"name": _TAG, "description": "Signed deliveries of other systems."}],
        "paths": {
            **{path: {"post": _operation(path, route, schema_of)} for path, route in routes().items()},
            **_operations(),
        },
        "components": {
            "schemas": {**components, "DeliveryAnswer": _ANSWER, "WebhookProblem": _PROBLEM_SCHEMA},
            "securitySchemes": {name: scheme for source in SOURCES for name, scheme in _schemes(source)},
        },
    }


_ANSWER: Document = {
    "title": "DeliveryAnswer",
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"enum": ["accepted", "duplicate"], "description": "`duplicate`: it was here before."}
    },
}
_PROBLEM_SCHEMA: Document = {
    "title": "WebhookProblem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "reason"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do about it."},
        "reason": {"type": "string", "description": "As it is counted in `webhook_failed_total`."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def _operation(path: str, route: Route, schema_of: dict[type[msgspec.Struct], Document]) -> Document:
    source = route.source
    contracts = source.contracts if route.kind is None else _of_kind(source, route.kind)
    choices = [schema_of[contract] for contract in contracts.values()]
    what = f"a {route.kind} of {source.name}" if route.kind else f"anything {source.name} sends"
    described: Document = {
        "operationId": _operation_id(path),
        "tags": [_TAG],
        "summary": f"Take {what}.",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": choices[0] if len(choices) == 1 else {"anyOf": choices}}
            },
        },
        "responses": _responses(source),
        "security": [{name: []} for name, _ in _schemes(source)],
    }
    if source.delivery_id_header is not None:
        described["parameters"] = [
            {
                "name": "X-Delivery-Id", "in": "header", "required": False,
                "description": "The same each time this delivery is sent; Standard Webhooks have their own.",
                "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
            }
        ]  # fmt: skip
    if route.successor is not None:
        described["deprecated"] = True
        described["description"] = f"Use `{route.successor}`."
    return described


def _of_kind(source: Source, kind: str) -> dict[str, type[msgspec.Struct]]:
    """The contracts of a kind's own path; where a newer shape may come, it says itself which it is."""
    if source.kind_on_path is None:
        return {kind: source.contracts[kind]}
    family = kind.split("-")[0]
    return {name: one for name, one in source.contracts.items() if name == kind or name.startswith(family)}


def _operation_id(path: str) -> str:
    words = re.split(r"[/-]", path.removeprefix("/v1/webhooks/").removeprefix("/"))
    return "webhooks_" + words[0] + "".join(word.capitalize() for word in words[1:])


def _responses(source: Source) -> Document:
    responses: Document = {
        "202": {
            "description": "It is on disk, now or from before.",
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/DeliveryAnswer"},
                    "example": {"status": "accepted"},
                }
            },
        },
        "401": _refused("The signature is missing, old or wrong.", None),
        "422": _refused("The body does not keep its contract; it is kept as a dead letter.", None),
    }
    for description, answer in _REFUSALS:
        if answer is not answers.BAD_DELIVERY_ID or source.delivery_id_header is not None:
            responses[str(int(answer.status))] = _refused(description, answer)
    return dict(sorted(responses.items()))


def _refused(description: str, answer: Answer | None) -> Document:
    media: Document = {"schema": {"$ref": "#/components/schemas/WebhookProblem"}}
    if answer is not None:
        media["example"] = msgspec.json.decode(answer.body)
    return {"description": description, "content": {_PROBLEM: media}}


def _schemes(source: Source) -> list[tuple[str, Document]]:
    found = []
    for scheme in source.schemes:
        header = scheme.headers[0].decode("ascii")
        name = "".join(part.capitalize() for part in header.split("-"))
        found.append((
            name[0].lower() + name[1:],
            {
                "type": "apiKey", "in": "header", "name": header,
                "description": f"`{scheme.form}`: HMAC-SHA256 of {scheme.signs} with the shared secret.",
            },
        ))  # fmt: skip
    return found


def _operations() -> Document:
    """What whoever runs the receiver asks."""
    status = {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}}

    def answers_json(description: str) -> Document:
        return {"description": description, "content": {"application/json": {"schema": status}}}

    return {
        "/healthz": {
            "get": {
                "operationId": "webhooks_getHealth", "tags": ["platform"], "summary": "The process lives.",
                "responses": {"200": answers_json("It does.")},
            }
        },
        "/readyz": {
            "get": {
                "operationId": "webhooks_getReadiness", "tags": ["platform"],
                "summary": "The process can store deliveries.",
                "responses": {
                    "200": answers_json("It can."), "503": answers_json("Postgres is away."),
                },
            }
        },
        "/metrics": {
            "get": {
                "operationId": "webhooks_getMetrics", "tags": ["platform"], "summary": "Prometheus text.",
                "responses": {"200": {"description": "Counters.", "content": {"text/plain": {}}}},
            }
        },
    }  # fmt: skip
