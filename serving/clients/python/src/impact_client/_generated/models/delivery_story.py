from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.delivery_story_outcome import (
    DeliveryStoryOutcome,
    check_delivery_story_outcome,
)

if TYPE_CHECKING:
    from ..models.letter import Letter
    from ..models.story_step import StoryStep


T = TypeVar("T", bound="DeliveryStory")


@_attrs_define
class DeliveryStory:
    """What is known of one delivery."""

    source: str
    delivery_id: str
    outcome: DeliveryStoryOutcome
    """ accepted: under way; published: it brought its event; known: the event was there already; retrying; dead:
    see `dead_letters`; erased: it names somebody who was erased; refused: its body was refused, its id never taken.
    """
    received_at: datetime.datetime | None
    event_id: None | UUID
    event_type: None | str
    duplicate_count: int
    conflict_count: int
    failure_count: int
    last_error: None | str
    retry_at: datetime.datetime | None
    steps: list[StoryStep]
    """ In the order of time. """
    dead_letters: list[Letter]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        source = self.source

        delivery_id = self.delivery_id

        outcome: str = self.outcome

        received_at: None | str
        if isinstance(self.received_at, datetime.datetime):
            received_at = self.received_at.isoformat()
        else:
            received_at = self.received_at

        event_id: None | str
        if isinstance(self.event_id, UUID):
            event_id = str(self.event_id)
        else:
            event_id = self.event_id

        event_type: None | str
        event_type = self.event_type

        duplicate_count = self.duplicate_count

        conflict_count = self.conflict_count

        failure_count = self.failure_count

        last_error: None | str
        last_error = self.last_error

        retry_at: None | str
        if isinstance(self.retry_at, datetime.datetime):
            retry_at = self.retry_at.isoformat()
        else:
            retry_at = self.retry_at

        steps = []
        for steps_item_data in self.steps:
            steps_item = steps_item_data.to_dict()
            steps.append(steps_item)

        dead_letters = []
        for dead_letters_item_data in self.dead_letters:
            dead_letters_item = dead_letters_item_data.to_dict()
            dead_letters.append(dead_letters_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "source": source,
                "delivery_id": delivery_id,
                "outcome": outcome,
                "received_at": received_at,
                "event_id": event_id,
                "event_type": event_type,
                "duplicate_count": duplicate_count,
                "conflict_count": conflict_count,
                "failure_count": failure_count,
                "last_error": last_error,
                "retry_at": retry_at,
                "steps": steps,
                "dead_letters": dead_letters,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.letter import Letter  # noqa: PLC0415
        from ..models.story_step import StoryStep  # noqa: PLC0415

        d = dict(src_dict)
        source = d.pop("source")

        delivery_id = d.pop("delivery_id")

        outcome = check_delivery_story_outcome(d.pop("outcome"))

        def _parse_received_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                received_at_type_0 = datetime.datetime.fromisoformat(data)

                return received_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        received_at = _parse_received_at(d.pop("received_at"))

        def _parse_event_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                event_id_type_0 = UUID(data)

                return event_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        event_id = _parse_event_id(d.pop("event_id"))

        def _parse_event_type(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        event_type = _parse_event_type(d.pop("event_type"))

        duplicate_count = d.pop("duplicate_count")

        conflict_count = d.pop("conflict_count")

        failure_count = d.pop("failure_count")

        def _parse_last_error(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        last_error = _parse_last_error(d.pop("last_error"))

        def _parse_retry_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                retry_at_type_0 = datetime.datetime.fromisoformat(data)

                return retry_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        retry_at = _parse_retry_at(d.pop("retry_at"))

        steps = []
        _steps = d.pop("steps")
        for steps_item_data in _steps:
            steps_item = StoryStep.from_dict(steps_item_data)

            steps.append(steps_item)

        dead_letters = []
        _dead_letters = d.pop("dead_letters")
        for dead_letters_item_data in _dead_letters:
            dead_letters_item = Letter.from_dict(dead_letters_item_data)

            dead_letters.append(dead_letters_item)

        delivery_story = cls(
            source=source,
            delivery_id=delivery_id,
            outcome=outcome,
            received_at=received_at,
            event_id=event_id,
            event_type=event_type,
            duplicate_count=duplicate_count,
            conflict_count=conflict_count,
            failure_count=failure_count,
            last_error=last_error,
            retry_at=retry_at,
            steps=steps,
            dead_letters=dead_letters,
        )

        delivery_story.additional_properties = d
        return delivery_story

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
