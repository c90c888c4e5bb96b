"""The page of an export that a person reads first. It needs no other file and no network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import UUID

import orjson

from orchestration.privacy.export.rows import Row
from orchestration.privacy.export.sources import LeftOut, Source

SHOWN = 100  # rows of a source; all are in its files
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1c2430}
table{border-collapse:collapse;width:100%;font-size:.85rem}td,th{border:1px solid #d5dbe3;padding:.3rem .5rem;
text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f2f5f8}
summary{cursor:pointer;font-weight:600;margin:.6rem 0}.scroll{overflow-x:auto}.few{color:#5a6675}
"""


def index_page(
    request_id: UUID,
    made_at: datetime,
    sources: Sequence[tuple[Source, Sequence[Row]]],
    left_out: Sequence[LeftOut],
) -> str:
    """The page. Everything that came out of a store is escaped."""
    filled = [(source, rows) for source, rows in sources if rows]
    empty = [source for source, rows in sources if not rows]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Your data</title>',
        f"<style>{_STYLE}</style></head><body><h1>Your data</h1>",
        f"<p>All that the platform held about you on {made_at.astimezone(UTC):%d %B %Y, %H:%M} UTC. Request",
        f" <code>{request_id}</code>. Other people's ids, addresses and words were taken out; yours are",
        " as you gave them. Each source is a JSON file and a table under <code>data</code>; what its columns",
        " are is under <code>schemas</code>; <code>manifest.json</code> lists all files with their",
        " SHA-256.</p>",
        *(_source(source, rows) for source, rows in filled),
        "<h2>Nothing about you</h2><ul>",
        *(f"<li><code>{escape(one.key)}</code> {escape(one.relation.about)}</li>" for one in empty),
        "</ul><h2>Not in this file</h2><ul>",
        *(f"<li><code>{escape(one.relation.key)}</code>: {escape(one.reason)}</li>" for one in left_out),
        "</ul></body></html>",
    ]
    return "".join(parts)


def _source(source: Source, rows: Sequence[Row]) -> str:
    name = f"{source.relation.store}/{source.relation.name}"
    head = "".join(f"<th>{escape(field.name)}</th>" for field in source.fields)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_shown(row[field.name]))}</td>" for field in source.fields) + "</tr>"
        for row in rows[:SHOWN]
    )
    more = f'<p class="few">The first {SHOWN} of {len(rows)}.</p>' if len(rows) > SHOWN else ""
    return (
        f"<details><summary>{escape(source.relation.about or source.relation.name)} ({len(rows)})</summary>"
        f'<p><a href="data/{escape(name)}.json">JSON</a> · <a href="data/{escape(name)}.csv">CSV</a> ·'
        f' <a href="schemas/{escape(name)}.json">columns</a></p>{more}'
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        "</details>"
    )


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
