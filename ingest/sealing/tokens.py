"""One text as it is stored, and what reading it can come to.

`sealed:1:` and base64 of owner id, nonce and ciphertext. The owner, whose key it takes, is a person, else a
company, else nil. Event type, subject and field are authenticated with it, so that whoever can write rows
cannot put one person's words under another's fact. Whatever a door lets in is sealed, also a text that only
looks like a token; so what looks like one in a row is one.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PREFIX = "sealed:1:"
# What retention leaves in a text's place, with the keyed hash of what it was.
ENDED = "ended:1:"

NONCE = 12
_OWNER, _TAG = 16, 16


class UnsealError(Exception):
    """The bytes were sealed for another fact or with another key, or were changed since."""


def is_sealed(value: object) -> bool:
    return isinstance(value, str) and value.startswith(PREFIX)


def is_ended(value: object) -> bool:
    return isinstance(value, str) and value.startswith(ENDED)


def place_of(event_type: str, subject: str, field: str) -> bytes:
    """Where a text stands: what it is authenticated with. `field` is its names joined by dots."""
    return f"{event_type}\n{subject}\n{field}".encode()


def seal(cipher: AESGCM, owner: UUID, text: bytes, place: bytes) -> str:
    nonce = os.urandom(NONCE)
    return PREFIX + b64encode(owner.bytes + nonce + cipher.encrypt(nonce, text, place)).decode()


def owner_of(token: str) -> UUID:
    """Whose key opens it; raises `UnsealError` for what is no token."""
    return UUID(bytes=_bytes(token)[:_OWNER])


def unseal(token: str, ciphers: Mapping[UUID, AESGCM], place: bytes) -> bytes | None:
    """The text; None if its owner has no key any more. Raises `UnsealError`."""
    raw = _bytes(token)
    cipher = ciphers.get(UUID(bytes=raw[:_OWNER]))
    if cipher is None:
        return None
    nonce, sealed = raw[_OWNER : _OWNER + NONCE], raw[_OWNER + NONCE :]
    try:
        return cipher.decrypt(nonce, sealed, place)
    except InvalidTag:
        raise UnsealError("a sealed text does not belong where it is, or was changed") from None


def _bytes(token: str) -> bytes:
    try:
        raw = b64decode(token[len(PREFIX) :], validate=True)
    except (NotBase64, ValueError):
        raise UnsealError("a sealed text is damaged: not base64") from None
    if len(raw) < _OWNER + NONCE + _TAG:
        raise UnsealError("a sealed text is damaged: too short")
    return raw
