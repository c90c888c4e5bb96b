"""The envelope of every event: CloudEvents 1.0 in JSON, with our attributes as extensions.

An event's id follows from its type, its subject and its content. The same fact, whichever webhook or file
brings it and however often, is one id; changed content is a new version of the same subject, and the version
with the newest `sourcetime` wins. Data types are in `ingest.contracts`.
"""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime
from hashlib import sha1, sha256
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from ingest.contracts import CONTRACTS, Contract, EventData, contract_of
from ingest.contracts.base import UtcTime

NAMESPACE = UUID("5b0e2f3a-94b5-5d0c-8a39-6f1d6c9e7d42")  # any constant; changing it would double every event
NIL = UUID(int=0)

_NAMESPACE = NAMESPACE.bytes
_UUID_LENGTH = 36


class UnreadableEvent(Exception):
    """The bytes are not an event of a known type. Names the field at fault and never quotes what it held."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """Attributes of every event. CloudEvents wants names in lower case without separators."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    subject: str
    time: UtcTime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    companyid: UUID | None
    personid: UUID | None
    sourcetime: UtcTime
    correlationid: str | None = None
    causationid: str | None = None
    origin: str
    traceparent: str | UnsetType = UNSET


class Event(Envelope, frozen=True, kw_only=True):
    """One event: the envelope and the data of its type."""

    data: EventData


class _Received(Envelope, frozen=True, kw_only=True):
    data: msgspec.Raw


def new_event(
    data: EventData,
    *,
    subject: str,
    company_id: UUID | None,
    source: str,
    source_time: datetime,
    origin: str,
    correlation_id: str | None = None,
    causation_id: str | None = None,
    traceparent: str | None = None,
) -> Event:
    """Wrap data in its envelope. `origin` is `<source>:<delivery id>` or `batch:<batch id>:<chunk>`."""
    contract = contract_of(data)
    data = _in_utc(contract, data)
    return Event(
        id=event_id(contract.event_type, subject, canonical_json(data)),
        source=source,
        type=contract.event_type,
        subject=subject,
        time=contract.time_of(data),
        dataschema=contract.dataschema,
        companyid=company_id,
        personid=contract.person_of(data),
        sourcetime=source_time.astimezone(UTC),
        correlationid=correlation_id,
        causationid=causation_id,
        origin=origin,
        traceparent=traceparent or UNSET,
        data=data,
    )


def canonical_json(data: EventData) -> bytes:
    """The one spelling of an event's data: sorted keys, no spaces, absent fields left out."""
    return msgspec.json.encode(data, order="sorted")


def event_id(event_type: str, subject: str, canonical: bytes) -> UUID:
    """The id of a fact's version: the same content always has the same id."""
    return UUID(event_id_text(event_type, subject, canonical))


def event_id_text(event_type: str, subject: str, canonical: bytes) -> str:
    """`event_id` as text. A version 5 UUID spelled by hand: files bring millions, and objects are slow."""
    name = f"{event_type}\n{subject}\n{sha256(canonical).hexdigest()}"
    digest = sha1(_NAMESPACE + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def entity_id(source: str, entity: str, external_id: str) -> UUID:
    """The id of something a source names: its own if that is a UUID, else one derived from the name."""
    if len(external_id) == _UUID_LENGTH:
        with contextlib.suppress(ValueError):
            return UUID(external_id)
    digest = sha1(_NAMESPACE + f"{source}/{entity}/{external_id}".encode(), usedforsecurity=False).digest()
    return UUID(bytes=digest[:16], version=5)


def encode(event: Event) -> bytes:
    return msgspec.json.encode(event)


def decode(message: bytes | msgspec.Raw) -> Event:
    """Read and check an event; raises `UnreadableEvent`."""
    envelope, data = decode_parts(message)
    return Event(data=data, **{name: getattr(envelope, name) for name in Envelope.__struct_fields__})


def decode_parts(message: bytes | msgspec.Raw) -> tuple[Envelope, EventData]:
    """`decode` without putting the event together, for whoever takes it apart again."""
    try:
        received = _ENVELOPE.decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableEvent(problem_of(error)) from None
    contract = CONTRACTS.get(received.type)
    if contract is None:
        raise UnreadableEvent("type: not a known event type")
    return received, decode_data(contract, received.data)


def decode_data(contract: Contract, data: bytes | msgspec.Raw) -> EventData:
    """Read and check the data of one event type; raises `UnreadableEvent`."""
    try:
        return _DATA[contract.event_type].decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableEvent(problem_of(error, "data")) from None


def problem_of(error: Exception, prefix: str = "") -> str:
    """Where and why a msgspec error happened, without the value that msgspec sometimes quotes."""
    if isinstance(error, UnicodeDecodeError):
        return f"{prefix or 'message'}: not UTF-8"
    reason, _, path = str(error).partition(" - at `")
    field = path.rstrip("`").removeprefix("$").lstrip(".")
    where = ".".join(filter(None, (prefix, field))) or "message"
    if reason.startswith("Invalid enum value"):
        reason = "not one of the allowed values"
    return f"{where}: {_QUOTED_VALUE.sub('…', reason)}"


def _in_utc(contract: Contract, data: EventData) -> EventData:
    elsewhere = {
        name: moment.astimezone(UTC)
        for name in contract.times
        if (moment := getattr(data, name)) is not None and moment.tzinfo is not UTC
    }
    return msgspec.structs.replace(data, **elsewhere) if elsewhere else data


_QUOTED_VALUE = re.compile(r"'[^']*'")
_ENVELOPE = msgspec.json.Decoder(_Received)
_DATA: dict[str, msgspec.json.Decoder[EventData]] = {
    contract.event_type: msgspec.json.Decoder(contract.data) for contract in CONTRACTS.values()
}
