"""The key that wraps the keys of people. It is in a file or in the environment, never in a store.

Rotating it is what makes backups dark: an old backup of Postgres still has the wrapped key of whom was
forgotten since, and nothing opens it once the master key of that day is gone. A master key that was replaced
stays in the file for KEPT, so that a backup of the last days can still be restored with its texts.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.stores import StoreSettings

SHORTEST = 32  # characters: a key that can be guessed is no key
KEY_BYTES = 32
KEPT = timedelta(days=7)  # backups older than this are dark for whom was forgotten since
_NONCE = 12


class MasterKeyError(Exception):
    """Texts cannot be sealed or read: the master key is missing or another one. Says what to do."""


class MasterKey(NamedTuple):
    """A line of the file: the key, and since when another one wraps in its place."""

    key: str
    retired_at: datetime | None = None

    @property
    def secret(self) -> bytes:
        return sha256(self.key.encode()).digest()

    @property
    def version(self) -> str:
        """Its name, which tells nothing about it."""
        return sha256(self.secret).hexdigest()[:8]

    def line(self) -> str:
        return self.key if self.retired_at is None else f"{self.key} {self.retired_at.isoformat()}"

    def __repr__(self) -> str:
        return "MasterKey(…)"


@dataclass(frozen=True)
class Wrapped:
    """A person's key as it rests in Postgres."""

    owner_id: UUID
    wrapped: bytes
    version: str  # of the master key that wraps it


class MasterKeys:
    """The master keys, the newest first. A changed file is read again, so that rotation needs no restart."""

    def __init__(self, keys: Sequence[str] = (), *, file: Path | None = None) -> None:
        self.file = file
        self._read_at: tuple[int, int] | None = None
        self._take([MasterKey(key.strip()) for key in keys if key.strip()])
        self._reread()

    @classmethod
    def of(cls, settings: StoreSettings) -> MasterKeys:
        """As the settings say; raises `MasterKeyError`."""
        if settings.impact_text_keys is not None:
            return cls(settings.impact_text_keys.get_secret_value().split(","))
        if settings.impact_text_keys_file is not None:
            return cls(file=settings.impact_text_keys_file)
        raise MasterKeyError(
            "no key to seal texts with: set IMPACT_TEXT_KEYS_FILE to a file that holds one"
            f" (mode 0600, {SHORTEST} or more random characters), or IMPACT_TEXT_KEYS to the key itself"
        )

    def __repr__(self) -> str:
        return f"MasterKeys({', '.join(self._ciphers)})"

    @property
    def versions(self) -> tuple[str, ...]:
        """Names of the keys, the newest first."""
        self._reread()
        return tuple(self._ciphers)

    def new_key(self, owner_id: UUID) -> Wrapped:
        """A new key for a person, wrapped by the newest master key."""
        return self.wrap(owner_id, secrets.token_bytes(KEY_BYTES))

    def wrap(self, owner_id: UUID, key: bytes) -> Wrapped:
        version = self.versions[0]
        nonce = os.urandom(_NONCE)
        return Wrapped(owner_id, nonce + self._ciphers[version].encrypt(nonce, key, owner_id.bytes), version)

    def unwrap(self, row: Wrapped) -> bytes:
        """The key; raises `MasterKeyError`: a key that nobody can open is not a key that was shredded."""
        if row.version not in self._ciphers:
            self._reread()
        cipher = self._ciphers.get(row.version)
        if cipher is None:
            raise MasterKeyError(
                f"the text key of {row.owner_id} is wrapped by master key {row.version}, which is not in"
                f" {self.file or 'IMPACT_TEXT_KEYS'}: put it back from where your keys are kept. If"
                " Postgres was restored from an older backup, see docs/sealed-texts.md, 'After a restore'"
            )
        try:
            return cipher.decrypt(row.wrapped[:_NONCE], row.wrapped[_NONCE:], row.owner_id.bytes)
        except InvalidTag:
            raise MasterKeyError(f"the text key of {row.owner_id} was changed or is another one's") from None

    def write(self, keys: Sequence[MasterKey]) -> None:
        """Replace the file's keys, the newest first, in one step that survives a crash."""
        if self.file is None:
            raise MasterKeyError("IMPACT_TEXT_KEYS is the environment's: only who sets it can change it")
        beside = self.file.with_suffix(".new")
        beside.unlink(missing_ok=True)
        _write(beside, keys)
        beside.replace(self.file)
        _sync(self.file.parent)
        self._reread()

    def lines(self) -> list[MasterKey]:
        """The keys themselves, the newest first; for `write` and nothing else."""
        self._reread()
        return list(self._keys)

    def _reread(self) -> None:
        if self.file is None:
            return
        try:
            found = self.file.stat()
            if self._read_at != (found.st_mtime_ns, found.st_ino):
                self._take([_key(line) for line in self.file.read_text("ascii").splitlines() if line.strip()])
                self._read_at = (found.st_mtime_ns, found.st_ino)
        except (OSError, ValueError) as error:
            raise MasterKeyError(
                f"{self.file}, the key of people's texts, cannot be read ({type(error).__name__}):"
                " put it back from where your keys are kept"
            ) from None
        if not self._ciphers:
            raise MasterKeyError(f"{self.file} is empty: put it back from where your keys are kept")

    def _take(self, keys: list[MasterKey]) -> None:
        if any(len(one.key) < SHORTEST for one in keys):
            raise MasterKeyError(f"a master key of texts has {SHORTEST} random characters or more")
        self._keys = keys
        self._ciphers = {one.version: AESGCM(one.secret) for one in keys}


def new_master_key() -> MasterKey:
    return MasterKey(secrets.token_urlsafe(KEY_BYTES))


def ensure_file(path: Path) -> None:
    """Make the file with a new key if there is none. Only its owner can read it, from the first instant."""
    if not path.exists():
        _write(path, [new_master_key()])


def _key(line: str) -> MasterKey:
    key, _, retired_at = line.strip().partition(" ")
    return MasterKey(key, datetime.fromisoformat(retired_at) if retired_at else None)


def _write(path: Path, keys: Sequence[MasterKey]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("".join(f"{one.line()}\n" for one in keys))
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
