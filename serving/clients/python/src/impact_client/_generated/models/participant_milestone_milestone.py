from typing import Literal, cast

ParticipantMilestoneMilestone = Literal[
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


def check_participant_milestone_milestone(value: str) -> ParticipantMilestoneMilestone:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ParticipantMilestoneMilestone, value)
