from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.group_share import GroupShare
    from ..models.week import Week


T = TypeVar("T", bound="VersionBacktest")


@_attrs_define
class VersionBacktest:
    rule_hash: str
    people_count: int
    ever_set_count: int
    flip_count: int
    flap_rate: float
    """ Of people ever flagged, the share flagged more than once. """
    weeks: list[Week]
    by_language: list[GroupShare]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rule_hash = self.rule_hash

        people_count = self.people_count

        ever_set_count = self.ever_set_count

        flip_count = self.flip_count

        flap_rate = self.flap_rate

        weeks = []
        for weeks_item_data in self.weeks:
            weeks_item = weeks_item_data.to_dict()
            weeks.append(weeks_item)

        by_language = []
        for by_language_item_data in self.by_language:
            by_language_item = by_language_item_data.to_dict()
            by_language.append(by_language_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rule_hash": rule_hash,
                "people_count": people_count,
                "ever_set_count": ever_set_count,
                "flip_count": flip_count,
                "flap_rate": flap_rate,
                "weeks": weeks,
                "by_language": by_language,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.group_share import GroupShare  # noqa: PLC0415
        from ..models.week import Week  # noqa: PLC0415

        d = dict(src_dict)
        rule_hash = d.pop("rule_hash")

        people_count = d.pop("people_count")

        ever_set_count = d.pop("ever_set_count")

        flip_count = d.pop("flip_count")

        flap_rate = d.pop("flap_rate")

        weeks = []
        _weeks = d.pop("weeks")
        for weeks_item_data in _weeks:
            weeks_item = Week.from_dict(weeks_item_data)

            weeks.append(weeks_item)

        by_language = []
        _by_language = d.pop("by_language")
        for by_language_item_data in _by_language:
            by_language_item = GroupShare.from_dict(by_language_item_data)

            by_language.append(by_language_item)

        version_backtest = cls(
            rule_hash=rule_hash,
            people_count=people_count,
            ever_set_count=ever_set_count,
            flip_count=flip_count,
            flap_rate=flap_rate,
            weeks=weeks,
            by_language=by_language,
        )

        version_backtest.additional_properties = d
        return version_backtest

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
