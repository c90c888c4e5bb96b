from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="PeriodMetrics")


@_attrs_define
class PeriodMetrics:
    """The figures of one period."""

    period: str
    period_start: datetime.date
    """ First day, UTC. """
    period_end: datetime.date
    """ Last day, UTC. """
    participants_count: int
    """ Distinct participants with any activity. """
    volunteers_count: int
    """ Distinct volunteers with any activity. """
    sessions_count: int
    """ Completed sessions. """
    language_sessions_count: int
    mentorship_sessions_count: int
    volunteer_hours: float
    """ Hours of completed sessions. """
    ratings_count: int
    """ Sessions rated by their participant. """
    avg_rating: float | None
    """ Mean rating, 0 to 1; null without ratings or, with a reason, of too few people. """
    enrollments_count: int
    buddy_matches_count: int
    courses_completed_count: int
    integration_score_sum: float | None
    """ Sums and counts join periods; averages do not. Null where the average is withheld. """
    integration_scores_count: int
    """ Participants whose integration score is known. """
    avg_integration_score: float | None
    """ 0 to 100; null where none is known. """
    language_level_sum: float | None
    avg_language_level: float | None
    """ Share of C2, 0 to 1; null where none is known. """
    job_readiness_sum: float | None
    job_readiness_count: int
    avg_job_readiness: float | None
    """ 0 to 1; null without scored feedback. """
    sroi_ratio: float | None
    """ Net, base scenario; `/sroi` has the reason of a null. """
    sroi_outcome_ratio: float | None
    """ Gross, by outcome values; `/sroi` has the reason of a null. """
    vis_score: float | None
    """ 0 to 100; `/vis` has the reason of a null. """
    volunteering_hours: float
    """ Hours logged in CSR suites. """
    donations_usd: float
    donations_count: int
    donations_without_usd_count: int
    """ Of unknown worth in US dollars: not in the sum. """
    placements_count: int
    rating_suppressed_reason: None | str
    """ `fewer_than_5_people` where the average is withheld; so below. """
    integration_suppressed_reason: None | str
    """ Of the integration score and the language level. """
    job_readiness_suppressed_reason: None | str

    def to_dict(self) -> dict[str, Any]:
        period = self.period

        period_start = self.period_start.isoformat()

        period_end = self.period_end.isoformat()

        participants_count = self.participants_count

        volunteers_count = self.volunteers_count

        sessions_count = self.sessions_count

        language_sessions_count = self.language_sessions_count

        mentorship_sessions_count = self.mentorship_sessions_count

        volunteer_hours = self.volunteer_hours

        ratings_count = self.ratings_count

        avg_rating: float | None
        avg_rating = self.avg_rating

        enrollments_count = self.enrollments_count

        buddy_matches_count = self.buddy_matches_count

        courses_completed_count = self.courses_completed_count

        integration_score_sum: float | None
        integration_score_sum = self.integration_score_sum

        integration_scores_count = self.integration_scores_count

        avg_integration_score: float | None
        avg_integration_score = self.avg_integration_score

        language_level_sum: float | None
        language_level_sum = self.language_level_sum

        avg_language_level: float | None
        avg_language_level = self.avg_language_level

        job_readiness_sum: float | None
        job_readiness_sum = self.job_readiness_sum

        job_readiness_count = self.job_readiness_count

        avg_job_readiness: float | None
        avg_job_readiness = self.avg_job_readiness

        sroi_ratio: float | None
        sroi_ratio = self.sroi_ratio

        sroi_outcome_ratio: float | None
        sroi_outcome_ratio = self.sroi_outcome_ratio

        vis_score: float | None
        vis_score = self.vis_score

        volunteering_hours = self.volunteering_hours

        donations_usd = self.donations_usd

        donations_count = self.donations_count

        donations_without_usd_count = self.donations_without_usd_count

        placements_count = self.placements_count

        rating_suppressed_reason: None | str
        rating_suppressed_reason = self.rating_suppressed_reason

        integration_suppressed_reason: None | str
        integration_suppressed_reason = self.integration_suppressed_reason

        job_readiness_suppressed_reason: None | str
        job_readiness_suppressed_reason = self.job_readiness_suppressed_reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "period": period,
                "period_start": period_start,
                "period_end": period_end,
                "participants_count": participants_count,
                "volunteers_count": volunteers_count,
                "sessions_count": sessions_count,
                "language_sessions_count": language_sessions_count,
                "mentorship_sessions_count": mentorship_sessions_count,
                "volunteer_hours": volunteer_hours,
                "ratings_count": ratings_count,
                "avg_rating": avg_rating,
                "enrollments_count": enrollments_count,
                "buddy_matches_count": buddy_matches_count,
                "courses_completed_count": courses_completed_count,
                "integration_score_sum": integration_score_sum,
                "integration_scores_count": integration_scores_count,
                "avg_integration_score": avg_integration_score,
                "language_level_sum": language_level_sum,
                "avg_language_level": avg_language_level,
                "job_readiness_sum": job_readiness_sum,
                "job_readiness_count": job_readiness_count,
                "avg_job_readiness": avg_job_readiness,
                "sroi_ratio": sroi_ratio,
                "sroi_outcome_ratio": sroi_outcome_ratio,
                "vis_score": vis_score,
                "volunteering_hours": volunteering_hours,
                "donations_usd": donations_usd,
                "donations_count": donations_count,
                "donations_without_usd_count": donations_without_usd_count,
                "placements_count": placements_count,
                "rating_suppressed_reason": rating_suppressed_reason,
                "integration_suppressed_reason": integration_suppressed_reason,
                "job_readiness_suppressed_reason": job_readiness_suppressed_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        period = d.pop("period")

        period_start = datetime.date.fromisoformat(d.pop("period_start"))

        period_end = datetime.date.fromisoformat(d.pop("period_end"))

        participants_count = d.pop("participants_count")

        volunteers_count = d.pop("volunteers_count")

        sessions_count = d.pop("sessions_count")

        language_sessions_count = d.pop("language_sessions_count")

        mentorship_sessions_count = d.pop("mentorship_sessions_count")

        volunteer_hours = d.pop("volunteer_hours")

        ratings_count = d.pop("ratings_count")

        def _parse_avg_rating(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        avg_rating = _parse_avg_rating(d.pop("avg_rating"))

        enrollments_count = d.pop("enrollments_count")

        buddy_matches_count = d.pop("buddy_matches_count")

        courses_completed_count = d.pop("courses_completed_count")

        def _parse_integration_score_sum(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        integration_score_sum = _parse_integration_score_sum(d.pop("integration_score_sum"))

        integration_scores_count = d.pop("integration_scores_count")

        def _parse_avg_integration_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        avg_integration_score = _parse_avg_integration_score(d.pop("avg_integration_score"))

        def _parse_language_level_sum(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        language_level_sum = _parse_language_level_sum(d.pop("language_level_sum"))

        def _parse_avg_language_level(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        avg_language_level = _parse_avg_language_level(d.pop("avg_language_level"))

        def _parse_job_readiness_sum(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        job_readiness_sum = _parse_job_readiness_sum(d.pop("job_readiness_sum"))

        job_readiness_count = d.pop("job_readiness_count")

        def _parse_avg_job_readiness(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        avg_job_readiness = _parse_avg_job_readiness(d.pop("avg_job_readiness"))

        def _parse_sroi_ratio(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        sroi_ratio = _parse_sroi_ratio(d.pop("sroi_ratio"))

        def _parse_sroi_outcome_ratio(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        sroi_outcome_ratio = _parse_sroi_outcome_ratio(d.pop("sroi_outcome_ratio"))

        def _parse_vis_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        vis_score = _parse_vis_score(d.pop("vis_score"))

        volunteering_hours = d.pop("volunteering_hours")

        donations_usd = d.pop("donations_usd")

        donations_count = d.pop("donations_count")

        donations_without_usd_count = d.pop("donations_without_usd_count")

        placements_count = d.pop("placements_count")

        def _parse_rating_suppressed_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rating_suppressed_reason = _parse_rating_suppressed_reason(d.pop("rating_suppressed_reason"))

        def _parse_integration_suppressed_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        integration_suppressed_reason = _parse_integration_suppressed_reason(
            d.pop("integration_suppressed_reason")
        )

        def _parse_job_readiness_suppressed_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        job_readiness_suppressed_reason = _parse_job_readiness_suppressed_reason(
            d.pop("job_readiness_suppressed_reason")
        )

        period_metrics = cls(
            period=period,
            period_start=period_start,
            period_end=period_end,
            participants_count=participants_count,
            volunteers_count=volunteers_count,
            sessions_count=sessions_count,
            language_sessions_count=language_sessions_count,
            mentorship_sessions_count=mentorship_sessions_count,
            volunteer_hours=volunteer_hours,
            ratings_count=ratings_count,
            avg_rating=avg_rating,
            enrollments_count=enrollments_count,
            buddy_matches_count=buddy_matches_count,
            courses_completed_count=courses_completed_count,
            integration_score_sum=integration_score_sum,
            integration_scores_count=integration_scores_count,
            avg_integration_score=avg_integration_score,
            language_level_sum=language_level_sum,
            avg_language_level=avg_language_level,
            job_readiness_sum=job_readiness_sum,
            job_readiness_count=job_readiness_count,
            avg_job_readiness=avg_job_readiness,
            sroi_ratio=sroi_ratio,
            sroi_outcome_ratio=sroi_outcome_ratio,
            vis_score=vis_score,
            volunteering_hours=volunteering_hours,
            donations_usd=donations_usd,
            donations_count=donations_count,
            donations_without_usd_count=donations_without_usd_count,
            placements_count=placements_count,
            rating_suppressed_reason=rating_suppressed_reason,
            integration_suppressed_reason=integration_suppressed_reason,
            job_readiness_suppressed_reason=job_readiness_suppressed_reason,
        )

        return period_metrics
