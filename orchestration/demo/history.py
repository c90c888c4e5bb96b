"""What happens to each participant: enrolments, sessions, a buddy, courses, and what they say about it.

One participant at a time, from random numbers of their own, so that a large scale needs little memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from orchestration.demo.facts import (
    BuddyFeedback,
    Checkin,
    CourseCompletion,
    Enrolment,
    Fact,
    Match,
    Outing,
    Placement,
    Rating,
    Session,
    SessionType,
)
from orchestration.demo.learning import course_work, skill_shares, unfinished_course
from orchestration.demo.population import (
    BUDDY,
    LANGUAGE,
    MENTORS,
    UPSKILLING,
    Instance,
    Participant,
    Population,
    Volunteer,
)
from orchestration.demo.texts import Voice, compose, compose_review
from orchestration.demo.window import OSLO, chance, midnight
from orchestration.demo.work import placements

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
_SEASON = (
    1.0,
    1.05,
    1.1,
    0.9,
    1.0,
    0.75,
    0.35,
    0.8,
    1.2,
    1.2,
    1.15,
    0.6,
)  # by month: July and Christmas are quiet
_WEEKDAYS = (20, 22, 22, 20, 10, 4, 2)
_HOURS = (8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)  # Oslo time
_HOUR_WEIGHTS = (2, 3, 4, 4, 3, 2, 3, 5, 8, 12, 14, 10, 4)
_SESSIONS_PER_WEEK = {"language": 0.62, "mentorship": 0.34}
_LEVEL_PER_SESSION = 0.035  # thirty sessions are about one CEFR level
_OUTCOMES, _OUTCOME_WEIGHTS = ("completed", "no show", "cancelled"), (85, 9, 6)
_TONES, _TONE_WEIGHTS = ("positive", "neutral", "mixed", "negative", "anxious"), (48, 17, 16, 11, 8)
_STARS = {
    "positive": (4, 5),
    "neutral": (3.5, 4.5),
    "mixed": (3, 4),
    "negative": (1, 3),
    "anxious": (2.5, 4.5),
}
_REMARK_TONES = (
    "positive",
    "neutral",
    "negative",
)  # volunteers write about the participant, not about themselves
_LANGUAGE_TOPICS = ("daily life", "work", "housing", "health", "school", "transport", "culture", "grammar")
_MENTOR_TOPICS = ("cv", "linkedin", "interview", "networking", "salary", "portfolio", "project management")
_FOCUS_AREAS = ("career", "education", "integration", "entrepreneurship")
_OUTINGS = {
    "hangout": "Coffee in town", "activity": "A walk in the forest", "workshop": "Baking together",
    "culture": "Visit to the museum", "sport": "An hour of badminton",
}  # fmt: skip
_MOODS = ("great", "good", "okay", "struggling", "difficult")
_MOOD_TONES = {
    "great": "positive", "good": "positive", "okay": "neutral", "struggling": "anxious",
    "difficult": "negative",
}  # fmt: skip
_COURSES = (
    ("ecornell", "EC-PM-101", "Project Management Basics"), ("ecornell", "EC-LEAD-110", "Leading a Team"),
    ("ecornell", "EC-DATA-120", "Data Analysis Basics"), ("ecornell", "EC-WEB-130", "Building Web Pages"),
    ("itslearning", "IT-NOR-A2", "Norwegian A2"), ("itslearning", "IT-NOR-B1", "Norwegian B1"),
    ("itslearning", "IT-WORK-10", "Working Life in Norway"), ("itslearning", "IT-DIG-20", "Digital Skills"),
)  # fmt: skip


def history(population: Population) -> Iterator[tuple[Participant, Iterator[Fact]]]:
    """Every fact of the programme, participant by participant; an enrolment comes before what it covers."""
    for participant in population.participants():
        yield participant, Journey(population, participant).facts()


class Journey:
    """One participant's way through the programmes."""

    def __init__(self, population: Population, participant: Participant) -> None:
        self.population = population
        self.window = population.window
        self.participant = participant
        self.rng = chance(population.seed, "journey", participant.number)
        self.level = participant.level
        self.session_count = 0

    def facts(self) -> Iterator[Fact]:
        found: list[Placement] = []
        for program_type in self.participant.program_types:
            for enrolment, ends_on in self._enrolments(program_type):
                # Some come without being enrolled: their volunteer's company is all that is known.
                if self.rng.random() >= 0.06:
                    yield enrolment
                until = min(ends_on, self.window.now)
                yield from self._activity(enrolment, until)
                found += placements(self.population, enrolment, until)
        # A job found after one enrolment may fall into another, which then decides whose it is.
        yield from found

    def _enrolments(self, program_type: str) -> Iterator[tuple[Enrolment, date]]:
        """One enrolment, and for a fifth of those who complete it a second one, in a later instance."""
        starts_on = self.participant.joined_on + timedelta(days=self.rng.randrange(0, 8))
        earlier: Instance | None = None
        for _ in range(2):
            # Nobody enrols twice in the same instance.
            open_instances = [
                i for i in self.population.instances_open(program_type, starts_on) if i != earlier
            ]
            ends_on = starts_on + timedelta(days=self.rng.randrange(60, 270))
            # The last days before `now` show who enrolled and has had no session yet.
            if starts_on >= self.window.now - timedelta(days=2) or not open_instances:
                return
            instance = self.rng.choices(
                open_instances, [4 if i.company_id is None else 3 for i in open_instances]
            )[0]
            status: Literal["active", "completed", "dropped"] = "active"
            if ends_on < self.window.now:
                status = "completed" if self.rng.random() < 0.85 else "dropped"
            enrolment = Enrolment(
                participant=self.participant,
                instance=instance,
                enrolled_at=midnight(starts_on) + timedelta(hours=8, minutes=self.rng.randrange(60)),
                status=status,
                completed_at=midnight(ends_on) + timedelta(hours=15) if status == "completed" else None,
            )
            yield enrolment, ends_on
            if status != "completed" or self.rng.random() > 0.2:
                return
            starts_on, earlier = ends_on + timedelta(days=self.rng.randrange(7, 40)), instance

    def _activity(self, enrolment: Enrolment, until: date) -> Iterator[Fact]:
        """What one enrolment leads to, from two days after it until (not including) `until`."""
        begins_on = enrolment.enrolled_at.date() + timedelta(days=2)
        match enrolment.instance.program_type:
            case str(kind) if kind == LANGUAGE:
                yield from self._sessions("language", LANGUAGE, enrolment, begins_on, until)
            case str(kind) if kind == MENTORS:
                sessions = list(self._sessions("mentorship", MENTORS, enrolment, begins_on, until))
                yield from self._looking_back(enrolment, sessions)
            case str(kind) if kind == BUDDY:
                yield from self._friendship(enrolment, begins_on, until)
            case str(kind) if kind == UPSKILLING:
                day = begins_on
                for course in self._courses(begins_on, until):
                    yield course
                    yield from course_work(self.population, course, day)
                    day = course.completed_at.date()
                yield from unfinished_course(self.population, self.participant, begins_on, until)

    # --- sessions -----------------------------------------------------------------------------------------

    def _sessions(
        self, session_type: SessionType, role: str, enrolment: Enrolment, begins_on: date, until: date
    ) -> Iterator[Session]:
        # A running enrolment has bookings for the coming week as well.
        last = until + timedelta(days=7) if enrolment.status == "active" else until
        usual = self._volunteer(enrolment, role)
        for offset in range(0, (last - begins_on).days, 7):
            week = begins_on + timedelta(days=offset)
            if self.rng.random() >= _SESSIONS_PER_WEEK[session_type] * _SEASON[week.month - 1]:
                continue
            day = week + timedelta(days=(self.rng.choices(range(7), _WEEKDAYS)[0] - week.weekday()) % 7)
            if day >= last:
                continue
            if self.rng.random() < 0.04:
                usual = self._volunteer(enrolment, role)
            volunteer = usual if self.rng.random() < 0.85 else self._volunteer(enrolment, role)
            if session := self._session(session_type, volunteer, day):
                yield session

    def _looking_back(self, enrolment: Enrolment, sessions: list[Session]) -> list[Session]:
        """The last text about a completed mentorship mostly tells what all of it has led to."""
        rng = chance(self.population.seed, "review", self.participant.number, enrolment.instance.slug)
        voice = self.participant.voice
        rated = [s for s in sessions if any(rating.from_role == "participant" for rating in s.ratings)]
        if enrolment.status != "completed" or not rated or voice.form or rng.random() < 0.3:
            return sessions
        told = compose_review(rng, voice)
        ratings = tuple(
            replace(rating, text=told) if rating.from_role == "participant" else rating
            for rating in rated[-1].ratings
        )
        return [replace(s, ratings=ratings) if s is rated[-1] else s for s in sessions]

    def _volunteer(self, enrolment: Enrolment, role: str) -> Volunteer:
        own = enrolment.instance.company_id if self.rng.random() < 0.85 else None
        return self.rng.choice(self.population.volunteers_for(own, role))

    def _session(self, session_type: SessionType, volunteer: Volunteer, day: date) -> Session | None:
        rng = self.rng
        local = datetime(
            day.year,
            day.month,
            day.day,
            rng.choices(_HOURS, _HOUR_WEIGHTS)[0],
            rng.choice((0, 0, 30)),
            tzinfo=OSLO,
        )
        scheduled_at = local.astimezone(UTC)
        booked_at = scheduled_at - timedelta(days=rng.randrange(1, 6), minutes=rng.randrange(600))
        outcome = rng.choices(_OUTCOMES, _OUTCOME_WEIGHTS)[0]
        lies_ahead = scheduled_at >= self.window.end
        if (outcome == "cancelled" and not lies_ahead) or booked_at >= self.window.end:
            return None
        self.session_count += 1
        letters = "LS" if session_type == "language" else "MS"
        session_id = (
            f"{letters}{self.population.session_mark}{self.participant.number:06d}{self.session_count:03d}"
        )
        if outcome != "completed" or lies_ahead:
            return Session(session_id, session_type, self.participant, volunteer, booked_at, scheduled_at)
        usual_length = 45 if session_type == "language" else 55
        minutes = max(15, min(120, round(rng.gauss(usual_length, 10))))
        completed_at = scheduled_at + timedelta(minutes=minutes + rng.choice((0, 0, 0, 2, 5, 11)))
        if session_type == "language":
            self.level = min(5.4, self.level + _LEVEL_PER_SESSION)
        return Session(
            session_id=session_id,
            session_type=session_type,
            participant=self.participant,
            volunteer=volunteer,
            booked_at=booked_at,
            scheduled_at=scheduled_at,
            completed_at=completed_at,
            duration_minutes=minutes,
            language_level=LEVELS[int(self.level)]
            if session_type == "language" and rng.random() < 0.8
            else "",
            topics=self._topics(_LANGUAGE_TOPICS if session_type == "language" else _MENTOR_TOPICS),
            focus_area=rng.choice(_FOCUS_AREAS) if session_type == "mentorship" else "",
            ratings=tuple(self._ratings(session_id, session_type, volunteer, completed_at)),
        )

    def _topics(self, choices: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(self.rng.sample(choices, self.rng.choice((0, 1, 1, 2, 2, 3)))))

    def _ratings(
        self, session_id: str, session_type: SessionType, volunteer: Volunteer, completed_at: datetime
    ) -> Iterator[Rating]:
        rng = self.rng
        for role, share in (("participant", 0.58), ("volunteer", 0.2)):
            if rng.random() >= share:
                continue
            tone = rng.choices(_TONES, _TONE_WEIGHTS)[0]
            text = ""
            if rng.random() < 0.62:
                text = (
                    self._text(session_type, tone)
                    if role == "participant"
                    else self._remark(volunteer, "volunteer", tone)
                )
            # Mostly right after the session, sometimes days later.
            wait = timedelta(minutes=rng.randrange(1, 90) if rng.random() < 0.8 else rng.randrange(90, 4_000))
            if completed_at + wait < self.window.end:
                yield Rating(
                    rating_id=f"R{'P' if role == 'participant' else 'V'}-{session_id}",
                    from_role="participant" if role == "participant" else "volunteer",
                    value=self._stars(tone),
                    text=text,
                    created_at=completed_at + wait,
                )

    def _stars(self, tone: str) -> float:
        low, high = _STARS[tone]
        return self.rng.randrange(round(low * 2), round(high * 2) + 1) / 2

    def _text(self, context: str, tone: str) -> str:
        comfort = ("low", "low", "medium", "medium", "high", "high")[int(self.level)]
        voice = self.participant.voice
        # Those who know Norwegian well write it more and more.
        if voice.language != "no" and comfort != "low" and self.rng.random() < 0.15:
            voice = Voice("no", voice.gender)
        return compose(self.rng, voice, context, tone, comfort=comfort)

    def _remark(self, volunteer: Volunteer, context: str, tone: str) -> str:
        return compose(self.rng, volunteer.voice, context, tone if tone in _REMARK_TONES else "neutral")

    # --- buddies and courses ------------------------------------------------------------------------------

    def _friendship(self, enrolment: Enrolment, begins_on: date, until: date) -> Iterator[Fact]:
        rng = self.rng
        matched_at = self._moment(begins_on + timedelta(days=rng.randrange(1, 18)))
        if matched_at.date() >= until - timedelta(days=2):
            return
        ended = enrolment.status != "active"
        match = Match(
            match_id=str(self.population.id_of("match", self.participant.number, matched_at.date())),
            participant=self.participant,
            buddy=self._volunteer(enrolment, BUDDY),
            matched_at=matched_at,
            ended_at=midnight(until) - timedelta(hours=3) if ended else None,
            end_reason=rng.choice(("completed", "mutual_agreement", "inactivity", "program_ended"))
            if ended
            else "",
        )
        yield match
        day, number = matched_at.date(), 0
        while (day := day + timedelta(days=rng.randrange(4, 26))) < until - timedelta(days=1):
            number += 1
            yield self._together(match, day, number)
        yield from skill_shares(self.population, match, until)

    def _together(self, match: Match, day: date, number: int) -> Fact:
        rng = self.rng
        at, this = self._moment(day), str(self.population.id_of("buddy", match.match_id, number))
        kind = rng.choices(("checkin", "outing", "feedback"), (45, 40, 15))[0]
        if kind == "checkin":
            mood = rng.choices(_MOODS, (22, 38, 22, 11, 7))[0]
            return Checkin(
                this, match, at, mood, self._text("buddy", _MOOD_TONES[mood]) if rng.random() < 0.5 else ""
            )
        if kind == "outing":
            event_type = rng.choice(tuple(_OUTINGS))
            return Outing(this, match, at, event_type, _OUTINGS[event_type])
        tone = rng.choices(_TONES, _TONE_WEIGHTS)[0]
        score = (self._stars(tone) - 1) / 4
        if rng.random() < 0.65:
            return BuddyFeedback(this, match, "participant", score, self._text("buddy", tone), at)
        return BuddyFeedback(this, match, "buddy", score, self._remark(match.buddy, "local buddy", tone), at)

    def _courses(self, begins_on: date, until: date) -> Iterator[CourseCompletion]:
        rng = self.rng
        day = begins_on
        for provider, course_id, name in rng.sample(_COURSES, rng.choice((0, 1, 1, 2, 3))):
            day += timedelta(days=rng.randrange(10, 60))
            if day >= until:
                return
            yield CourseCompletion(
                self.participant,
                provider,
                course_id,
                name,
                self._moment(day),
                min(100, max(50, round(rng.gauss(82, 10)))),
            )

    def _moment(self, day: date) -> datetime:
        return midnight(day) + timedelta(hours=self.rng.randrange(8, 20), minutes=self.rng.randrange(60))
