"""What in an event is a text, and which version of a text counts."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

from ingest.contracts import CONTRACTS, EventData
from ingest.events import NIL, Envelope, decode_data, entity_id
from ingest.sealing import tokens
from ingest.sealing.keys import Placed, TextKeys
from ingest.sealing.master import MasterKeyError

TextType = Literal["kintell_feedback", "buddy_feedback", "checkin_note", "api_text"]
ContentType = Literal["feedback_text", "checkin_note", "other"]

# A Discord /feedback and a direct message arrive as check-ins.
TEXT_TYPES: dict[str, TextType] = {
    "kintell.rating.created": "kintell_feedback",
    "buddy.feedback.submitted": "buddy_feedback",
    "buddy.checkin.completed": "checkin_note",
}
FIELDS: dict[TextType, str] = {
    "kintell_feedback": "feedback_text",
    "buddy_feedback": "feedback_text",
    "checkin_note": "notes",
}
_EVENT_TYPES = {text_type: event_type for event_type, text_type in TEXT_TYPES.items()}
CONTENT_TYPES: dict[TextType, ContentType] = {
    "kintell_feedback": "feedback_text",
    "buddy_feedback": "feedback_text",
    "checkin_note": "checkin_note",
    "api_text": "other",  # no event brings it: a caller of the API sent it for labelling
}


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One version of a text: what one event says under its subject.

    `content` is the original, sealed until `unsealed` has opened it, or None.
    """

    text_id: UUID
    text_type: TextType
    event_id: UUID
    subject: str
    company_id: UUID  # nil where none is known, as in raw.events
    person_id: UUID
    program_instance_id: UUID | None
    written_at: datetime
    source_time: datetime
    content: str | None

    @property
    def place(self) -> tuple[datetime, bytes]:
        """Where the version stands among those of its text: the highest one counts."""
        return place(self.source_time, self.event_id)


def place(source_time: datetime, event_id: UUID) -> tuple[datetime, bytes]:
    """As the warehouse orders versions: by the source's time, then by id, as ClickHouse orders ids."""
    return source_time, event_id.bytes[8:] + event_id.bytes[:8]  # the second half goes first there


def text_id(subject: str) -> UUID:
    """The id of the text under an event subject."""
    return entity_id("text", "feedback", subject)


def version_of(envelope: Envelope, data: EventData) -> TextVersion:
    """The version of a text that an event of one of the TEXT_TYPES holds."""
    return _version(
        envelope.type, envelope.id, envelope.subject, envelope.companyid or NIL, envelope.personid or NIL,
        envelope.time, envelope.sourcetime, data,
    )  # fmt: skip


def stored_version(
    event_type: str, event_id: UUID, subject: str, company_id: UUID, person_id: UUID,
    event_time: datetime, source_time: datetime, data: str,
) -> TextVersion:  # fmt: skip
    """The same of a row of `raw.events`."""
    read = decode_data(CONTRACTS[event_type], data.encode())
    return _version(event_type, event_id, subject, company_id, person_id, event_time, source_time, read)


def keyed_hash(key: bytes, content: str) -> str:
    """Equal texts have equal hashes, and without the key nobody can try out what a text may have been."""
    return hmac.new(key, unicodedata.normalize("NFC", content).encode(), sha256).hexdigest()


async def unsealed(versions: Sequence[TextVersion], keys: TextKeys | None) -> list[TextVersion]:
    """The versions with their texts in the clear; one whose key was shredded has none any more.

    Without keys only texts that were never sealed can be read.
    """
    sealed = [at for at, one in enumerate(versions) if tokens.is_sealed(one.content)]
    if not sealed:
        return list(versions)
    if keys is None:
        raise MasterKeyError("sealed texts cannot be read without the keys of people's texts")
    texts = await keys.texts([placed(versions[at]) for at in sealed])
    opened = list(versions)
    for at, text in zip(sealed, texts, strict=True):
        opened[at] = replace(versions[at], content=text if text and text.strip() else None)
    return opened


def placed(version: TextVersion) -> Placed:
    """A version's sealed text with the place it was sealed for."""
    event_type, field = _EVENT_TYPES[version.text_type], FIELDS[version.text_type]
    return version.content or "", tokens.place_of(event_type, version.subject, field)


def _version(
    event_type: str, event_id: UUID, subject: str, company_id: UUID, person_id: UUID,
    event_time: datetime, source_time: datetime, data: EventData,
) -> TextVersion:  # fmt: skip
    text_type = TEXT_TYPES[event_type]
    content: str | None = getattr(data, FIELDS[text_type])
    return TextVersion(
        text_id=text_id(subject),
        text_type=text_type,
        event_id=event_id,
        subject=subject,
        company_id=company_id,
        person_id=person_id,
        program_instance_id=getattr(data, "program_id", None),
        written_at=_milliseconds(event_time),
        source_time=_milliseconds(source_time),
        content=content if content and content.strip() and not tokens.is_ended(content) else None,
    )


def _milliseconds(moment: datetime) -> datetime:
    # As raw.events keeps it: finer, a version from the stream would look newer than its own row.
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=aware.microsecond // 1000 * 1000)
