"""Tombstones beside the database: a file in the data folder that an older backup of Postgres does not undo.

Each erasure appends its hashes, synced to disk, before it commits them; at every start what one side lacks is
taken over from the other. A line carries a keyed hash of itself and of all lines before it: a line that was
changed, taken out or put in between is found, and then nothing starts, since somebody erased might come in.
Lines cut off at the end cannot be told from lines never written; the database has those.
"""

from __future__ import annotations

import fcntl
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import psycopg

from ingest import leases
from ingest.tombstones import Tombstones, key_of

NAME = "tombstones.log"
_START = b"impact-tombstones/1"
_TAIL_BYTES = 4_096  # a line has some 220
_KNOWN = "select subject_hash, key_id, request_id, erased_at from privacy.tombstones order by tombstone_id"
_ADD = """
insert into privacy.tombstones (subject_hash, key_id, request_id, erased_at)
values (%s, %s, %s, %s) on conflict (subject_hash) do nothing
"""


class TombstoneFileError(Exception):
    """The file is not what was written; the message says where and what to do."""


@dataclass(frozen=True)
class Tombstone:
    """One line: whose hash, of which key, set by which request and when."""

    subject_hash: bytes
    key_id: bytes
    request_id: UUID | None
    erased_at: datetime

    def text(self) -> bytes:
        fields = (
            self.subject_hash.hex(), self.key_id.hex(), str(self.request_id or "-"),
            self.erased_at.astimezone(UTC).isoformat(timespec="microseconds"),
        )  # fmt: skip
        return " ".join(fields).encode()

    @classmethod
    def read(cls, text: bytes) -> Tombstone:
        subject_hash, key_id, request_id, erased_at = text.decode("ascii").split(" ")
        return cls(
            bytes.fromhex(subject_hash), bytes.fromhex(key_id),
            None if request_id == "-" else UUID(request_id), datetime.fromisoformat(erased_at),
        )  # fmt: skip


def path_of(home: Path) -> Path:
    return home / "privacy" / NAME


def append(home: Path, tombstones: Iterable[Tombstone]) -> int:
    """Add these, on disk when it returns; how many. Written twice is as good as once."""
    lines = [one.text() for one in tombstones]
    if not lines:
        return 0
    key = key_of(home)
    with _opened(path_of(home)) as file:
        seal = _last_seal(file, key)
        written = bytearray()
        for line in lines:
            seal = _seal(key, seal, line)
            written += b"%b %b\n" % (line, seal.hex().encode())
        file.write(written)
        file.flush()
        os.fsync(file.fileno())
    return len(lines)


def read(home: Path) -> list[Tombstone]:
    """All of them, every seal checked; none where there is no file. Raises TombstoneFileError."""
    path, key = path_of(home), key_of(home)
    if not path.exists():
        return []
    found, seal = [], _START
    for number, line in enumerate(path.read_bytes().splitlines(keepends=True), 1):
        if not line.endswith(b"\n"):
            break  # its writer died before it was whole, and so before it counted
        text, _, said = line[:-1].rpartition(b" ")
        seal = _seal(key, seal, text)
        if not hmac.compare_digest(seal.hex().encode(), said):
            raise TombstoneFileError(
                f"line {number} of {path} is not what was written there, or was written with another key than"
                " <IMPACT_HOME>/privacy/tombstones.key. Put the file, or the key, back from a backup. If"
                " there is none, move the file away: the database's tombstones are written into a new one"
            )
        found.append(Tombstone.read(text))
    return found


def merge(connection: psycopg.Connection, home: Path) -> tuple[int, int]:
    """Have the file and the database know the same; how many the database lacked, and how many the file.

    `connection` is in autocommit. Whoever the database lacked is kept out from now on, and erased again by
    `impact privacy restored` where a backup has brought them back.
    """
    there = read(home)
    with leases.alone(connection), connection.transaction():
        known = [Tombstone(*_row(row)) for row in connection.execute(_KNOWN)]
        in_database = {one.subject_hash for one in known}
        in_file = {one.subject_hash for one in there}
        lacking = [one for one in there if one.subject_hash not in in_database]
        Tombstones(key_of(home)).refresh(connection)  # refuses another key than theirs
        with connection.cursor() as cursor:
            cursor.executemany(
                _ADD, [(one.subject_hash, one.key_id, one.request_id, one.erased_at) for one in lacking]
            )
        written = append(home, [one for one in known if one.subject_hash not in in_file])
    return len(lacking), written


def _row(row: tuple[bytes, bytes, UUID | None, datetime]) -> tuple[bytes, bytes, UUID | None, datetime]:
    subject_hash, key_id, request_id, erased_at = row
    return bytes(subject_hash), bytes(key_id), request_id, erased_at


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """For one writer at a time, at its end."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _last_seal(file: BinaryIO, key: bytes) -> bytes:
    """What the next line follows from. A last line that is not whole is taken away."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    file.seek(size - len(tail) + len(whole))
    file.truncate()
    if not whole:
        return _START
    return bytes.fromhex(whole[:-1].rpartition(b"\n")[2].rpartition(b" ")[2].decode("ascii"))


def _seal(key: bytes, before: bytes, line: bytes) -> bytes:
    return hmac.digest(key, before + line, "sha256")
