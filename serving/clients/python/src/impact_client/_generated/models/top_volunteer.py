from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="TopVolunteer")


@_attrs_define
class TopVolunteer:
    """A volunteer by pseudonym: names stay where the company keeps them."""

    rank: int
    volunteer_id: UUID
    vis_score: float | None
    """ 0 to 100. """
    band: None | str
    missing_reason: None | str
    """ Why there is no score; null if there is one. """
    hours: float
    sessions_count: int
    sessions_per_month: float
    consistency_part: float
    impact: float | None
    """ Mean outcome score of those the volunteer met. """

    def to_dict(self) -> dict[str, Any]:
        rank = self.rank

        volunteer_id = str(self.volunteer_id)

        vis_score: float | None
        vis_score = self.vis_score

        band: None | str
        band = self.band

        missing_reason: None | str
        missing_reason = self.missing_reason

        hours = self.hours

        sessions_count = self.sessions_count

        sessions_per_month = self.sessions_per_month

        consistency_part = self.consistency_part

        impact: float | None
        impact = self.impact

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "rank": rank,
                "volunteer_id": volunteer_id,
                "vis_score": vis_score,
                "band": band,
                "missing_reason": missing_reason,
                "hours": hours,
                "sessions_count": sessions_count,
                "sessions_per_month": sessions_per_month,
                "consistency_part": consistency_part,
                "impact": impact,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rank = d.pop("rank")

        volunteer_id = UUID(d.pop("volunteer_id"))

        def _parse_vis_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        vis_score = _parse_vis_score(d.pop("vis_score"))

        def _parse_band(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        band = _parse_band(d.pop("band"))

        def _parse_missing_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        missing_reason = _parse_missing_reason(d.pop("missing_reason"))

        hours = d.pop("hours")

        sessions_count = d.pop("sessions_count")

        sessions_per_month = d.pop("sessions_per_month")

        consistency_part = d.pop("consistency_part")

        def _parse_impact(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        impact = _parse_impact(d.pop("impact"))

        top_volunteer = cls(
            rank=rank,
            volunteer_id=volunteer_id,
            vis_score=vis_score,
            band=band,
            missing_reason=missing_reason,
            hours=hours,
            sessions_count=sessions_count,
            sessions_per_month=sessions_per_month,
            consistency_part=consistency_part,
            impact=impact,
        )

        return top_volunteer
