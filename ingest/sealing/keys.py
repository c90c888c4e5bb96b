"""Keys of people in Postgres: made when first needed, shredded with a person, wrapped anew by `rotate`.

Nothing is kept between calls but within one import: a key that was shredded a moment ago opens nothing.
Making keys and rotating exclude each other, so that no key is left under a master key that goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.contracts import CONTRACTS
from ingest.events import Event
from ingest.sealing import fields, tokens
from ingest.sealing.master import KEPT, MasterKeyError, MasterKeys, Wrapped, new_master_key
from ingest.sealing.tokens import UnsealError

_LOCK = 7_163_202_635  # any constant: shared by who makes keys, exclusive for who rotates
_AT_ONCE = 10_000

_KNOWN = "select owner_id, wrapped, version from privacy.text_keys where owner_id = any($1::uuid[])"
# Ordered: two that make the same keys wait for each other in one order. Keys are sent in hexadecimal: psycopg
# escapes a list of bytes one by one in Python, and sends a list of texts as it is.
_MAKE = """
insert into privacy.text_keys (owner_id, wrapped, version)
select owner_id, decode(wrapped, 'hex'), version
from unnest($1::uuid[], $2::text[], $3::text[]) as made (owner_id, wrapped, version)
order by owner_id
on conflict (owner_id) do nothing
"""
_MAY_MAKE = "select pg_advisory_xact_lock_shared($1)"
_MAY_ROTATE = "select pg_advisory_xact_lock($1)"
_OF_OTHERS = """
select owner_id, wrapped, version from privacy.text_keys
where version <> $1 and ($2::uuid is null or owner_id > $2) order by owner_id limit $3
"""
_REWRAP = """
update privacy.text_keys as known set wrapped = decode(made.wrapped, 'hex'), version = made.version
from unnest($1::uuid[], $2::text[], $3::text[]) as made (owner_id, wrapped, version)
where known.owner_id = made.owner_id
"""
_USED = "select distinct version from privacy.text_keys"
_UNREADABLE = "select owner_id, wrapped, version from privacy.text_keys where version <> all($1) limit 1"
_DROP_UNREADABLE = "delete from privacy.text_keys where version <> all($1)"
_CHANGED = "insert into privacy.text_key_changes (change, key_count, version) values ($1, $2, $3)"
_IS_DUE = """
select coalesce(max(change_id) filter (where change = 'shredded'), 0)
    > coalesce(max(change_id) filter (where change = 'rotated'), 0)
from privacy.text_key_changes
"""

Placed = tuple[str, bytes]  # a field's value, sealed or not, and its place


class TextKeys:
    """Seals events and opens texts, over a pool."""

    def __init__(self, pool: asyncpg.Pool, master: MasterKeys) -> None:
        self._pool = pool
        self._master = master

    async def sealed(self, events: Sequence[Event]) -> list[Event]:
        """The events, in their order, with all free texts sealed; those without any as they are."""
        owners = {
            place: fields.owner(event.personid, event.companyid)
            for place, event in enumerate(events)
            if (contract := CONTRACTS[event.type]).free_texts and fields.texts_of(contract, event.data)
        }
        if not owners:
            return list(events)
        ciphers = await self._made(set(owners.values()))
        return [
            fields.sealed_event(event, CONTRACTS[event.type], owners[place], ciphers[owners[place]])
            if place in owners
            else event
            for place, event in enumerate(events)
        ]

    async def texts(self, placed: Sequence[Placed]) -> list[str | None]:
        """What these values say: opened, or as they are if they never were sealed; None for what is gone.

        Raises `UnsealError`.
        """
        owners = {tokens.owner_of(value) for value, _ in placed if tokens.is_sealed(value)}
        ciphers = _ciphers(self._master, await self._pool.fetch(_KNOWN, list(owners))) if owners else {}
        return [_said(value, ciphers, place) for value, place in placed]

    async def _made(self, owners: set[UUID]) -> dict[UUID, AESGCM]:
        ciphers = _ciphers(self._master, await self._pool.fetch(_KNOWN, list(owners)))
        if missing := sorted(owners - ciphers.keys()):
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(_MAY_MAKE, _LOCK)
                made = [self._master.new_key(owner_id) for owner_id in missing]
                await connection.execute(_MAKE, *_columns(made))
                # Another process may have been first, and its key is the one that counts.
                ciphers |= _ciphers(self._master, await connection.fetch(_KNOWN, missing))
        return ciphers


class BlockingTextKeys:
    """The same over one psycopg connection, for imports and commands. Remembers what it was asked for."""

    def __init__(
        self, connection: psycopg.Connection, master: MasterKeys, *, remembers: int = 200_000
    ) -> None:
        self._connection = connection
        self._master = master
        self._remembers = remembers
        self._known: dict[UUID, AESGCM] = {}

    def made(self, owners: Iterable[UUID]) -> Mapping[UUID, AESGCM]:
        """A key for each owner, made if there is none."""
        wanted = set(owners)
        if len(self._known) > self._remembers:
            self._known.clear()
        self._learn(wanted - self._known.keys())
        if missing := sorted(wanted - self._known.keys()):
            with self._connection.transaction(), psycopg.RawCursor(self._connection) as cursor:
                cursor.execute(_MAY_MAKE, (_LOCK,))
                cursor.execute(_MAKE, _columns([self._master.new_key(owner) for owner in missing]))
            self._learn(missing)
        return self._known

    def texts(self, placed: Sequence[Placed], *, damaged_is_gone: bool = False) -> list[str | None]:
        """What these values say: opened, or as they are if they never were sealed; None for what is gone.

        Asks for the keys anew. Raises `UnsealError`, unless what is damaged is to count as gone.
        """
        self._known.clear()
        owners: set[UUID] = set()
        for value, _ in placed:
            if tokens.is_sealed(value):
                with suppress(UnsealError) if damaged_is_gone else nullcontext():
                    owners.add(tokens.owner_of(value))
        self._learn(owners)
        return [self._said(value, place, damaged_is_gone) for value, place in placed]

    def _said(self, value: str, place: bytes, damaged_is_gone: bool) -> str | None:
        try:
            return _said(value, self._known, place)
        except UnsealError:
            if damaged_is_gone:
                return None
            raise

    def _learn(self, owners: Iterable[UUID]) -> None:
        remaining = iter(owners)
        with psycopg.RawCursor(self._connection) as cursor:
            while some := list(islice(remaining, _AT_ONCE)):
                self._known |= _ciphers(self._master, cursor.execute(_KNOWN, (some,)).fetchall())


def shred(connection: psycopg.Connection, person_ids: Sequence[UUID]) -> int:
    """Delete the keys of people within the caller's transaction; returns how many had one.

    Their texts are noise from the commit on, but for whoever has an older backup of Postgres, which holds the
    keys too: it goes dark when `rotate` has replaced the master key and the old one is forgotten.
    """
    count = connection.execute(
        "delete from privacy.text_keys where owner_id = any(%s)", (list(person_ids),)
    ).rowcount
    if count:
        with psycopg.RawCursor(connection) as cursor:
            cursor.execute(_CHANGED, ("shredded", count, None))
    return count


def rotation_is_due(connection: psycopg.Connection) -> bool:
    """Whether keys were shredded that an older backup could still open."""
    row = connection.execute(_IS_DUE).fetchone()
    return bool(row and row[0])


@dataclass(frozen=True)
class Rotation:
    """What `rotate` did."""

    version: str
    rewrapped_count: int
    dropped_count: int  # keys that no master key opens any more, from a backup older than their end
    kept: tuple[str, ...]  # master keys that still open older backups


def rotate(
    connection: psycopg.Connection,
    master: MasterKeys,
    *,
    now: datetime,
    kept: timedelta = KEPT,
    drop_unreadable: bool = False,
) -> Rotation:
    """Wrap every key by a new master key, and forget master keys replaced longer than `kept` ago.

    With a file, the new key is made here and is in the file before anything is wrapped by it. With the
    environment, the first of IMPACT_TEXT_KEYS is the new one. Killed at any moment, it can be run again. Keys
    that no master key opens stop it, unless `drop_unreadable` deletes them.
    """
    with connection.transaction(), psycopg.RawCursor(connection) as cursor:
        cursor.execute(_MAY_ROTATE, (_LOCK,))
        dropped = 0
        if drop_unreadable:
            dropped = cursor.execute(_DROP_UNREADABLE, (list(master.versions),)).rowcount
            cursor.execute(_CHANGED, ("shredded", dropped, None))
        elif unreadable := cursor.execute(_UNREADABLE, (list(master.versions),)).fetchone():
            master.unwrap(Wrapped(*unreadable))  # which says what is missing
        if master.file is not None:
            retired = [one._replace(retired_at=one.retired_at or now) for one in master.lines()]
            master.write([new_master_key(), *retired])
        elif len(master.versions) < 2:
            raise MasterKeyError(
                "IMPACT_TEXT_KEYS holds one key: put a new one before it (NEW,OLD), restart what reads it,"
                " run this again, and later drop the old one"
            )
        version, count = master.versions[0], 0
        for rows in _others(cursor, version):
            cursor.execute(_REWRAP, _columns([master.wrap(row.owner_id, master.unwrap(row)) for row in rows]))
            count += len(rows)
        cursor.execute(_CHANGED, ("rotated", count, version))
    return Rotation(version, count, dropped, forget_old(connection, master, now=now, kept=kept))


def forget_old(
    connection: psycopg.Connection, master: MasterKeys, *, now: datetime, kept: timedelta = KEPT
) -> tuple[str, ...]:
    """Take master keys out of the file that were replaced longer ago; returns those that stay beside it.

    One that still wraps a key stays whatever its age: a rotation that was killed left it.
    """
    if master.file is not None:
        used = {row[0] for row in connection.execute(_USED)}
        keys = master.lines()
        left = [
            one
            for one in keys
            if one.retired_at is None or one.retired_at > now - kept or one.version in used
        ]
        if len(left) < len(keys):
            master.write(left)
    return master.versions[1:]


def _others(cursor: psycopg.RawCursor[Any], version: str) -> Iterator[list[Wrapped]]:
    after: UUID | None = None
    while rows := cursor.execute(_OF_OTHERS, (version, after, _AT_ONCE)).fetchall():
        yield [Wrapped(*row) for row in rows]
        after = rows[-1][0]


def _ciphers(master: MasterKeys, rows: Iterable[Any]) -> dict[UUID, AESGCM]:
    found = [Wrapped(UUID(bytes=row[0].bytes), row[1], row[2]) for row in rows]
    return {row.owner_id: AESGCM(master.unwrap(row)) for row in found}


def _columns(keys: Sequence[Wrapped]) -> tuple[list[UUID], list[str], list[str]]:
    return (
        [key.owner_id for key in keys],
        [key.wrapped.hex() for key in keys],
        [key.version for key in keys],
    )


def _said(value: str, ciphers: Mapping[UUID, AESGCM], place: bytes) -> str | None:
    if tokens.is_sealed(value):
        return _text(tokens.unseal(value, ciphers, place))
    return None if tokens.is_ended(value) else value


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode()
