from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.callback_outcome import CallbackOutcome, check_callback_outcome

T = TypeVar("T", bound="Callback")


@_attrs_define
class Callback:
    """What the partner said of a delivery after its answer."""

    event_id: UUID
    provider_event: str
    outcome: CallbackOutcome
    error_code: None | str
    occurred_at: datetime.datetime
    """ By the partner's clock. """
    received_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        event_id = str(self.event_id)

        provider_event = self.provider_event

        outcome: str = self.outcome

        error_code: None | str
        error_code = self.error_code

        occurred_at = self.occurred_at.isoformat()

        received_at = self.received_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "event_id": event_id,
                "provider_event": provider_event,
                "outcome": outcome,
                "error_code": error_code,
                "occurred_at": occurred_at,
                "received_at": received_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        event_id = UUID(d.pop("event_id"))

        provider_event = d.pop("provider_event")

        outcome = check_callback_outcome(d.pop("outcome"))

        def _parse_error_code(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error_code = _parse_error_code(d.pop("error_code"))

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurred_at"))

        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))

        callback = cls(
            event_id=event_id,
            provider_event=provider_event,
            outcome=outcome,
            error_code=error_code,
            occurred_at=occurred_at,
            received_at=received_at,
        )

        callback.additional_properties = d
        return callback

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
