from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="RetentionCell")


@_attrs_define
class RetentionCell:
    program_type: str
    cohort_month: datetime.date
    """ Month of the first enrolment. """
    months_since: int
    cohort_size: int | None
    active_count: int | None
    active_share: float | None
    """ 0 to 1. """
    is_suppressed: bool
    """ The group is so small that its numbers might tell of one person or company. """
    suppressed_reason: None | str
    """ Why the numbers are withheld; null if they are not. """

    def to_dict(self) -> dict[str, Any]:
        program_type = self.program_type

        cohort_month = self.cohort_month.isoformat()

        months_since = self.months_since

        cohort_size: int | None
        cohort_size = self.cohort_size

        active_count: int | None
        active_count = self.active_count

        active_share: float | None
        active_share = self.active_share

        is_suppressed = self.is_suppressed

        suppressed_reason: None | str
        suppressed_reason = self.suppressed_reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "program_type": program_type,
                "cohort_month": cohort_month,
                "months_since": months_since,
                "cohort_size": cohort_size,
                "active_count": active_count,
                "active_share": active_share,
                "is_suppressed": is_suppressed,
                "suppressed_reason": suppressed_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        program_type = d.pop("program_type")

        cohort_month = datetime.date.fromisoformat(d.pop("cohort_month"))

        months_since = d.pop("months_since")

        def _parse_cohort_size(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        cohort_size = _parse_cohort_size(d.pop("cohort_size"))

        def _parse_active_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        active_count = _parse_active_count(d.pop("active_count"))

        def _parse_active_share(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        active_share = _parse_active_share(d.pop("active_share"))

        is_suppressed = d.pop("is_suppressed")

        def _parse_suppressed_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        suppressed_reason = _parse_suppressed_reason(d.pop("suppressed_reason"))

        retention_cell = cls(
            program_type=program_type,
            cohort_month=cohort_month,
            months_since=months_since,
            cohort_size=cohort_size,
            active_count=active_count,
            active_share=active_share,
            is_suppressed=is_suppressed,
            suppressed_reason=suppressed_reason,
        )

        return retention_cell
