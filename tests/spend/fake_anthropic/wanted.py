"""What the provider would refuse in a request for a message, and what we never want to send."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema

from tests.spend.fake_anthropic.selling import PRICES


def faults_of(body: dict[str, Any]) -> list[str]:
    """Names the fault and its place; empty for a request that is as it should be."""
    faults = []
    known = {"model", "max_tokens", "system", "messages", "output_config", "service_tier"}
    if body.keys() != known:
        faults.append(f"members: {sorted(body.keys() ^ known)}")
    if body["model"] not in PRICES or not 1 <= body["max_tokens"] <= 64_000:
        faults.append("model or max_tokens")
    if [message["role"] for message in body["messages"]] != ["user"]:
        faults.append("turns")
    if body["system"][0]["cache_control"].get("ttl") not in ("5m", "1h"):
        faults.append("cache_control")
    schema = body["output_config"]["format"]["schema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    faults += [f"schema: {place}" for place in _open_objects(schema)]
    return faults


def _open_objects(schema: dict[str, Any], place: str = "$") -> Iterator[str]:
    """Structured output wants every object closed, every member required, and no bounds."""
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False or set(schema["required"]) != set(
            schema["properties"]
        ):
            yield place
        for name, part in schema["properties"].items():
            yield from _open_objects(part, f"{place}.{name}")
    elif schema.get("type") == "array":
        yield from _open_objects(schema["items"], f"{place}[]")
    if schema.keys() & {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"}:
        yield place
