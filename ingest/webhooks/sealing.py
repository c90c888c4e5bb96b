"""How a secret rests in the database: AES-256-GCM under a key that the database does not hold.

The row's id and source are authenticated with it, so that whoever can write rows cannot give one source the
secret of another.
"""

from __future__ import annotations

import hashlib
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class UnsealError(Exception):
    """The bytes were sealed with another key, for another row, or were changed since."""


class Sealer:
    """Seals and opens secrets. `key` is a long random text, as `impact up` makes it; it is not stretched."""

    def __init__(self, key: str) -> None:
        self._cipher = AESGCM(hashlib.sha256(key.encode()).digest())

    def seal(self, secret: bytes, *, source: str, secret_id: UUID) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, _row(source, secret_id))

    def open(self, sealed: bytes, *, source: str, secret_id: UUID) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _row(source, secret_id))
        except (InvalidTag, ValueError):
            raise UnsealError(f"secret {secret_id} of {source} cannot be opened with this key") from None


def _row(source: str, secret_id: UUID) -> bytes:
    return f"{source}:{secret_id}".encode()
