from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="EvidenceEvent")


@_attrs_define
class EvidenceEvent:
    """One event that a number was computed from."""

    event_id: UUID
    """ `raw.events` has the event under this id. """
    event_type: str
    occurred_at: datetime.datetime
    person_id: None | UUID
    """ Whom it is about, as a pseudonym; null if nobody is known. """
    snippet: None | str
    """ Of a score: the redacted words it rests on, for 90 days and where at least five people wrote in the quarter.
    Null otherwise, and for every other event. """

    def to_dict(self) -> dict[str, Any]:
        event_id = str(self.event_id)

        event_type = self.event_type

        occurred_at = self.occurred_at.isoformat()

        person_id: None | str
        if isinstance(self.person_id, UUID):
            person_id = str(self.person_id)
        else:
            person_id = self.person_id

        snippet: None | str
        snippet = self.snippet

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "event_id": event_id,
                "event_type": event_type,
                "occurred_at": occurred_at,
                "person_id": person_id,
                "snippet": snippet,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        event_id = UUID(d.pop("event_id"))

        event_type = d.pop("event_type")

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurred_at"))

        def _parse_person_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                person_id_type_0 = UUID(data)

                return person_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        person_id = _parse_person_id(d.pop("person_id"))

        def _parse_snippet(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        snippet = _parse_snippet(d.pop("snippet"))

        evidence_event = cls(
            event_id=event_id,
            event_type=event_type,
            occurred_at=occurred_at,
            person_id=person_id,
            snippet=snippet,
        )

        return evidence_event
