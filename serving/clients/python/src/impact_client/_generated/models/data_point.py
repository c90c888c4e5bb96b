from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="DataPoint")


@_attrs_define
class DataPoint:
    datapoint: str
    disclosure: str
    """ The ESRS disclosure requirement it may support: a proposal, the preparer decides. """
    title: str
    period: str
    unit: str
    amount: float | None
    missing_reason: None | str
    """ Why there is no amount; null if there is one. """

    def to_dict(self) -> dict[str, Any]:
        datapoint = self.datapoint

        disclosure = self.disclosure

        title = self.title

        period = self.period

        unit = self.unit

        amount: float | None
        amount = self.amount

        missing_reason: None | str
        missing_reason = self.missing_reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "datapoint": datapoint,
                "disclosure": disclosure,
                "title": title,
                "period": period,
                "unit": unit,
                "amount": amount,
                "missing_reason": missing_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        datapoint = d.pop("datapoint")

        disclosure = d.pop("disclosure")

        title = d.pop("title")

        period = d.pop("period")

        unit = d.pop("unit")

        def _parse_amount(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        amount = _parse_amount(d.pop("amount"))

        def _parse_missing_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        missing_reason = _parse_missing_reason(d.pop("missing_reason"))

        data_point = cls(
            datapoint=datapoint,
            disclosure=disclosure,
            title=title,
            period=period,
            unit=unit,
            amount=amount,
            missing_reason=missing_reason,
        )

        return data_point
