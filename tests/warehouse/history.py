"""A small made-up history with all that goes wrong on the way: corrections, duplicates, late arrivals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from ingest.contracts import EventData
from ingest.contracts.buddy import (
    BuddyCheckinCompleted,
    BuddyEventLogged,
    BuddyFeedbackSubmitted,
    BuddyMatchCreated,
    BuddyMatchEnded,
)
from ingest.contracts.ingested import IngestEnrollmentCreated
from ingest.contracts.kintell import KintellRatingCreated, KintellSessionCompleted, KintellSessionScheduled
from ingest.contracts.upskilling import UpskillingCourseCompleted
from ingest.events import Event, new_event
from tests.warehouse.further_history import FURTHER_KINDS
from tests.warehouse.ids import COMPANIES, id_of
from tests.warehouse.indirect_history import indirect_history

FIRST_DAY = datetime(2025, 10, 20, tzinfo=UTC)


@dataclass
class History:
    """Makes events one after another; each is written a little later than the one before."""

    random: Random
    written: int = 0
    pairs: dict[int, tuple[UUID, UUID]] = field(default_factory=dict)  # of the matches drawn last, by number

    def event(self, data: EventData, subject: str, company: UUID | None) -> Event:
        self.written += 1
        return new_event(
            data,
            subject=subject,
            company_id=company,
            source="/tests",
            source_time=datetime(2026, 7, 1, tzinfo=UTC) + timedelta(seconds=self.written),
            origin="tests",
        )

    def moment(self) -> datetime:
        return FIRST_DAY + timedelta(minutes=self.random.randrange(60 * 24 * 170))

    def company(self) -> UUID | None:
        return self.random.choice([*COMPANIES, None])

    def participant(self) -> UUID:
        return id_of("participant", self.random.randrange(12))

    def volunteer(self) -> UUID:
        return id_of("volunteer", self.random.randrange(5))

    def session(self, number: int) -> Event:
        end = self.moment()
        data = KintellSessionCompleted(
            session_id=id_of("session", number),
            external_session_id=f"LS-{number}",
            session_type=self.random.choice(["language", "mentorship"]),
            participant_id=self.participant(),
            volunteer_id=self.volunteer(),
            scheduled_at=end - timedelta(hours=1),
            completed_at=end,
            duration_minutes=self.random.randrange(20, 90),
            topics=self.random.choice([None, ["work", "daily life"]]),
            language_level=self.random.choice([None, "A2", "B1"]),
        )
        return self.event(data, f"session/LS-{number}", self.company())

    def booking(self, number: int) -> Event:
        data = KintellSessionScheduled(
            session_id=id_of("booking", number),
            session_type="language",
            participant_id=self.participant(),
            volunteer_id=self.volunteer(),
            scheduled_at=self.moment(),
        )
        return self.event(data, f"booking/{number}", self.company())

    def rating(self, number: int, sessions: int) -> Event:
        data = KintellRatingCreated(
            rating_id=id_of("rating", number),
            session_id=id_of("session", self.random.randrange(sessions)),
            from_role=self.random.choice(["participant", "participant", "volunteer"]),
            rating=self.random.choice([None, 0.1, 0.3, 0.7, 0.825, 1.0]),
            feedback_text=self.random.choice([None, "Hyggelig"]),
            created_at=self.moment(),
        )
        return self.event(data, f"rating/{number}", self.company())

    def match(self, number: int) -> Event:
        self.pairs[number] = (self.participant(), self.volunteer())
        data = BuddyMatchCreated(
            match_id=id_of("match", number),
            participant_id=self.pairs[number][0],
            buddy_id=self.pairs[number][1],
            matched_at=self.moment(),
        )
        return self.event(data, f"match/{number}", self.company())

    def match_end(self, number: int) -> Event:
        data = BuddyMatchEnded(
            match_id=id_of("match", number),
            participant_id=self.participant(),
            buddy_id=self.volunteer(),
            ended_at=self.moment() + timedelta(days=170),  # after every match began
            duration=30,
            reason=self.random.choice(["completed", "inactivity"]),
        )
        return self.event(data, f"match-end/{number}", self.company())

    def checkin(self, number: int, matches: int) -> Event:
        data = BuddyCheckinCompleted(
            checkin_id=id_of("checkin", number),
            match_id=id_of("match", self.random.randrange(matches)),
            participant_id=self.random.choice([None, self.participant()]),
            checkin_date=self.moment(),
            mood=self.random.choice([None, "good"]),
        )
        return self.event(data, f"checkin/{number}", self.company())

    def buddy_event(self, number: int, matches: int) -> Event:
        data = BuddyEventLogged(
            event_id=id_of("buddy event", number),
            match_id=id_of("match", self.random.randrange(matches)),
            event_type="hangout",
            event_date=self.moment(),
        )
        return self.event(data, f"buddy-event/{number}", self.company())

    def buddy_feedback(self, number: int, matches: int) -> Event:
        data = BuddyFeedbackSubmitted(
            feedback_id=id_of("feedback", number),
            match_id=id_of("match", self.random.randrange(matches)),
            from_role="buddy",
            rating=0.75,
            submitted_at=self.moment(),
        )
        return self.event(data, f"feedback/{number}", self.company())

    def course(self, number: int) -> Event:
        data = UpskillingCourseCompleted(
            progress_id=id_of("progress", number),
            user_id=self.participant(),
            provider="itslearning",
            course_id=f"C{number % 4}",
            course_name=f"Course {number % 4}",
            completed_at=self.moment(),
            final_score=self.random.choice([None, 71.5]),
        )
        return self.event(data, f"course/{number}", self.company())

    def enrollment(self, number: int) -> Event:
        person, instance = self.participant(), id_of("instance", number)
        data = IngestEnrollmentCreated(
            source_system="manual",
            user_id=person,
            program_type="language_course",
            program_id=instance,
            program_name="Language Connect",
            enrollment_date=self.moment(),
            status=self.random.choice(["enrolled", "completed"]),
        )
        # A correction keeps the subject and may draw another person: a stand-in for any changed field.
        return self.event(data, f"enrollment/{number}", self.company())


def arrivals(seed: int, *, deliveries: int, size: int = 40, first: int = 0) -> list[list[Event]]:
    """The history, split over deliveries. Facts of one number are drawn up to three times: versions.

    Numbers go from `first` on. Histories of different numbers tell different facts of the same people.
    """
    history = History(Random(seed))  # noqa: S311
    drawn: list[Event] = []
    for number in range(first, first + size):
        versions = history.random.choice([1, 1, 2, 3])
        for _ in range(versions):
            drawn += [
                history.session(number),
                history.booking(number),
                history.rating(number, sessions=size),
                history.match(number),
                history.checkin(number, matches=size),
                history.buddy_event(number, matches=size),
                history.buddy_feedback(number, matches=size),
                history.course(number),
                history.enrollment(number),
                *(make(history, number, size) for make in FURTHER_KINDS),
            ]
        if history.random.random() < 0.3:
            drawn.append(history.match_end(number))
    again = history.random.sample(drawn, len(drawn) // 5)  # some events are loaded twice
    everything = drawn + again
    history.random.shuffle(everything)
    return [everything[start::deliveries] for start in range(deliveries)]


_INDIRECT = indirect_history(History(Random(0)))  # noqa: S311
DELIVERIES = [
    drawn + indirect for drawn, indirect in zip(arrivals(seed=20261, deliveries=2), _INDIRECT, strict=True)
]
