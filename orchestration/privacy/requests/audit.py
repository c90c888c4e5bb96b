"""The audit chain: who did what about whose request. Appended here, reckoned again by `verify`.

Postgres makes the chain when a row is inserted, and refuses to change or take out any. Whoever gets around
that, as the owner of the database can, breaks a hash. Rows cut off at the end break none: they are found by
the head that somebody wrote down before, which `verify` takes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

SUBJECT = "subject"  # the person whom a request is about, acting for themselves
START = bytes(32)
_EMAIL = re.compile(r"[^@\s:]+@[^@\s]+")
_APPEND = """
insert into privacy.audit (action, actor, request_id, company_id, detail) values (%s, %s, %s, %s, %s)
"""
# Texts as Postgres prints them, so that the hash is reckoned from what is there and not from what was meant.
_CHAIN = """
select sequence, to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), action, actor,
    coalesce(request_id::text, ''), coalesce(company_id::text, ''), detail::text, previous_hash, hash
from privacy.audit order by sequence
"""


@dataclass(frozen=True)
class Chain:
    """What a look at the whole chain found. `problem` is None when it is whole."""

    length: int
    head: bytes
    problem: str | None

    @property
    def head_name(self) -> str:
        """To be kept elsewhere, and given to a later `verify`."""
        return f"{self.length}:{self.head.hex()}"


def append(
    connection: psycopg.Connection,
    action: str,
    actor: str,
    *,
    request_id: UUID | None = None,
    company_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add a row in the caller's transaction. `detail` holds ids of things and counts, never of people.

    Other writers wait until the transaction ends, so append last.
    """
    connection.execute(_APPEND, (action, nameless(actor), request_id, company_id, Jsonb(dict(detail or {}))))


def nameless(actor: str) -> str:
    """The caller id as the chain may hold it for ever: an address in it is replaced by a short hash."""
    return _EMAIL.sub(lambda found: f"sha256-{hashlib.sha256(found[0].encode()).hexdigest()[:12]}", actor)


def verify(connection: psycopg.Connection, *, expected_head: str | None = None) -> Chain:
    """Reckon every hash again. `expected_head` is a `head_name` of before, which has to be in the chain."""
    length, head, problem = 0, START, None
    known = {0: START}
    wanted = _head(expected_head) if expected_head else None
    with connection.transaction(), connection.cursor("audit_chain") as cursor:
        for sequence, *fields, previous, found in cursor.execute(_CHAIN):
            length += 1
            text = "\n".join(map(str, (sequence, *fields)))
            reckoned = hashlib.sha256(head + text.encode()).digest()
            if sequence != length:
                problem = problem or f"row {length} is missing: row {sequence} comes after row {length - 1}"
                break
            if previous != head or found != reckoned:
                problem = problem or f"row {sequence} is not what was recorded, or the row before it is not"
                break
            head = found
            if wanted and sequence == wanted[0]:
                known[sequence] = head
    if problem is None and wanted and known.get(wanted[0]) != wanted[1]:
        problem = f"row {wanted[0]} is not the one that was there before: rows were cut off or made anew"
    return Chain(length, head, problem)


def _head(name: str) -> tuple[int, bytes]:
    sequence, _, digest = name.partition(":")
    try:
        return int(sequence), bytes.fromhex(digest)
    except ValueError:
        raise ValueError(
            "a head is written as SEQUENCE:HASH, as `impact privacy audit verify` prints it"
        ) from None
