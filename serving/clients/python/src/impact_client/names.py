"""Names that several calls take."""

from __future__ import annotations

from typing import Literal

MetricName = Literal[
    "participants_count", "volunteers_count", "sessions_count", "language_sessions_count",
    "mentorship_sessions_count", "volunteer_hours", "ratings_count", "avg_rating", "enrollments_count",
    "buddy_matches_count", "courses_completed_count", "avg_integration_score", "integration_scores_count",
    "avg_language_level", "avg_job_readiness", "job_readiness_count", "sroi_ratio", "sroi_outcome_ratio",
    "vis_score", "volunteering_hours", "donations_usd", "donations_count", "placements_count",
]  # fmt: skip
