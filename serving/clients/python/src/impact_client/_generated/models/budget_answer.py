from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)
from uuid import UUID

from attrs import define as _attrs_define

from ..models.budget_answer_mode import BudgetAnswerMode, check_budget_answer_mode

T = TypeVar("T", bound="BudgetAnswer")


@_attrs_define
class BudgetAnswer:
    """A company's budget for model calls in the running month (UTC)."""

    company_id: UUID
    month: str
    currency: Literal["USD"]
    cap_usd: float
    """ US dollars, to the micro-dollar. """
    spent_usd: float
    """ US dollars, to the micro-dollar. """
    reserved_usd: float
    """ Put aside, at the worst case, for calls that are not settled. """
    remaining_usd: float
    """ US dollars, to the micro-dollar. """
    used_share: float | None
    """ What is spent of the cap, 0 to 1; null if the cap is nothing. """
    reached_thresholds: list[int]
    """ Percent of the cap. """
    mode: BudgetAnswerMode
    """ `batch`: 95 % is used, and Claude is asked in batches alone. `local`: not at all. """
    refused_count: int
    """ Calls of this month that could have passed the cap. """
    resets_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        company_id = str(self.company_id)

        month = self.month

        currency = self.currency

        cap_usd = self.cap_usd

        spent_usd = self.spent_usd

        reserved_usd = self.reserved_usd

        remaining_usd = self.remaining_usd

        used_share: float | None
        used_share = self.used_share

        reached_thresholds = self.reached_thresholds

        mode: str = self.mode

        refused_count = self.refused_count

        resets_at = self.resets_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "company_id": company_id,
                "month": month,
                "currency": currency,
                "cap_usd": cap_usd,
                "spent_usd": spent_usd,
                "reserved_usd": reserved_usd,
                "remaining_usd": remaining_usd,
                "used_share": used_share,
                "reached_thresholds": reached_thresholds,
                "mode": mode,
                "refused_count": refused_count,
                "resets_at": resets_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        company_id = UUID(d.pop("company_id"))

        month = d.pop("month")

        currency = cast(Literal["USD"], d.pop("currency"))
        if currency != "USD":
            raise ValueError(f"currency must match const 'USD', got '{currency}'")

        cap_usd = d.pop("cap_usd")

        spent_usd = d.pop("spent_usd")

        reserved_usd = d.pop("reserved_usd")

        remaining_usd = d.pop("remaining_usd")

        def _parse_used_share(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        used_share = _parse_used_share(d.pop("used_share"))

        reached_thresholds = cast(list[int], d.pop("reached_thresholds"))

        mode = check_budget_answer_mode(d.pop("mode"))

        refused_count = d.pop("refused_count")

        resets_at = datetime.datetime.fromisoformat(d.pop("resets_at"))

        budget_answer = cls(
            company_id=company_id,
            month=month,
            currency=currency,
            cap_usd=cap_usd,
            spent_usd=spent_usd,
            reserved_usd=reserved_usd,
            remaining_usd=remaining_usd,
            used_share=used_share,
            reached_thresholds=reached_thresholds,
            mode=mode,
            refused_count=refused_count,
            resets_at=resets_at,
        )

        return budget_answer
