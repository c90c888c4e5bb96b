from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.tile_figure_tile import TileFigureTile, check_tile_figure_tile

T = TypeVar("T", bound="TileFigure")


@_attrs_define
class TileFigure:
    tile: TileFigureTile
    period: str
    period_start: datetime.date
    metric: str
    value: float | None
    numerator: float | None
    """ Above the line, where the figure is a share. """
    denominator: float | None
    """ Below the line, where the figure is a share. """
    unit: str

    def to_dict(self) -> dict[str, Any]:
        tile: str = self.tile

        period = self.period

        period_start = self.period_start.isoformat()

        metric = self.metric

        value: float | None
        value = self.value

        numerator: float | None
        numerator = self.numerator

        denominator: float | None
        denominator = self.denominator

        unit = self.unit

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "tile": tile,
                "period": period,
                "period_start": period_start,
                "metric": metric,
                "value": value,
                "numerator": numerator,
                "denominator": denominator,
                "unit": unit,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        tile = check_tile_figure_tile(d.pop("tile"))

        period = d.pop("period")

        period_start = datetime.date.fromisoformat(d.pop("period_start"))

        metric = d.pop("metric")

        def _parse_value(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        value = _parse_value(d.pop("value"))

        def _parse_numerator(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        numerator = _parse_numerator(d.pop("numerator"))

        def _parse_denominator(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        denominator = _parse_denominator(d.pop("denominator"))

        unit = d.pop("unit")

        tile_figure = cls(
            tile=tile,
            period=period,
            period_start=period_start,
            metric=metric,
            value=value,
            numerator=numerator,
            denominator=denominator,
            unit=unit,
        )

        return tile_figure
