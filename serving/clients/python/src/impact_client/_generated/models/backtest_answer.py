from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.version_backtest import VersionBacktest
    from ..models.version_difference import VersionDifference


T = TypeVar("T", bound="BacktestAnswer")


@_attrs_define
class BacktestAnswer:
    versions: list[VersionBacktest]
    difference: None | VersionDifference
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.version_difference import VersionDifference  # noqa: PLC0415

        versions = []
        for versions_item_data in self.versions:
            versions_item = versions_item_data.to_dict()
            versions.append(versions_item)

        difference: dict[str, Any] | None
        if isinstance(self.difference, VersionDifference):
            difference = self.difference.to_dict()
        else:
            difference = self.difference

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "versions": versions,
                "difference": difference,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.version_backtest import VersionBacktest  # noqa: PLC0415
        from ..models.version_difference import VersionDifference  # noqa: PLC0415

        d = dict(src_dict)
        versions = []
        _versions = d.pop("versions")
        for versions_item_data in _versions:
            versions_item = VersionBacktest.from_dict(versions_item_data)

            versions.append(versions_item)

        def _parse_difference(data: object) -> None | VersionDifference:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                difference_type_0 = VersionDifference.from_dict(data)

                return difference_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | VersionDifference, data)

        difference = _parse_difference(d.pop("difference"))

        backtest_answer = cls(
            versions=versions,
            difference=difference,
        )

        backtest_answer.additional_properties = d
        return backtest_answer

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
