"""Examples of answers and bodies, made from the schemas: a field's own example where it has one.

So every operation shows one, and none can say what its schema does not allow; a test validates each.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_BY_FORMAT = {
    "uuid": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11",
    "date-time": "2026-09-30T04:00:12Z",
    "date": "2026-09-30",
    "duration": "PT5M",
    "binary": "",
}
_BY_TYPE: dict[str, Any] = {"boolean": True, "number": 0.5, "null": None}
_TEXT = "text"


class NoExampleError(Exception):
    """A schema whose value cannot be guessed: its field needs `examples`."""


def example_of(schema: Schema, components: Schema) -> Any:
    """A value that the schema allows. `components` are the schemas that references name."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rpartition("/")[2]], components)
    for name in ("examples", "enum"):
        if schema.get(name):
            return schema[name][0]
    if "const" in schema:
        return schema["const"]
    if schema.get("default") is not None:
        return schema["default"]
    for name in ("anyOf", "oneOf"):
        if name in schema:
            return example_of(_best(schema[name]), components)
    if "allOf" in schema:
        return example_of(schema["allOf"][0], components)
    return _by_type(schema, components)


def _best(choices: list[Schema]) -> Schema:
    """Something rather than null."""
    return next((choice for choice in choices if choice.get("type") != "null"), choices[0])


def _by_type(schema: Schema, components: Schema) -> Any:
    kind = schema.get("type")
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: example_of(member, components) for name, member in properties.items()}
    if kind == "array":
        return [example_of(schema["items"], components)] if "items" in schema else []
    if kind == "integer":
        return schema.get("minimum", 1)
    if kind == "string":
        return _text(schema)
    return _BY_TYPE.get(kind or "")


def _text(schema: Schema) -> str:
    if "format" in schema:
        return _BY_FORMAT.get(schema["format"], _TEXT)
    if "pattern" in schema:
        raise NoExampleError(f"a field with the pattern {schema['pattern']} needs an example of its own")
    return _TEXT.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]
