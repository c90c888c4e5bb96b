from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Value")


@_attrs_define
class Value:
    """What it was worth, base scenario; the routes `/sroi` and `/vis` say how it was computed."""

    sroi_ratio: float | None
    """ Net social return by cost: 1 means twice the cost came back. """
    sroi_missing_reason: None | str
    """ Why there is no ratio. """
    vis_score: float | None
    """ Volunteer impact score, 0 to 100. """
    vis_band: None | str
    vis_missing_reason: None | str
    """ Why there is no score. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        sroi_ratio: float | None
        sroi_ratio = self.sroi_ratio

        sroi_missing_reason: None | str
        sroi_missing_reason = self.sroi_missing_reason

        vis_score: float | None
        vis_score = self.vis_score

        vis_band: None | str
        vis_band = self.vis_band

        vis_missing_reason: None | str
        vis_missing_reason = self.vis_missing_reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "sroi_ratio": sroi_ratio,
                "sroi_missing_reason": sroi_missing_reason,
                "vis_score": vis_score,
                "vis_band": vis_band,
                "vis_missing_reason": vis_missing_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_sroi_ratio(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        sroi_ratio = _parse_sroi_ratio(d.pop("sroi_ratio"))

        def _parse_sroi_missing_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sroi_missing_reason = _parse_sroi_missing_reason(d.pop("sroi_missing_reason"))

        def _parse_vis_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        vis_score = _parse_vis_score(d.pop("vis_score"))

        def _parse_vis_band(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        vis_band = _parse_vis_band(d.pop("vis_band"))

        def _parse_vis_missing_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        vis_missing_reason = _parse_vis_missing_reason(d.pop("vis_missing_reason"))

        value = cls(
            sroi_ratio=sroi_ratio,
            sroi_missing_reason=sroi_missing_reason,
            vis_score=vis_score,
            vis_band=vis_band,
            vis_missing_reason=vis_missing_reason,
        )

        value.additional_properties = d
        return value

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
