from typing import Literal, cast

HistoryMetric = Literal[
    "avg_integration_score",
    "avg_job_readiness",
    "avg_language_level",
    "avg_rating",
    "buddy_matches_count",
    "courses_completed_count",
    "donations_count",
    "donations_usd",
    "enrollments_count",
    "integration_scores_count",
    "job_readiness_count",
    "language_sessions_count",
    "mentorship_sessions_count",
    "participants_count",
    "placements_count",
    "ratings_count",
    "sessions_count",
    "sroi_outcome_ratio",
    "sroi_ratio",
    "vis_score",
    "volunteer_hours",
    "volunteering_hours",
    "volunteers_count",
]


def check_history_metric(value: str) -> HistoryMetric:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(HistoryMetric, value)
