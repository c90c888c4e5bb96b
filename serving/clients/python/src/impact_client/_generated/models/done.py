from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Done")


@_attrs_define
class Done:
    matched_count: int
    """ How many waited and matched, up to `limit`. """
    settled_count: int
    """ How many were replayed or discarded. """
    gone_count: int
    """ How many had lost their bytes. """
    action_id: int | None
    """ The audit's row; null when nothing was done. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        matched_count = self.matched_count

        settled_count = self.settled_count

        gone_count = self.gone_count

        action_id: int | None
        action_id = self.action_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "matched_count": matched_count,
                "settled_count": settled_count,
                "gone_count": gone_count,
                "action_id": action_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        matched_count = d.pop("matched_count")

        settled_count = d.pop("settled_count")

        gone_count = d.pop("gone_count")

        def _parse_action_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        action_id = _parse_action_id(d.pop("action_id"))

        done = cls(
            matched_count=matched_count,
            settled_count=settled_count,
            gone_count=gone_count,
            action_id=action_id,
        )

        done.additional_properties = d
        return done

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
