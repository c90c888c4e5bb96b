"""What people have agreed to: which purpose, which words in which language, how, and until when."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args
from uuid import UUID

import psycopg
import yaml
from psycopg.rows import class_row

from orchestration.privacy.requests import audit
from orchestration.privacy.requests.model import RequestError

Purpose = Literal["marketing", "analytics", "buddy_program", "data_sharing"]
Language = Literal["en", "uk", "no"]
Method = Literal["explicit_opt_in", "implicit", "checkbox"]
Basis = Literal["consent", "contract", "legitimate_interest"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
LANGUAGES: tuple[Language, ...] = get_args(Language)
TEXTS = Path(__file__).with_name("consent_texts.yaml")

_COLUMNS = """
consent_id, person_id, company_id, purpose, legal_basis, text_version, language, method, granted_at,
expires_at, withdrawn_at, replaced_at
"""
_REPLACE = """
update privacy.consents set replaced_at = %s
where person_id = %s and purpose = %s and company_id is not distinct from %s
    and withdrawn_at is null and replaced_at is null
"""
_GRANT = f"""
insert into privacy.consents (
    person_id, company_id, purpose, legal_basis, text_version, language, text_sha256, method, granted_at,
    expires_at, recorded_by
) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning {_COLUMNS}
"""  # noqa: S608 - the columns above
_WITHDRAW = f"""
update privacy.consents set withdrawn_at = %s
where consent_id = %s and (%s::uuid is null or company_id = %s) and (%s::uuid is null or person_id = %s)
    and withdrawn_at is null and replaced_at is null
returning {_COLUMNS}
"""  # noqa: S608
_OF_PERSON = f"""
select {_COLUMNS} from privacy.consents
where person_id = %s and (%s::uuid is null or company_id = %s) order by granted_at desc, consent_id
"""  # noqa: S608


class ConsentError(RequestError):
    """A consent cannot be recorded as it was given."""


@dataclass(frozen=True)
class ConsentText:
    """The words a person is asked with."""

    purpose: Purpose
    version: int
    language: Language
    words: str

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.words.encode()).digest()


@dataclass(frozen=True)
class Consent:
    """A row of privacy.consents."""

    consent_id: UUID
    person_id: UUID
    company_id: UUID | None
    purpose: Purpose
    legal_basis: Basis
    text_version: int
    language: Language
    method: Method
    granted_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None
    replaced_at: datetime | None

    def is_in_force(self, now: datetime) -> bool:
        is_over = self.expires_at is not None and self.expires_at <= now
        return not is_over and self.withdrawn_at is None and self.replaced_at is None


@dataclass(frozen=True)
class Grant:
    """What a person has answered."""

    person_id: UUID
    company_id: UUID | None
    purpose: Purpose
    text_version: int
    language: Language
    method: Method
    legal_basis: Basis = "consent"
    granted_at: datetime | None = None  # None: now
    expires_at: datetime | None = None


@lru_cache(maxsize=1)
def texts() -> tuple[ConsentText, ...]:
    """Every version of every text there has been, in the three languages; the newest last."""
    document = yaml.safe_load(TEXTS.read_text("utf-8"))
    return tuple(
        ConsentText(purpose, version, language, words[language].strip())
        for purpose in PURPOSES
        for version, words in sorted(document[purpose].items())
        for language in LANGUAGES
    )


def text_of(purpose: Purpose, version: int, language: Language) -> ConsentText:
    """The words a consent names; raises ConsentError where there are none."""
    for text in texts():
        if (text.purpose, text.version, text.language) == (purpose, version, language):
            return text
    raise ConsentError(
        f"there is no version {version} of the text for {purpose}; see /v1/privacy/consent-texts"
    )


def grant(connection: psycopg.Connection, given: Grant, *, actor: str) -> Consent:
    """Record a consent in the place of the one before. Raises ConsentError."""
    now = datetime.now(UTC)
    at = given.granted_at or now
    if given.legal_basis == "consent" and given.method == "implicit":
        raise ConsentError(
            "consent is never implicit: record explicit_opt_in or checkbox, or another legal basis"
        )
    if at > now:
        raise ConsentError("a consent is recorded when it has been given, not before")
    if given.expires_at is not None and given.expires_at <= at:
        raise ConsentError("a consent ends after it was given")
    words = text_of(given.purpose, given.text_version, given.language)
    with connection.transaction(), connection.cursor(row_factory=class_row(Consent)) as cursor:
        cursor.execute(_REPLACE, (now, given.person_id, given.purpose, given.company_id))
        made = cursor.execute(
            _GRANT.encode(),
            (given.person_id, given.company_id, given.purpose, given.legal_basis, given.text_version,
             given.language, words.sha256, given.method, at, given.expires_at, actor),
        ).fetchone()  # fmt: skip
        if made is None:
            raise ConsentError("the consent was not recorded; try again")
        _audit(connection, "consent.granted", actor, made)
        return made


def withdraw(
    connection: psycopg.Connection,
    consent_id: UUID,
    *,
    company_id: UUID | None,
    own_id: UUID | None = None,
    actor: str,
) -> Consent | None:
    """End a consent now; None if no such consent of the company, or of the person, is in force."""
    with connection.transaction(), connection.cursor(row_factory=class_row(Consent)) as cursor:
        ended = cursor.execute(
            _WITHDRAW.encode(), (datetime.now(UTC), consent_id, company_id, company_id, own_id, own_id)
        ).fetchone()
        if ended is not None:
            _audit(connection, "consent.withdrawn", actor, ended)
        return ended


def of_person(connection: psycopg.Connection, person_id: UUID, company_id: UUID | None) -> list[Consent]:
    """All that a person has agreed to with a company, the newest first; of all companies for None."""
    with connection.cursor(row_factory=class_row(Consent)) as cursor:
        return cursor.execute(_OF_PERSON.encode(), (person_id, company_id, company_id)).fetchall()


def _audit(connection: psycopg.Connection, action: str, actor: str, consent: Consent) -> None:
    audit.append(
        connection, action, actor, company_id=consent.company_id,
        detail={
            "consent": str(consent.consent_id), "purpose": consent.purpose, "version": consent.text_version,
        },
    )  # fmt: skip
