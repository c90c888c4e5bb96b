"""What rules may speak of: kinds of activity and their fields, as `journey.events` has them."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

TextField = Literal["kind", "status", "role", "language", "label", "provider"]
NumberField = Literal["level", "score", "minutes", "progress"]
TEXT_FIELDS: tuple[TextField, ...] = get_args(TextField)
NUMBER_FIELDS: tuple[NumberField, ...] = get_args(NumberField)
FIELDS: dict[str, str] = {
    "kind": "Which sort: language or mentorship of a session, dimension of a score, programme joined",
    "status": "State of an enrolment, placement or course; mood of a check-in; reason a match ended",
    "role": "Which side a rating or feedback comes from: participant, volunteer or buddy",
    "language": "Language of the scored text or of a match",
    "label": "Course or focus area",
    "provider": "System that says so, e.g. ecornell or benevity",
    "level": "Language level, A1 is 1 and C2 is 6",
    "score": "Rating, outcome score or final score, 0 to 1",
    "minutes": "How long it took",
    "progress": "How far a course or enrolment is, 0 to 1",
}


class Entity(NamedTuple):
    """A kind of activity by the name that rules use."""

    event_types: tuple[str, ...]
    description: str


ENTITIES: dict[str, Entity] = {
    "buddy_matches": Entity(("buddy.match.created",), "Being matched with a buddy"),
    "buddy_match_endings": Entity(("buddy.match.ended",), "A match that ended; status is the reason"),
    "buddy_events": Entity(
        ("buddy.event.logged", "buddy.event.attended"), "Something done together, or an event attended"
    ),
    "buddy_checkins": Entity(("buddy.checkin.completed",), "How a match is going; status is the mood"),
    "buddy_feedback": Entity(("buddy.feedback.submitted",), "Ratings of a match, from either side"),
    "buddy_milestones": Entity(("buddy.milestone.reached",), "Milestones of the buddy programme"),
    "skill_shares": Entity(("buddy.skill_share.completed",), "Sessions in which one taught another"),
    "kintell_bookings": Entity(("kintell.session.scheduled",), "Booked sessions"),
    "kintell_sessions": Entity(("kintell.session.completed",), "Completed sessions; kind is their type"),
    "kintell_ratings": Entity(("kintell.rating.created",), "Ratings of sessions; role is who rated"),
    "learning_progress": Entity(
        ("upskilling.progress.updated", "upskilling.course.completed"), "Getting further in a course"
    ),
    "course_completions": Entity(("upskilling.course.completed",), "Finished courses"),
    "credentials": Entity(("upskilling.credential.issued",), "Certificates, badges and diplomas"),
    "program_enrollments": Entity(("ingest.enrollment.created",), "Enrolments; status is how they stand now"),
    "placements": Entity(("ingest.placement.created",), "Placements; kind is their type"),
    "outcome_scores": Entity(("q2q.scored",), "Scores of texts; kind is the dimension"),
    "volunteering": Entity(("ingest.volunteer.logged",), "Logged volunteering"),
    "donations": Entity(("ingest.donation.made",), "Donations"),
    "user_profile": Entity(("ingest.directory.synced",), "Entry of the company's directory"),
    # Taking part, as `int_activity` of the warehouse sees it: being enrolled, scored or listed is not.
    "any_activity": Entity(
        (
            "buddy.match.created", "buddy.event.logged", "buddy.event.attended", "buddy.checkin.completed",
            "buddy.feedback.submitted", "buddy.skill_share.completed", "kintell.session.completed",
            "kintell.rating.created", "upskilling.progress.updated", "upskilling.course.completed",
            "upskilling.credential.issued", "ingest.volunteer.logged",
        ),
        "Anything a person took part in",
    ),
}  # fmt: skip
EVENT_TYPES: tuple[str, ...] = tuple(
    sorted({event_type for entity in ENTITIES.values() for event_type in entity.event_types})
)
