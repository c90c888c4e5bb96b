"""A certificate as a page for whoever asked: what it says, without a tool. The signed file is the proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from orchestration.privacy.erasure.certificates import Certificate

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430}
table{border-collapse:collapse;width:100%;font-size:.85rem}td,th{border:1px solid #d5dbe3;padding:.3rem .5rem;
text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f2f5f8}.n{text-align:right}
"""


def certificate_page(certificate: Certificate, checked: str) -> str:
    """The page. `checked` says who has held the signature against a key, and when."""
    said = certificate.said
    swept = [one for one in said["steps"] if one["before"]]
    steps = [[one["step"], str(one["before"]), str(one["after"])] for one in swept]
    counts = [
        [one["relation"], one["state"], str(one["looked_at"]), str(one["remaining"])]
        for one in said["counted_afterwards"]
    ]
    title = f"Certificate of erasure no. {said['sequence']}"
    facts = {
        "Certificate": said["certificate_id"],
        "Requests": ", ".join(said["requests"]) or "none: a restored backup",
        "People erased": str(said["person_count"]),
        "Erased": f"{_at(said['begun_at'])} to {_at(said['issued_at'])}",
        "Rows, messages and files taken out": str(sum(one["before"] for one in swept)),
        "Left, by a count of all relations afterwards": str(said["rows_remaining"]),
        "Gone from backups by": f"{said['backups']['gone_by']} ({said['backups']['note']})",
        "Plan": f"{len(said['steps'])} steps, SHA-256 {said['plan_sha256']}",
        "Certificate before it": said["previous_sha256"] or "none: it is the first",
        "Signed by the Ed25519 key": said["public_key"], "Signature": certificate.signature.hex(),
        "Checked": checked,
    }  # fmt: skip
    return "".join(
        [
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
            f"<style>{_STYLE}</style></head><body><h1>{title}</h1>",
            _table([], list(map(list, facts.items()))),
            f"<h2>What was taken out</h2>{_table(['step', 'rows before', 'after'], steps)}",
            "<h2>What was counted afterwards</h2><p>By the tombstones alone, in every relation that may hold"
            " people.</p>",
            _table(["relation", "state", "looked at", "left"], counts),
            "</body></html>",
        ]
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    def cell(value: str) -> str:
        return f"<td{' class=n' if value.isdigit() else ''}>{escape(value)}</td>"

    title = f"<thead><tr>{''.join(f'<th>{escape(one)}</th>' for one in head)}</tr></thead>" if head else ""
    body = "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows)
    return f"<table>{title}<tbody>{body}</tbody></table>"


def _at(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d %B %Y, %H:%M:%S} UTC"
