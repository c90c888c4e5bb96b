"""The catalogue as a page: one file of HTML without scripts, made from the committed descriptions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from ingest import deprecation
from serving.description import METHODS
from serving.specs import CATALOGUE, EVENTS, FOLDER
from serving.versions import HEADER, VERSIONS

Document = dict[str, Any]

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1d2433 }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
h2 { margin-top: 2.5rem } table { border-collapse: collapse; width: 100% }
td, th { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0 }
td, th { border-bottom: 1px solid #d8dee9 }
code { font-size: .9em; overflow-wrap: anywhere } .old { opacity: .6 } nav a { margin-right: 1rem }
@media (prefers-color-scheme: dark) { body { background: #14171f; color: #dfe4ee } a { color: #8ab4ff }
  td, th { border-color: #323a4a } }
"""


def page() -> str:
    """All operations by subject, all events and live updates, all versions."""
    catalogue, events = _read(CATALOGUE), _read(EVENTS)
    sections = [
        _section(
            tag["name"],
            tag.get("description", ""),
            ("Operation", "Address", ""),
            _rows(catalogue, tag["name"]),
        )
        for tag in catalogue["tags"]
    ]
    stream = events["channels"]["live_updates"]
    names = {reference.rpartition("/")[2] for reference in _references(stream)}
    sections += [
        _section("Live updates", f"Server-sent events of {stream['address']}.", ("Event", "Fields", ""),
                 _messages(events, names)),
        _section("Events", "On the JetStream stream EVENTS, as CloudEvents.", ("Type", "Fields", ""),
                 _messages(events, events["components"]["messages"].keys() - names)),
        _section("Versions", f"Named by {HEADER}; without it, a key's own or the newest."
                 f" Paths without /v1 answer until {deprecation.SUNSET_ON:%Y-%m-%d} at least.",
                 ("Version", "What changed in it", ""),
                 (_row(one.name, " ".join(change.title for change in one.changes) or "The first.", "")
                  for one in reversed(VERSIONS))),
    ]  # fmt: skip
    files = "".join(
        f'<a href="/api-docs/{escape(file.name)}">{escape(file.name)}</a> '
        for file in sorted(FOLDER.glob("*.json"))
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Catalogue of the Impact platform</title>'
        f"<style>{_STYLE}</style><h1>Catalogue of the Impact platform</h1>"
        f'<nav>{files}<a href="/docs">Try it out</a><a href="/problems/">Problems</a></nav>'
        + "".join(sections)
    )


def _read(path: Path) -> Document:
    document: Document = json.loads(path.read_text("utf-8"))
    return document


def _section(title: str, text: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    cells = "".join(f"<th>{escape(head)}</th>" for head in heads)
    return (
        f'<h2 id="{escape(title.lower())}">{escape(title)}</h2><p>{escape(text)}</p>'
        f"<table><tr>{cells}</tr>{''.join(rows)}</table>"
    )


def _row(name: str, code: str, text: str, *, is_old: bool = False) -> str:
    mark = ' class="old"' if is_old else ""
    return (
        f"<tr{mark}><td><code>{escape(name)}</code></td><td><code>{escape(code)}</code></td>"
        f"<td>{escape(text)}</td></tr>"
    )


def _rows(catalogue: Document, tag: str) -> Iterable[str]:
    for path, item in catalogue["paths"].items():
        for method in METHODS:
            operation = item.get(method)
            if operation is not None and tag in operation.get("tags", ()):
                text = operation.get("description") or operation.get("summary", "")
                is_old = operation.get("deprecated", False)
                yield _row(operation["operationId"], f"{method.upper()} {path}", text, is_old=is_old)


def _references(channel: Document) -> Iterable[str]:
    return (message["$ref"] for message in channel["messages"].values())


def _messages(events: Document, keys: Iterable[str]) -> Iterable[str]:
    for key in sorted(keys):
        message = events["components"]["messages"][key]
        yield _row(message["name"], ", ".join(_fields(message["payload"]["schema"])), message["summary"])


def _fields(schema: Document) -> list[str]:
    """What the event itself says, without its envelope."""
    for definition in schema.get("$defs", {}).values():
        if definition.get("$id") == schema["properties"].get("dataschema", {}).get("const", ""):
            return sorted(_properties_of(definition))
    data = schema["properties"].get("data")
    return sorted((data or schema).get("properties", {}))


def _properties_of(definition: Document) -> Document:
    """Of a schema that keeps its fields behind a reference of its own."""
    if "$ref" in definition:
        name = definition["$ref"].rpartition("/")[2]
        found: Document = definition.get("$defs", {}).get(name, {})
        return found.get("properties", {})  # type: ignore[no-any-return]
    return definition.get("properties", {})  # type: ignore[no-any-return]
