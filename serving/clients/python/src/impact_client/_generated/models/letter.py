from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.error_class import ErrorClass, check_error_class
from ..models.letter_state import LetterState, check_letter_state

T = TypeVar("T", bound="Letter")


@_attrs_define
class Letter:
    """A dead letter without its bytes. `letter_id` is its place in the stream DEAD_LETTERS."""

    letter_id: int
    source: str
    kind: str
    message_key: str
    """ Names the message that died. """
    delivery_id: None | str
    """ Null for what is not a delivery. """
    error_class: ErrorClass
    reason: str
    """ The last error: fields and places, never values. """
    first_error: str
    attempts: int
    """ How often it was tried. """
    first_failed_at: datetime.datetime
    died_at: datetime.datetime
    code_version: str
    """ The code that gave it up. """
    replay_of: int | None
    """ The letter it was before it was replayed and failed again. """
    state: LetterState
    settled_at: datetime.datetime | None
    settled_by: None | str
    """ Who replayed or discarded it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        letter_id = self.letter_id

        source = self.source

        kind = self.kind

        message_key = self.message_key

        delivery_id: None | str
        delivery_id = self.delivery_id

        error_class: str = self.error_class

        reason = self.reason

        first_error = self.first_error

        attempts = self.attempts

        first_failed_at = self.first_failed_at.isoformat()

        died_at = self.died_at.isoformat()

        code_version = self.code_version

        replay_of: int | None
        replay_of = self.replay_of

        state: str = self.state

        settled_at: None | str
        if isinstance(self.settled_at, datetime.datetime):
            settled_at = self.settled_at.isoformat()
        else:
            settled_at = self.settled_at

        settled_by: None | str
        settled_by = self.settled_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "letter_id": letter_id,
                "source": source,
                "kind": kind,
                "message_key": message_key,
                "delivery_id": delivery_id,
                "error_class": error_class,
                "reason": reason,
                "first_error": first_error,
                "attempts": attempts,
                "first_failed_at": first_failed_at,
                "died_at": died_at,
                "code_version": code_version,
                "replay_of": replay_of,
                "state": state,
                "settled_at": settled_at,
                "settled_by": settled_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        letter_id = d.pop("letter_id")

        source = d.pop("source")

        kind = d.pop("kind")

        message_key = d.pop("message_key")

        def _parse_delivery_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        delivery_id = _parse_delivery_id(d.pop("delivery_id"))

        error_class = check_error_class(d.pop("error_class"))

        reason = d.pop("reason")

        first_error = d.pop("first_error")

        attempts = d.pop("attempts")

        first_failed_at = datetime.datetime.fromisoformat(d.pop("first_failed_at"))

        died_at = datetime.datetime.fromisoformat(d.pop("died_at"))

        code_version = d.pop("code_version")

        def _parse_replay_of(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        replay_of = _parse_replay_of(d.pop("replay_of"))

        state = check_letter_state(d.pop("state"))

        def _parse_settled_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                settled_at_type_0 = datetime.datetime.fromisoformat(data)

                return settled_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        settled_at = _parse_settled_at(d.pop("settled_at"))

        def _parse_settled_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        settled_by = _parse_settled_by(d.pop("settled_by"))

        letter = cls(
            letter_id=letter_id,
            source=source,
            kind=kind,
            message_key=message_key,
            delivery_id=delivery_id,
            error_class=error_class,
            reason=reason,
            first_error=first_error,
            attempts=attempts,
            first_failed_at=first_failed_at,
            died_at=died_at,
            code_version=code_version,
            replay_of=replay_of,
            state=state,
            settled_at=settled_at,
            settled_by=settled_by,
        )

        letter.additional_properties = d
        return letter

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
