from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.dimension_item_dimension import (
    DimensionItemDimension,
    check_dimension_item_dimension,
)

T = TypeVar("T", bound="DimensionItem")


@_attrs_define
class DimensionItem:
    dimension: DimensionItemDimension
    labels: list[str]
    """ What its score follows from. """
    score: str
    """ How it follows. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        dimension: str = self.dimension

        labels = self.labels

        score = self.score

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dimension": dimension,
                "labels": labels,
                "score": score,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        dimension = check_dimension_item_dimension(d.pop("dimension"))

        labels = cast(list[str], d.pop("labels"))

        score = d.pop("score")

        dimension_item = cls(
            dimension=dimension,
            labels=labels,
            score=score,
        )

        dimension_item.additional_properties = d
        return dimension_item

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
