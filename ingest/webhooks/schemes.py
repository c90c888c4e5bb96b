"""The signature schemes senders use: where each puts its digests, and what it signs beside the body.

A source lists the schemes it accepts; the first whose headers are there is the one that counts.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ingest.webhooks.signatures import (
    HEX_DIGEST,
    MOST_SIGNATURES,
    TIMESTAMP,
    Claim,
    Verdict,
    read_timestamped,
)

Headers = Mapping[bytes, bytes]

DELIVERY_ID = re.compile(rb"[!-~]{1,200}")
# The one canonical spelling of 32 bytes: a lenient decoder drops foreign characters and ignores spare bits.
_BASE64_DIGEST = re.compile(rb"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
_BASE64 = re.compile(rb"([A-Za-z0-9+/]+)={0,2}")
_SECRET_PREFIX = b"whsec_"


class Keys(NamedTuple):
    """The active secrets of a source, as the two kinds of schemes take them; the places correspond."""

    as_text: tuple[bytes, ...] = ()
    # What Standard Webhooks signs with: the bytes behind the base64. None if a secret is not base64.
    decoded: tuple[bytes | None, ...] = ()

    @classmethod
    def of(cls, secrets: Sequence[bytes]) -> Keys:
        return cls(tuple(secrets), tuple(decoded_secret(secret) for secret in secrets))

    def __repr__(self) -> str:
        return f"Keys({len(self.as_text)} secrets)"


class Scheme(Protocol):
    """A signature scheme. `read` takes headers of any content and never raises."""

    @property
    def headers(self) -> tuple[bytes, ...]: ...  # in lower case; the first one says the scheme is used

    @property
    def form(self) -> str: ...  # of the first header, as an error explains it

    @property
    def signs(self) -> str: ...

    def read(self, headers: Headers) -> Claim | Verdict: ...

    def keys(self, keys: Keys) -> Sequence[bytes | None]: ...


@dataclass(frozen=True)
class TimestampedHex:
    """`t=<unix seconds>,v1=<hex>` over `<t>.<body>`: Kintell, the buddy system, our Discord bot."""

    header: bytes
    form = "t=<unix seconds>,v1=<64 hex digits>"
    signs = "'<t>.' and the raw body"

    @property
    def headers(self) -> tuple[bytes, ...]:
        return (self.header,)

    def read(self, headers: Headers) -> Claim | Verdict:
        return read_timestamped(headers.get(self.header))

    def keys(self, keys: Keys) -> Sequence[bytes | None]:
        return keys.as_text


@dataclass(frozen=True)
class BodyHex:
    """The hex digest of the body alone, perhaps after `sha256=`. It covers no time and no delivery id."""

    header: bytes
    prefix: bytes = b""
    signs = "the raw body"

    @property
    def form(self) -> str:
        return f"{self.prefix.decode('ascii')}<64 hex digits>"

    @property
    def headers(self) -> tuple[bytes, ...]:
        return (self.header,)

    def read(self, headers: Headers) -> Claim | Verdict:
        if not (value := headers.get(self.header)):
            return Verdict.MISSING
        digest = value.removeprefix(self.prefix) if value.startswith(self.prefix) else b""
        if not HEX_DIGEST.fullmatch(digest):
            return Verdict.MALFORMED
        return Claim(b"", (bytes.fromhex(digest.decode("ascii")),))

    def keys(self, keys: Keys) -> Sequence[bytes | None]:
        return keys.as_text


@dataclass(frozen=True)
class TimestampBeside:
    """Digest and unix seconds in a header each, over `<seconds><separator><body>`: Goodera, Workday."""

    header: bytes
    timestamp_header: bytes
    separator: bytes
    prefix: bytes = b""
    is_base64: bool = False

    @property
    def form(self) -> str:
        digits = "44 characters of base64" if self.is_base64 else "64 hex digits"
        return f"{self.prefix.decode('ascii')}<{digits}>"

    @property
    def signs(self) -> str:
        name = self.timestamp_header.decode("ascii").title()
        return f"{name}, '{self.separator.decode('ascii')}' and the raw body"

    @property
    def headers(self) -> tuple[bytes, ...]:
        return (self.header, self.timestamp_header)

    def read(self, headers: Headers) -> Claim | Verdict:
        value, timestamp = headers.get(self.header), headers.get(self.timestamp_header)
        if not value or not timestamp:
            return Verdict.MISSING
        digest = value.removeprefix(self.prefix) if value.startswith(self.prefix) else b""
        spelling = _BASE64_DIGEST if self.is_base64 else HEX_DIGEST
        if not (TIMESTAMP.fullmatch(timestamp) and spelling.fullmatch(digest)):
            return Verdict.MALFORMED
        mac = binascii.a2b_base64(digest) if self.is_base64 else binascii.unhexlify(digest)
        return Claim(timestamp + self.separator, (mac,), int(timestamp))

    def keys(self, keys: Keys) -> Sequence[bytes | None]:
        return keys.as_text


@dataclass(frozen=True)
class StandardWebhooks:
    """Standard Webhooks 1.0: `<prefix>-id`, `-timestamp`, `-signature`, over `<id>.<timestamp>.<body>`.

    The id is inside the MAC, so it is the delivery id. Signatures of other versions (`v1a,…`) are ignored.
    """

    prefix: bytes = b"webhook"
    form = "v1,<44 characters of base64>, several separated by spaces"

    @property
    def signs(self) -> str:
        name = self.prefix.decode("ascii").title()
        return (
            f"'<{name}-Id>.<{name}-Timestamp>.' and the raw body, keyed with the decoded base64 of the secret"
        )

    @property
    def headers(self) -> tuple[bytes, ...]:
        return (self.prefix + b"-signature", self.prefix + b"-timestamp", self.prefix + b"-id")

    def read(self, headers: Headers) -> Claim | Verdict:
        signatures, timestamp, delivery_id = (headers.get(name) for name in self.headers)
        if not signatures or not timestamp or not delivery_id:
            return Verdict.MISSING
        if not (TIMESTAMP.fullmatch(timestamp) and DELIVERY_ID.fullmatch(delivery_id)):
            return Verdict.MALFORMED
        digests: list[bytes] = []
        for signature in signatures.split(b" "):
            version, _, digest = signature.partition(b",")
            if version == b"v1":
                if not _BASE64_DIGEST.fullmatch(digest):
                    return Verdict.MALFORMED
                digests.append(binascii.a2b_base64(digest))
        if not digests or len(digests) > MOST_SIGNATURES:
            return Verdict.MALFORMED
        return Claim(b"%b.%b." % (delivery_id, timestamp), digests, int(timestamp), delivery_id)

    def keys(self, keys: Keys) -> Sequence[bytes | None]:
        return keys.decoded


# Svix, from which the standard was made, names its headers after itself.
STANDARD: tuple[Scheme, ...] = (StandardWebhooks(), StandardWebhooks(b"svix"))


def decoded_secret(secret: bytes) -> bytes | None:
    """The key behind `whsec_<base64>`; None if it is not base64, which no other scheme needs it to be."""
    if (found := _BASE64.fullmatch(secret.removeprefix(_SECRET_PREFIX))) is None:
        return None
    try:
        return binascii.a2b_base64(found[1] + b"=" * (-len(found[1]) % 4))
    except binascii.Error:
        return None
