"""Which fields of an event hold what a person wrote: the contracts mark each once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.contracts import Contract
from ingest.events import NIL, Event
from ingest.sealing import tokens

SEALED = "sealed"  # the one field of an object that stands for a sealed one
Change = Callable[[str, Any], Any]  # name of the field and its value, to the value that takes its place


def owner(person_id: UUID | None, company_id: UUID | None) -> UUID:
    """Whose key seals a text: the person's it is about; of a text about nobody known, its company's."""
    if person_id is not None and person_id != NIL:
        return person_id
    return company_id if company_id is not None else NIL


def has_words(value: Any) -> bool:
    """Whether a field's value says anything that is worth a key."""
    return value is not None and value != "" and value != {}


def changed(contract: Contract, data: Any, change: Change) -> Any:
    """The data with each of its free texts changed; the same object where there is none."""
    for field in contract.free_texts:
        data = _changed(data, field.path, field.name, change)
    return data


def texts_of(contract: Contract, data: Any) -> dict[str, Any]:
    """The free texts of an event's data that say something, by field."""
    found: dict[str, Any] = {}

    def note(field: str, value: Any) -> Any:
        found[field] = value
        return value

    changed(contract, data, note)
    return found


def sealed_event(event: Event, contract: Contract, owner_id: UUID, cipher: AESGCM) -> Event:
    """The event with its texts sealed. Its id stays that of the plain content."""

    def seal(field: str, value: Any) -> Any:
        place = tokens.place_of(event.type, event.subject, field)
        words = value if isinstance(value, str) else msgspec.json.encode(value, order="sorted").decode()
        return like(value, tokens.seal(cipher, owner_id, words.encode(), place))

    return msgspec.structs.replace(event, data=changed(contract, event.data, seal))


def stored_text(value: Any) -> str:
    """What a field holds as text: its token, what retention left of it, or the words themselves."""
    if isinstance(value, dict):
        inside = value.get(SEALED)
        is_ours = value.keys() == {SEALED} and (tokens.is_sealed(inside) or tokens.is_ended(inside))
        value = inside if is_ours else msgspec.json.encode(value, order="sorted").decode()
    return str(value)


def like(value: Any, text: str) -> Any:
    """`text` in the form of the field that `value` was read from: tokens and what ends them."""
    return {SEALED: text} if isinstance(value, dict) else text


def _changed(holder: Any, path: tuple[str, ...], field: str, change: Change) -> Any:
    value = getattr(holder, path[0])
    if len(path) > 1:
        new = value if value is None else _changed(value, path[1:], field, change)
    else:
        new = change(field, value) if has_words(value) else value
    return holder if new is value else msgspec.structs.replace(holder, **{path[0]: new})
