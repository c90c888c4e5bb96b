from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Window")


@_attrs_define
class Window:
    """A stretch in which a version served, serves or will serve."""

    serving_from: datetime.datetime
    serving_until: datetime.datetime | None
    """ Null: until something takes its place. """
    is_operators: bool
    """ Opened by an operator rather than by the file's schedule. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        serving_from = self.serving_from.isoformat()

        serving_until: None | str
        if isinstance(self.serving_until, datetime.datetime):
            serving_until = self.serving_until.isoformat()
        else:
            serving_until = self.serving_until

        is_operators = self.is_operators

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "serving_from": serving_from,
                "serving_until": serving_until,
                "is_operators": is_operators,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        serving_from = datetime.datetime.fromisoformat(d.pop("serving_from"))

        def _parse_serving_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                serving_until_type_0 = datetime.datetime.fromisoformat(data)

                return serving_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        serving_until = _parse_serving_until(d.pop("serving_until"))

        is_operators = d.pop("is_operators")

        window = cls(
            serving_from=serving_from,
            serving_until=serving_until,
            is_operators=is_operators,
        )

        window.additional_properties = d
        return window

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
