"""Payloads as data: a template of the partner's document, filled with figures.

`$name.field` stands for a value. `{$each: name, $item: …}` in a list repeats its item, with `$item.field`.
`{$when: name.field, …}` is left out where the value is unknown, and so is a member without a value. Text
around a reference is written `${name.field}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import orjson

_WITHIN = re.compile(r"\$\{([\w.]+)\}")
_MISSING = object()


class MappingError(Exception):
    """The template asks for what there is not; the message names the reference."""


def fill(template: Any, values: Mapping[str, Any]) -> Any:
    """The document of a template."""
    filled = _fill(template, values)
    return None if filled is _MISSING else filled


def to_json(document: Any) -> bytes:
    """The one spelling of a document: the order of the template, no spaces."""
    return orjson.dumps(document)


def to_xml(document: Mapping[str, Any]) -> bytes:
    """Elements for members, repeated ones for lists; members that begin with `@` are attributes."""
    return "".join(_elements(document)).encode()


def _fill(node: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(node, str):
        return _text(node, values)
    if isinstance(node, Mapping):
        if "$when" in node and _known(_value(node["$when"], values)) is _MISSING:
            return _MISSING
        filled = {name: _fill(child, values) for name, child in node.items() if name != "$when"}
        return {name: child for name, child in filled.items() if child is not _MISSING}
    if isinstance(node, Sequence):
        return list(_items(node, values))
    return node


def _items(nodes: Sequence[Any], values: Mapping[str, Any]) -> Any:
    for node in nodes:
        if isinstance(node, Mapping) and "$each" in node:
            for item in _value(node["$each"], values) or ():
                yield _fill(node["$item"], {**values, "item": item})
        elif (filled := _fill(node, values)) is not _MISSING:
            yield filled


def _text(text: str, values: Mapping[str, Any]) -> Any:
    if text.startswith("$") and not text.startswith("${"):
        return _known(_value(text[1:], values))
    return _WITHIN.sub(lambda found: str(_value(found[1], values)), text)


def _known(value: Any) -> Any:
    return _MISSING if value is None else value


def _value(path: str, values: Mapping[str, Any]) -> Any:
    found: Any = values
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            raise MappingError(f"the mapping asks for {path}, and there is no {name}")
        found = found[name]
    return found


def _elements(document: Mapping[str, Any]) -> Any:
    for name, child in document.items():
        if name.startswith("@") or name == "#text":
            continue
        for one in child if isinstance(child, list) else [child]:
            if isinstance(one, Mapping):
                attributes = "".join(
                    f" {key[1:]}={quoteattr(str(value))}" for key, value in one.items() if key[0] == "@"
                )
                yield f"<{name}{attributes}>"
                yield escape(str(one["#text"])) if "#text" in one else "".join(_elements(one))
            else:
                yield f"<{name}>{escape(str(one))}"
            yield f"</{name}>"
