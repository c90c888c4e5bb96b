from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.history_metric import HistoryMetric, check_history_metric

if TYPE_CHECKING:
    from ..models.history_point import HistoryPoint


T = TypeVar("T", bound="History")


@_attrs_define
class History:
    """One metric month by month, oldest first."""

    company_id: UUID
    data_version: int | None
    """ The publication in which a figure of the company last changed: the same on every route. Null before the
    first. """
    as_of: datetime.datetime | None
    """ When that publication was made. """
    next_cursor: None | str
    """ Send it as `cursor` for the next page; null on the last one. """
    metric: HistoryMetric
    items: list[HistoryPoint]

    def to_dict(self) -> dict[str, Any]:
        company_id = str(self.company_id)

        data_version: int | None
        data_version = self.data_version

        as_of: None | str
        if isinstance(self.as_of, datetime.datetime):
            as_of = self.as_of.isoformat()
        else:
            as_of = self.as_of

        next_cursor: None | str
        next_cursor = self.next_cursor

        metric: str = self.metric

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "company_id": company_id,
                "data_version": data_version,
                "as_of": as_of,
                "next_cursor": next_cursor,
                "metric": metric,
                "items": items,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.history_point import HistoryPoint  # noqa: PLC0415

        d = dict(src_dict)
        company_id = UUID(d.pop("company_id"))

        def _parse_data_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        data_version = _parse_data_version(d.pop("data_version"))

        def _parse_as_of(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                as_of_type_0 = datetime.datetime.fromisoformat(data)

                return as_of_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        as_of = _parse_as_of(d.pop("as_of"))

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor"))

        metric = check_history_metric(d.pop("metric"))

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = HistoryPoint.from_dict(items_item_data)

            items.append(items_item)

        history = cls(
            company_id=company_id,
            data_version=data_version,
            as_of=as_of,
            next_cursor=next_cursor,
            metric=metric,
            items=items,
        )

        return history
