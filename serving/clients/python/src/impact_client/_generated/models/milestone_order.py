from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="MilestoneOrder")


@_attrs_define
class MilestoneOrder:
    """A milestone that no rule can see."""

    reached_at: datetime.datetime
    reason: str
    """ For colleagues. Leave names out. """

    def to_dict(self) -> dict[str, Any]:
        reached_at = self.reached_at.isoformat()

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reached_at": reached_at,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reached_at = datetime.datetime.fromisoformat(d.pop("reached_at"))

        reason = d.pop("reason")

        milestone_order = cls(
            reached_at=reached_at,
            reason=reason,
        )

        return milestone_order
