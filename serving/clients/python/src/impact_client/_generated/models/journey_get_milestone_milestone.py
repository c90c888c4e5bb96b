from typing import Literal, cast

JourneyGetMilestoneMilestone = Literal[
    "buddy_matched",
    "course_completed",
    "course_enrolled",
    "credential_earned",
    "first_language_session",
    "first_mentorship_session",
    "job_ready",
    "language_level_up",
    "mentor_ready",
]


def check_journey_get_milestone_milestone(value: str) -> JourneyGetMilestoneMilestone:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(JourneyGetMilestoneMilestone, value)
