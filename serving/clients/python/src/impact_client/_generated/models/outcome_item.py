from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.outcome_item_dimension import (
    OutcomeItemDimension,
    check_outcome_item_dimension,
)

T = TypeVar("T", bound="OutcomeItem")


@_attrs_define
class OutcomeItem:
    period: str
    period_start: datetime.date
    dimension: OutcomeItemDimension
    avg_score: float | None
    """ 0 to 1; null, like its sums, where it is withheld. """
    score_sum: float | None
    """ Add sums and counts to join periods; never average averages. """
    scores_count: int
    confidence_avg: float | None
    """ How sure the scoring was, 0 to 1. """
    confidence_sum: float | None
    people_count: int
    suppressed_reason: None | str
    """ `fewer_than_5_people`: in the period or, of a month, in a month of its quarter. """

    def to_dict(self) -> dict[str, Any]:
        period = self.period

        period_start = self.period_start.isoformat()

        dimension: str = self.dimension

        avg_score: float | None
        avg_score = self.avg_score

        score_sum: float | None
        score_sum = self.score_sum

        scores_count = self.scores_count

        confidence_avg: float | None
        confidence_avg = self.confidence_avg

        confidence_sum: float | None
        confidence_sum = self.confidence_sum

        people_count = self.people_count

        suppressed_reason: None | str
        suppressed_reason = self.suppressed_reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "period": period,
                "period_start": period_start,
                "dimension": dimension,
                "avg_score": avg_score,
                "score_sum": score_sum,
                "scores_count": scores_count,
                "confidence_avg": confidence_avg,
                "confidence_sum": confidence_sum,
                "people_count": people_count,
                "suppressed_reason": suppressed_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        period = d.pop("period")

        period_start = datetime.date.fromisoformat(d.pop("period_start"))

        dimension = check_outcome_item_dimension(d.pop("dimension"))

        def _parse_avg_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        avg_score = _parse_avg_score(d.pop("avg_score"))

        def _parse_score_sum(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        score_sum = _parse_score_sum(d.pop("score_sum"))

        scores_count = d.pop("scores_count")

        def _parse_confidence_avg(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        confidence_avg = _parse_confidence_avg(d.pop("confidence_avg"))

        def _parse_confidence_sum(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        confidence_sum = _parse_confidence_sum(d.pop("confidence_sum"))

        people_count = d.pop("people_count")

        def _parse_suppressed_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        suppressed_reason = _parse_suppressed_reason(d.pop("suppressed_reason"))

        outcome_item = cls(
            period=period,
            period_start=period_start,
            dimension=dimension,
            avg_score=avg_score,
            score_sum=score_sum,
            scores_count=scores_count,
            confidence_avg=confidence_avg,
            confidence_sum=confidence_sum,
            people_count=people_count,
            suppressed_reason=suppressed_reason,
        )

        return outcome_item
