from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)
from uuid import UUID

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.cost_item import CostItem


T = TypeVar("T", bound="Costs")


@_attrs_define
class Costs:
    """What model calls have cost."""

    company_id: UUID
    currency: Literal["USD"]
    first_day: datetime.date
    last_day: datetime.date
    total_usd: float
    """ US dollars, to the micro-dollar. """
    items: list[CostItem]

    def to_dict(self) -> dict[str, Any]:
        company_id = str(self.company_id)

        currency = self.currency

        first_day = self.first_day.isoformat()

        last_day = self.last_day.isoformat()

        total_usd = self.total_usd

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "company_id": company_id,
                "currency": currency,
                "first_day": first_day,
                "last_day": last_day,
                "total_usd": total_usd,
                "items": items,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cost_item import CostItem  # noqa: PLC0415

        d = dict(src_dict)
        company_id = UUID(d.pop("company_id"))

        currency = cast(Literal["USD"], d.pop("currency"))
        if currency != "USD":
            raise ValueError(f"currency must match const 'USD', got '{currency}'")

        first_day = datetime.date.fromisoformat(d.pop("first_day"))

        last_day = datetime.date.fromisoformat(d.pop("last_day"))

        total_usd = d.pop("total_usd")

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = CostItem.from_dict(items_item_data)

            items.append(items_item)

        costs = cls(
            company_id=company_id,
            currency=currency,
            first_day=first_day,
            last_day=last_day,
            total_usd=total_usd,
            items=items,
        )

        return costs
