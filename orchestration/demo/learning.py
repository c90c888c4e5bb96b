"""What people learn: progress in courses, certificates at their end, and the skills that buddies share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from orchestration.demo.facts import CourseCompletion, CourseProgress, Credential, Match, SkillShare
from orchestration.demo.population import Participant, Population
from orchestration.demo.window import chance, midnight

_SKILLS = (
    "Baking",
    "Sewing",
    "Skiing",
    "Norwegian slang",
    "Borsch",
    "Embroidery",
    "Tax returns",
    "Job search",
)
_CATEGORIES = ("craft", "sport", "language", "cooking", "everyday life")
# Given up, or still under way when the programme ends.
UNFINISHED = (
    ("ecornell", "EC-FIN-140", "Personal Finance"),
    ("itslearning", "IT-NOR-B2", "Norwegian B2"),
)


def course_work(
    population: Population, completion: CourseCompletion, begins_on: date
) -> Iterator[CourseProgress | Credential]:
    """What the platform reported before a course was completed, and the paper that says so."""
    participant = completion.participant
    rng = chance(population.seed, "course", participant.number, completion.course_id, completion.completed_at)
    course = (completion.provider, completion.course_id, completion.course_name)
    span = completion.completed_at - midnight(begins_on)
    shares = sorted(rng.uniform(0.1, 0.9) for _ in range(rng.randrange(1, 3)))
    reports = [(0.0, "enrolled"), *((share, "in_progress") for share in shares), (1.0, "completed")]
    for share, status in reports:
        at = completion.completed_at if share == 1 else _whole_minutes(midnight(begins_on) + span * share)
        yield CourseProgress(participant, *course, round(100 * share), status, at)
    if rng.random() < 0.6:
        issued_at = completion.completed_at + timedelta(minutes=rng.randrange(1, 600))
        if issued_at < population.window.end:
            kind = rng.choice(("certificate", "certificate", "badge"))
            expires_at = issued_at + timedelta(days=730) if kind == "certificate" else None
            number = population.id_of("credential", participant.number, completion.course_id, issued_at)
            yield Credential(f"CR-{number}", participant, *course, kind, issued_at, expires_at)


def unfinished_course(
    population: Population, participant: Participant, begins_on: date, until: date
) -> Iterator[CourseProgress]:
    """A course that was begun, by two in five, and given up or not yet done."""
    rng = chance(population.seed, "unfinished", participant.number, begins_on)
    if rng.random() > 0.4 or (until - begins_on).days < 3:
        return
    course = rng.choice(UNFINISHED)
    ends = rng.choice(("dropped", "in_progress"))
    days = sorted(rng.sample(range((until - begins_on).days), 3))
    for day, status, percent in zip(days, ("enrolled", "in_progress", ends), (0, 15, 40), strict=True):
        at = midnight(begins_on + timedelta(days=day)) + timedelta(hours=rng.randrange(8, 20))
        yield CourseProgress(participant, *course, percent, status, at)


def skill_shares(population: Population, match: Match, until: date) -> Iterator[SkillShare]:
    """What a pair taught each other: mostly the buddy, now and then the participant."""
    rng = chance(population.seed, "skills", match.match_id)
    day, number = match.matched_at.date() + timedelta(days=1), 0
    while (day := day + timedelta(days=rng.randrange(20, 90))) < until - timedelta(days=1):
        number += 1
        yield SkillShare(
            session_id=str(population.id_of("skill", match.match_id, number)),
            match=match,
            is_participant_teaching=rng.random() < 0.3,
            skill_id=(skill := rng.randrange(len(_SKILLS))),
            skill_name=_SKILLS[skill],
            skill_category=rng.choice(_CATEGORIES),
            at=midnight(day) + timedelta(hours=rng.randrange(8, 20), minutes=rng.randrange(60)),
            duration_minutes=rng.randrange(30, 121, 15),
        )


def _whole_minutes(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
