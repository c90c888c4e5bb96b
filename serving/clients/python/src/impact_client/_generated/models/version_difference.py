from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="VersionDifference")


@_attrs_define
class VersionDifference:
    only_first_count: int
    only_second_count: int
    both_count: int
    examples: list[UUID]
    """ People whom one version flags at the end. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        only_first_count = self.only_first_count

        only_second_count = self.only_second_count

        both_count = self.both_count

        examples = []
        for examples_item_data in self.examples:
            examples_item = str(examples_item_data)
            examples.append(examples_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "only_first_count": only_first_count,
                "only_second_count": only_second_count,
                "both_count": both_count,
                "examples": examples,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        only_first_count = d.pop("only_first_count")

        only_second_count = d.pop("only_second_count")

        both_count = d.pop("both_count")

        examples = []
        _examples = d.pop("examples")
        for examples_item_data in _examples:
            examples_item = UUID(examples_item_data)

            examples.append(examples_item)

        version_difference = cls(
            only_first_count=only_first_count,
            only_second_count=only_second_count,
            both_count=both_count,
            examples=examples,
        )

        version_difference.additional_properties = d
        return version_difference

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
