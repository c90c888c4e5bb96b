"""Certificates of erasure: what was done, what was counted afterwards, signed and chained.

A certificate is canonical JSON (sorted keys, no spaces, UTF-8) signed with Ed25519. The signing key lies in
the data folder; its public half stands in each certificate and beside the key, to be kept elsewhere. Each
certificate names the hash of the one before, so that none can be taken out or put in between. It names no
person: whoever holds the key of the tombstones can tell from the hashes whom it is about, and nobody else.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from orchestration.privacy.erasure.verifying import Report

FORMAT = "impact-erasure-certificate/1"

_ERASURE = """
select erasure_id, declarations_sha256, plan_sha256, person_count, request_ids, begun_at, subject_hashes
from privacy.erasures where erasure_id = %s
"""
_STEPS = """
select step, rows_before, rows_after, detail from privacy.erasure_steps
where erasure_id = %s order by position
"""
_LAST = "select sequence, sha256 from privacy.certificates order by sequence desc limit 1"
_INSERT = """
insert into privacy.certificates (
    sequence, certificate_id, erasure_id, body, signature, sha256, previous_sha256, issued_at, verified_at,
    remaining_count
) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, 0)
"""
_ONE = """
select certificate_id, body, signature, sequence, previous_sha256 from privacy.certificates
where certificate_id::text = %(id)s or erasure_id::text = %(id)s
"""
_BEFORE = "select sha256 from privacy.certificates where sequence = %s"


class CertificateError(Exception):
    """A certificate is not what was issued; the message says what does not hold."""


@dataclass(frozen=True)
class Certificate:
    """A signed certificate. `body` are the signed bytes."""

    body: bytes
    signature: bytes

    @property
    def said(self) -> dict[str, Any]:
        said: dict[str, Any] = msgspec.json.decode(self.body)
        return said

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.body + self.signature).digest()

    @property
    def hashes(self) -> list[bytes]:
        """Tombstones of the people it is about."""
        return [bytes.fromhex(one) for one in self.said["subjects"]]

    def document(self) -> bytes:
        """As a file: what was signed, and the signature, as JSON."""
        return msgspec.json.encode({"body": self.body.decode(), "signature": self.signature.hex()})

    @classmethod
    def read(cls, document: bytes) -> Certificate:
        """The certificate in a file; raises CertificateError."""
        try:
            said = msgspec.json.decode(document)
            return cls(said["body"].encode(), bytes.fromhex(said["signature"]))
        except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise CertificateError(f"this is no certificate of erasure: {type(error).__name__}") from None


def issue(
    connection: psycopg.Connection, home: Path, erasure_id: UUID, report: Report, *, backup_days: int
) -> Certificate:
    """Sign and store the certificate of an erasure that was counted; asked again, it is the same."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(7163202632)")  # the chain has one end
        if known := stored(connection, str(erasure_id)):
            return known
        key = signing_key(home)
        last = connection.execute(_LAST).fetchone()
        sequence, previous = (last[0] + 1, bytes(last[1])) if last else (1, None)
        now = datetime.now(UTC)
        certificate_id = uuid4()
        body = _canonical(
            {
                "format": FORMAT,
                "certificate_id": str(certificate_id),
                "sequence": sequence,
                "previous_sha256": previous.hex() if previous else None,
                "issued_at": now.isoformat(timespec="seconds"),
                "public_key": public_bytes(key).hex(),
                **_what_was_done(connection, erasure_id),
                "counted_afterwards": [one.document() for one in report.counts],
                "rows_remaining": report.remaining,
                "backups": {
                    "kept_days": backup_days,
                    "gone_by": (now + timedelta(days=backup_days)).date().isoformat(),
                    "note": "Text keys are shredded: sealed texts in older backups cannot be read.",
                },
            }
        )
        certificate = Certificate(body, key.sign(body))
        connection.execute(
            _INSERT,
            (
                sequence, certificate_id, erasure_id, body.decode(), certificate.signature,
                certificate.sha256, previous, now, now,
            ),
        )  # fmt: skip
        connection.execute(
            "update privacy.erasures set state = 'certified', finished_at = now() where erasure_id = %s",
            (erasure_id,),
        )
    return certificate


def check(
    certificate: Certificate, *, public_key: bytes, connection: psycopg.Connection | None = None
) -> None:
    """Raise CertificateError unless it is signed with this key and, given a database, stands in its chain."""
    said = certificate.said
    if said.get("format") != FORMAT:
        raise CertificateError(f"its format is {said.get('format')!r}, which this version does not know")
    if _canonical(said) != certificate.body:
        raise CertificateError("it is not in canonical form: it was written by something else")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(certificate.signature, certificate.body)
    except InvalidSignature:
        raise CertificateError(
            "its signature does not fit: it was changed, or signed with another key"
        ) from None
    if connection is not None:
        _check_chain(certificate, connection)


def stored(connection: psycopg.Connection, name: str) -> Certificate | None:
    """A certificate of this database, by its own id or that of its erasure."""
    row = connection.execute(_ONE, {"id": name}).fetchone()
    return Certificate(row[1].encode(), bytes(row[2])) if row else None


def signing_key(home: Path) -> Ed25519PrivateKey:
    """The key in the data folder, made when it is first asked for; its public half lies beside it."""
    path = home / "privacy" / "certificates.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        new = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(new, path)
        new.unlink()
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise CertificateError(f"{path} holds no Ed25519 key")
    path.with_suffix(".pub").write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return key


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _check_chain(certificate: Certificate, connection: psycopg.Connection) -> None:
    said = certificate.said
    if (known := stored(connection, said["certificate_id"])) is None or known != certificate:
        raise CertificateError(
            "the database has no such certificate: it is another platform's, or was taken out"
        )
    before = connection.execute(_BEFORE, (said["sequence"] - 1,)).fetchone()
    expected = bytes(before[0]).hex() if before else None
    if said["previous_sha256"] != expected:
        raise CertificateError("the certificate before it is not the one it was issued after")


def _what_was_done(connection: psycopg.Connection, erasure_id: UUID) -> dict[str, Any]:
    row = connection.execute(_ERASURE, (erasure_id,)).fetchone()
    if row is None:
        raise CertificateError(f"there is no erasure {erasure_id}")
    _, declarations, plan, people, requests, begun_at, hashes = row
    return {
        "erasure_id": str(erasure_id),
        "requests": sorted(str(one) for one in requests),
        "person_count": people,
        "subjects": sorted(bytes(one).hex() for one in hashes),
        "declarations_sha256": declarations,
        "plan_sha256": plan,
        "begun_at": begun_at.astimezone(UTC).isoformat(timespec="seconds"),
        "steps": [
            {"step": step, "before": before, "after": after, "detail": detail}
            for step, before, after, detail in connection.execute(_STEPS, (erasure_id,))
        ],
    }


def _canonical(said: dict[str, Any]) -> bytes:
    return msgspec.json.encode(said, order="sorted")
