"""Who was erased: asked at every door before anything is written, so that nobody comes back.

A tombstone is a keyed hash of a person's id, or of an id or email they were known by: without the key, which
lies in the data folder and not in the database, nobody can try out who it was. Each process holds all of
them in memory and reads what has been added since at the beginning of each batch, under the lock that an
erasure takes alone while it adds some (`ingest.leases`): a batch sees all tombstones there are, or ends
before they are.

Whatever arrives of an erased person is left out and counted, whenever it says it happened.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

import asyncpg
import psycopg
from asyncpg.pool import PoolConnectionProxy
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

# person and match by their UUIDs, the others by the id at that provider as `ingest.people` spells it.
Kind = Literal["person", "match", "email", "kintell", "buddy", "discord", "upskilling"]

# Stands in the place of an erased person while a batch is read, and never leaves it: who names it is left
# out.
ERASED: Final = UUID("e7a5edff-ffff-4fff-bfff-ffffffffffff")

_KEY_BYTES = 32
_BLOCK_BYTES = 64  # of SHA-256
_MOST_REMEMBERED = 500_000  # some 80 MB
_READ = "select tombstone_id, subject_hash, key_id from privacy.tombstones where tombstone_id > {} order by 1"
_ADD = """
insert into privacy.tombstones (subject_hash, key_id, request_id)
values (%s, %s, %s) on conflict (subject_hash) do nothing
"""


class TombstoneKeyError(Exception):
    """The key is not the one that the tombstones were made with: everybody erased would be let in again."""


class _Home(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    impact_home: Path = Field(Path(".impact"), description="Data folder of the platform")


class Tombstones:
    """All tombstones, as of the last refresh. One per process or import; not for concurrent refreshes."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key if key is not None else key_of(_Home().impact_home)
        self.key_id = hashlib.sha256(b"tombstones" + self._key).digest()[:8]
        self._inner, self._outer = map(hashlib.sha256, self.rounds())
        self._hashes: set[bytes] = set()
        self._through = 0
        self._alive: set[tuple[Kind, str]] = set()  # looked up before: most people come again and again

    def __len__(self) -> int:
        return len(self._hashes)

    @property
    def generation(self) -> int:
        """Grows with every erasure that has been read."""
        return self._through

    async def refresh_async(self, connection: asyncpg.Connection | PoolConnectionProxy) -> None:
        """Read what was added since the last time; the caller is a writer (`ingest.leases`)."""
        self._learn([tuple(row) for row in await connection.fetch(_READ.format("$1"), self._through)])

    def refresh(self, connection: psycopg.Connection) -> None:
        """`refresh_async` over psycopg."""
        self._learn(connection.execute(_READ.format("%s"), (self._through,)).fetchall())

    def hash_of(self, kind: Kind, value: str) -> bytes:
        # HMAC-SHA256 by its two rounds, of which the key's part is done once: each word of a count asks five.
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{kind}\n{value}".encode())
        outer.update(inner.digest())
        return outer.digest()

    @property
    def hashes(self) -> frozenset[bytes]:
        """All of them, as of the last refresh."""
        return frozenset(self._hashes)

    def rounds(self) -> tuple[bytes, bytes]:
        """What both rounds of `hash_of`'s HMAC begin with, to hash elsewhere. As secret as the key."""
        key = hashlib.sha256(self._key).digest() if len(self._key) > _BLOCK_BYTES else self._key
        block = key.ljust(_BLOCK_BYTES, b"\0")
        return bytes(one ^ 0x36 for one in block), bytes(one ^ 0x5C for one in block)

    def has(self, kind: Kind, value: str) -> bool:
        """Whether this was erased. `value` as `ingest.people` spells it, a UUID as `str` does."""
        return bool(self.among(kind, (value,)))

    def among(self, kind: Kind, values: Iterable[str]) -> set[str]:
        """Those that were erased."""
        if not self._hashes:
            return set()
        erased = set()
        for value in values:
            if (kind, value) in self._alive:
                continue
            if self.hash_of(kind, value) in self._hashes:
                erased.add(value)
            else:
                self._alive.add((kind, value))
        if len(self._alive) > _MOST_REMEMBERED:
            self._alive.clear()
        return erased

    def add(
        self, connection: psycopg.Connection, subjects: Iterable[tuple[Kind, str]], request_id: UUID | None
    ) -> list[bytes]:
        """Note these as erased, in the caller's transaction under `leases.alone`; returns their hashes."""
        hashes = [self.hash_of(kind, value) for kind, value in subjects]
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, [(one, self.key_id, request_id) for one in hashes])
        return hashes

    def _learn(self, rows: Sequence[tuple[int, bytes, bytes]]) -> None:
        for tombstone_id, subject_hash, key_id in rows:
            if bytes(key_id) != self.key_id:
                raise TombstoneKeyError(
                    "the key in <IMPACT_HOME>/privacy/tombstones.key is not the one that the tombstones of"
                    " this database were made with; put the right file back before anything is taken in"
                )
            self._hashes.add(bytes(subject_hash))
            self._through = tombstone_id
        if rows:
            self._alive.clear()


@lru_cache(maxsize=8)
def key_of(home: Path) -> bytes:
    """The key in a data folder, made when it is first asked for."""
    path = home / "privacy" / "tombstones.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # Linked into its place when it is whole: of two processes that start at once, one is the first.
        new = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(new, path)
        new.unlink()
    return bytes.fromhex(path.read_text("ascii").strip())
