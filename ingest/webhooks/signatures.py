"""Verification of `t=<unix s>,v1=<hex>` signatures over raw bytes.

The MAC is HMAC-SHA256 over `"<t>." + body` as the bytes arrived: JSON that was parsed and written again would
have other spacing. Several `v1=` parts and several secrets are allowed, so that a secret can be rotated.
Whatever a header holds, verification returns a verdict and never raises.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from enum import StrEnum

TOLERANCE_S = 300  # inclusive: 300 seconds off passes, 301 does not

# A plain decimal integer and nothing else. A lenient parser takes "1763028000.5", "+1763028000" and
# "01763028000" for the same instant, so that one signed request could be written in several ways.
_TIMESTAMP = re.compile(rb"[1-9][0-9]{0,11}")
_DIGEST = re.compile(rb"[0-9a-fA-F]{64}")
_MOST_SIGNATURES = 8  # a rotation needs two; the bound keeps a hostile header from costing CPU


class Verdict(StrEnum):
    VALID = "valid"
    MISSING = "missing"
    MALFORMED = "malformed"
    STALE = "stale"
    MISMATCH = "mismatch"


def verify(header: bytes | None, body: bytes, *, secrets: Sequence[bytes], now: int) -> Verdict:
    """Whether a secret made one of the header's signatures within `TOLERANCE_S` of `now`, in unix seconds."""
    if not header:
        return Verdict.MISSING
    parsed = _parse(header)
    if parsed is None:
        return Verdict.MALFORMED
    timestamp, digests = parsed
    if abs(now - int(timestamp)) > TOLERANCE_S:
        return Verdict.STALE
    matches = False
    for secret in secrets:
        expected = _digest(secret, timestamp, body)
        for digest in digests:
            # No early exit: the time taken must not tell which secret or signature was the right one.
            matches |= hmac.compare_digest(expected, digest)
    return Verdict.VALID if matches else Verdict.MISMATCH


def sign(secret: bytes, body: bytes, *, timestamp: int) -> str:
    """The header value a sender puts on `body`."""
    instant = str(timestamp).encode()
    return f"t={timestamp},v1={_digest(secret, instant, body).hex()}"


def signed_at(header: bytes) -> int | None:
    """The unix second a header claims; to be trusted only after `verify` found it valid."""
    parsed = _parse(header)
    return int(parsed[0]) if parsed else None


def _digest(secret: bytes, timestamp: bytes, body: bytes) -> bytes:
    return hmac.digest(secret, b"%b.%b" % (timestamp, body), "sha256")


def _parse(header: bytes) -> tuple[bytes, list[bytes]] | None:
    timestamp: bytes | None = None
    digests: list[bytes] = []
    for part in header.split(b","):
        name, _, value = part.strip(b" \t").partition(b"=")
        if name == b"t":
            if timestamp is not None or not _TIMESTAMP.fullmatch(value):
                return None
            timestamp = value
        elif name == b"v1":
            if not _DIGEST.fullmatch(value):
                return None
            digests.append(bytes.fromhex(value.decode("ascii")))
        # Other names belong to schemes this version does not know, and prove nothing.
    if timestamp is None or not digests or len(digests) > _MOST_SIGNATURES:
        return None
    return timestamp, digests
