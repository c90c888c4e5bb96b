from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.funnel_stage_stage import FunnelStageStage, check_funnel_stage_stage

T = TypeVar("T", bound="FunnelStage")


@_attrs_define
class FunnelStage:
    program_type: str
    cohort_quarter: str
    stage: FunnelStageStage
    stage_order: int
    people_count: int | None
    conversion_from_start: float | None
    """ Share of the first stage, 0 to 1. """
    conversion_from_previous: float | None
    """ Share of the stage before, 0 to 1. """
    is_suppressed: bool
    """ The group is so small that its numbers might tell of one person or company. """
    suppressed_reason: None | str
    """ Why the numbers are withheld; null if they are not. """

    def to_dict(self) -> dict[str, Any]:
        program_type = self.program_type

        cohort_quarter = self.cohort_quarter

        stage: str = self.stage

        stage_order = self.stage_order

        people_count: int | None
        people_count = self.people_count

        conversion_from_start: float | None
        conversion_from_start = self.conversion_from_start

        conversion_from_previous: float | None
        conversion_from_previous = self.conversion_from_previous

        is_suppressed = self.is_suppressed

        suppressed_reason: None | str
        suppressed_reason = self.suppressed_reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "program_type": program_type,
                "cohort_quarter": cohort_quarter,
                "stage": stage,
                "stage_order": stage_order,
                "people_count": people_count,
                "conversion_from_start": conversion_from_start,
                "conversion_from_previous": conversion_from_previous,
                "is_suppressed": is_suppressed,
                "suppressed_reason": suppressed_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        program_type = d.pop("program_type")

        cohort_quarter = d.pop("cohort_quarter")

        stage = check_funnel_stage_stage(d.pop("stage"))

        stage_order = d.pop("stage_order")

        def _parse_people_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        people_count = _parse_people_count(d.pop("people_count"))

        def _parse_conversion_from_start(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        conversion_from_start = _parse_conversion_from_start(d.pop("conversion_from_start"))

        def _parse_conversion_from_previous(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        conversion_from_previous = _parse_conversion_from_previous(d.pop("conversion_from_previous"))

        is_suppressed = d.pop("is_suppressed")

        def _parse_suppressed_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        suppressed_reason = _parse_suppressed_reason(d.pop("suppressed_reason"))

        funnel_stage = cls(
            program_type=program_type,
            cohort_quarter=cohort_quarter,
            stage=stage,
            stage_order=stage_order,
            people_count=people_count,
            conversion_from_start=conversion_from_start,
            conversion_from_previous=conversion_from_previous,
            is_suppressed=is_suppressed,
            suppressed_reason=suppressed_reason,
        )

        return funnel_stage
