from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.bulk_replay_refused import BulkReplayRefused


T = TypeVar("T", bound="BulkReplay")


@_attrs_define
class BulkReplay:
    replayed: list[UUID]
    refused: BulkReplayRefused
    """ Those that were named and not replayed, and why. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        replayed = []
        for replayed_item_data in self.replayed:
            replayed_item = str(replayed_item_data)
            replayed.append(replayed_item)

        refused = self.refused.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "replayed": replayed,
                "refused": refused,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bulk_replay_refused import BulkReplayRefused  # noqa: PLC0415

        d = dict(src_dict)
        replayed = []
        _replayed = d.pop("replayed")
        for replayed_item_data in _replayed:
            replayed_item = UUID(replayed_item_data)

            replayed.append(replayed_item)

        refused = BulkReplayRefused.from_dict(d.pop("refused"))

        bulk_replay = cls(
            replayed=replayed,
            refused=refused,
        )

        bulk_replay.additional_properties = d
        return bulk_replay

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
