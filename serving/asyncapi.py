"""AsyncAPI of everything that is not asked for but comes: events on NATS, and the live stream's updates.

The events' part is the contracts' own; a live update that an event becomes has that event's fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from ingest.contracts import CONTRACTS
from ingest.contracts.documents import asyncapi as events
from ingest.contracts.documents import event_schema
from ingest.updates import FORWARDED, UPDATES, UpdateKind
from serving.versions import NEWEST

Document = dict[str, Any]

STREAM = "/v1/stream/updates"
_FORMAT = "application/schema+json;version=draft-2020-12"
_TEXT = {"type": "string"}
_NUMBER = {"type": ["number", "null"]}

# Fields of announcements, which have no contract of their own: the publication makes them from its columns.
_ANNOUNCED: Document = {
    "metric": _TEXT,
    "variant": _TEXT,
    "scenario": _TEXT,
    "periodGrain": {"enum": ["month", "quarter"]},
    "period": _TEXT,
    "value": _NUMBER,
    "previousValue": _NUMBER,
    "dataVersion": {"type": "integer"},
}
_OF_FIGURES = ("value", "previousValue", "dataVersion")

# What a stream says of itself.
_NOTICES: Document = {
    "reset": ("The history cannot be continued: fetch the figures again and go on from here.", ("reason",)),
    "gap": ("Updates with these ids may have been for you, and the log no longer has them.", ("from", "to")),
    "conflated": ("In this range, of each figure only the newest value follows.", ("from", "to")),
}


def describe() -> Document:
    """AsyncAPI 3.0: the events with their schemas inside, and the live stream as a second server."""
    document = events()
    messages = document["components"]["messages"]
    for contract in CONTRACTS.values():
        key = contract.event_type.replace(".", "_")
        messages[key]["payload"] = {"schemaFormat": _FORMAT, "schema": event_schema(contract)}
    updates = {f"update_{kind.name.replace('.', '_')}": _update(kind) for kind in UPDATES.values()}
    updates |= {f"notice_{name}": _notice(name, *said) for name, said in _NOTICES.items()}
    messages |= updates
    document["info"] = {
        "title": "Impact platform events and live updates",
        "version": NEWEST,
        "description": "Normalised events on the JetStream stream EVENTS, and server-sent events of the API.",
    }
    document["servers"]["api"] = {
        "host": "localhost:8000", "protocol": "http", "description": "See IMPACT_API_URL"
    }  # fmt: skip
    for channel in document["channels"].values():
        channel["servers"] = [{"$ref": "#/servers/jetstream"}]
    document["channels"]["live_updates"] = {
        "address": STREAM,
        "servers": [{"$ref": "#/servers/api"}],
        "description": "Server-sent events of one company. The message's name is the event's; resume with"
        " `Last-Event-ID`.",
        "messages": {key: {"$ref": f"#/components/messages/{key}"} for key in updates},
    }
    document["operations"]["send_live_updates"] = {
        "action": "send",
        "channel": {"$ref": "#/channels/live_updates"},
        "messages": [{"$ref": f"#/channels/live_updates/messages/{key}"} for key in updates],
    }
    for message in messages.values():
        message["payload"]["schema"] = _whole(message["payload"]["schema"])
    return document


def update_schema(name: str) -> Document:
    """JSON Schema of a live update as its `data:` line has it."""
    kind = UPDATES[name]
    forwarded = {event: one for event, one in FORWARDED.items() if one.name == name}
    properties: Document = {field: _ANNOUNCED[field] for field in kind.key}
    if kind.key:
        properties |= {field: _ANNOUNCED[field] for field in _OF_FIGURES}
    definitions: Document = {}
    for event_type, one in forwarded.items():
        schema = msgspec.json.schema(CONTRACTS[event_type].data)
        fields = schema["$defs"][CONTRACTS[event_type].data.__name__]["properties"]
        definitions |= {key: value for key, value in schema["$defs"].items() if key in str(fields)}
        properties |= {field: _nullable(fields[field]) for field in one.fields if field in fields}
        for field in one.constants:
            states = [other.constants[field] for other in forwarded.values() if field in other.constants]
            properties[field] = {"type": "string", "examples": list(dict.fromkeys(states))}
    schema = {
        "$id": f"urn:impact-platform:update:{name}",  # references inside are its own
        "type": "object",
        "required": ["type", "companyId", "time", "data"],
        "properties": {
            "type": {"const": name},
            "companyId": {"type": "string", "format": "uuid"},
            "time": {"type": "string", "format": "date-time"},
            "data": {"type": "object", "properties": properties},
        },
    }
    return {**schema, "$defs": definitions} if definitions else schema


def _whole(schema: Document) -> Document:
    """The schema with what it refers to in its place.

    Readers of AsyncAPI look for `#/…` in the document around the schema, and for any other name in a file.
    """
    whole: Document = _inlined(schema, schema.get("$defs", {}))
    return whole


def _inlined(node: Any, definitions: Document) -> Any:
    if isinstance(node, list):
        return [_inlined(one, definitions) for one in node]
    if not isinstance(node, dict):
        return node
    own = {name: _inlined(one, definitions) for name, one in node.items() if name not in ("$ref", "$defs")}
    if "$ref" not in node:
        return own
    if (name := node["$ref"].removeprefix("#/$defs/")) in definitions:
        found = definitions[name]
    else:
        found = next(one for one in definitions.values() if one.get("$id") == name)
    # What has a name of its own brings its own definitions, or refers to those around it.
    inside = found.get("$defs", definitions) if "$id" in found else definitions
    return {key: one for key, one in {**_inlined(found, inside), **own}.items() if key != "$id"}


def _nullable(schema: Document) -> Document:
    """What an event leaves out comes as null."""
    return {"anyOf": [{name: value for name, value in schema.items() if name != "default"}, {"type": "null"}]}


def _update(kind: UpdateKind) -> Document:
    return _message(kind.name, f"Of the topic `{kind.topic}`.", update_schema(kind.name))


def _notice(name: str, summary: str, fields: Iterable[str]) -> Document:
    schema = {"type": "object", "required": list(fields), "properties": dict.fromkeys(fields, _TEXT)}
    return _message(name, summary, schema)


def _message(name: str, summary: str, schema: Document) -> Document:
    return {
        "name": name,
        "title": name,
        "summary": summary,
        "contentType": "application/json",
        "payload": {"schemaFormat": _FORMAT, "schema": schema},
    }
