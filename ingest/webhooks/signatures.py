"""Whether a request is authentic, over the bytes as they arrived.

JSON that was parsed and written again would have other spacing, so nothing is parsed before this. Every
scheme we know is HMAC-SHA256 over a prefix and the raw body: `ingest.webhooks.schemes` reads what a scheme's
headers claim, and `judge` says whether it is true. Whatever the headers hold, nothing here raises.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

TOLERANCE_S = 300  # inclusive: 300 seconds off passes, 301 does not
MOST_SIGNATURES = 8  # a rotation needs two; the bound keeps a hostile header from costing CPU

# A plain decimal integer and nothing else. A lenient parser takes "1763028000.5", "+1763028000" and
# "01763028000" for the same instant, so that one signed request could be written in several ways.
TIMESTAMP = re.compile(rb"[1-9][0-9]{0,11}")
HEX_DIGEST = re.compile(rb"[0-9a-fA-F]{64}")


class Verdict(StrEnum):
    VALID = "valid"
    MISSING = "missing"
    MALFORMED = "malformed"
    STALE = "stale"
    MISMATCH = "mismatch"


class Claim(NamedTuple):
    """What a request's headers claim: one of `digests` is the HMAC of `prefix` and the body.

    `signed_at` and `delivery_id` are given where the scheme's MAC covers them.
    """

    prefix: bytes
    digests: Sequence[bytes]
    signed_at: int | None = None
    delivery_id: bytes | None = None


class Judgement(NamedTuple):
    """The verdict, and which of the keys made the signature."""

    verdict: Verdict
    key: int | None = None


def judge(claim: Claim, body: bytes, *, keys: Sequence[bytes | None], now: int) -> Judgement:
    """Whether a key made one of the digests within `TOLERANCE_S` of `now`, in unix seconds.

    A key of None belongs to a secret that this scheme cannot use.
    """
    if claim.signed_at is not None and abs(now - claim.signed_at) > TOLERANCE_S:
        return Judgement(Verdict.STALE)
    message = claim.prefix + body
    matching = None
    for number, key in enumerate(keys):
        if key is None:
            continue
        expected = hmac.digest(key, message, "sha256")
        for digest in claim.digests:
            # No early exit: the time taken must not tell which secret or signature was the right one.
            if hmac.compare_digest(expected, digest):
                matching = number
    return Judgement(Verdict.MISMATCH if matching is None else Verdict.VALID, matching)


def read_timestamped(header: bytes | None) -> Claim | Verdict:
    """What a `t=<unix s>,v1=<hex>` header claims: the MAC is over `"<t>." + body`.

    Several `v1=` parts are allowed, so that a sender can sign with two secrets while one is rotated.
    """
    if not header:
        return Verdict.MISSING
    timestamp: bytes | None = None
    digests: list[bytes] = []
    for part in header.split(b","):
        name, _, value = part.strip(b" \t").partition(b"=")
        if name == b"t":
            if timestamp is not None or not TIMESTAMP.fullmatch(value):
                return Verdict.MALFORMED
            timestamp = value
        elif name == b"v1":
            if not HEX_DIGEST.fullmatch(value):
                return Verdict.MALFORMED
            digests.append(bytes.fromhex(value.decode("ascii")))
        # Other names belong to schemes this version does not know, and prove nothing.
    if timestamp is None or not digests or len(digests) > MOST_SIGNATURES:
        return Verdict.MALFORMED
    return Claim(timestamp + b".", digests, int(timestamp))


def verify(header: bytes | None, body: bytes, *, secrets: Sequence[bytes], now: int) -> Verdict:
    """`judge` for a `t=,v1=` header."""
    claim = read_timestamped(header)
    return claim if isinstance(claim, Verdict) else judge(claim, body, keys=secrets, now=now).verdict


def sign(secret: bytes, body: bytes, *, timestamp: int) -> str:
    """The `t=,v1=` header value a sender puts on `body`."""
    mac = hmac.digest(secret, b"%d.%b" % (timestamp, body), "sha256")
    return f"t={timestamp},v1={mac.hex()}"


def signed_at(header: bytes) -> int | None:
    """The unix second a `t=,v1=` header claims; to be trusted only after `verify` found it valid."""
    claim = read_timestamped(header)
    return None if isinstance(claim, Verdict) else claim.signed_at
