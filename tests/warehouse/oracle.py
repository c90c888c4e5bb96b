"""What metrics_company_period should say, counted again in plain Python from the events themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ingest.contracts.kintell import KintellSessionCompleted
from ingest.events import Event
from tests.warehouse.ids import MEMBERS

Key = tuple[UUID, str]


def metrics(events: Sequence[Event]) -> dict[Key, dict[str, Any]]:
    """Numbers by company and period. Knows the rules from their description, not from the SQL."""
    latest: dict[tuple[str, str], Event] = {}
    for event in events:
        known = latest.get((event.type, event.subject))
        if known is None or event.sourcetime > known.sourcetime:
            latest[event.type, event.subject] = event
    of_type: dict[str, list[Event]] = defaultdict(list)
    for event in latest.values():
        of_type[event.type].append(event)

    tally = Tally()
    sessions: dict[UUID, Event] = {}
    for event in of_type["kintell.session.completed"]:
        sessions[event.data.session_id] = event
        tally.session(event)
    for event in _counted_ratings(of_type["kintell.rating.created"]):
        session = sessions.get(event.data.session_id)
        company = (session.companyid if session else None) or event.companyid
        rater = session.data.participant_id if session else event.data.participant_id
        tally.rating(company, event, rater)
    matches = {event.data.match_id: event for event in of_type["buddy.match.created"]}
    for event in matches.values():
        tally.add(event.companyid, event.time, "buddy_matches_count")
        tally.active(event.companyid, event.time, event.data.participant_id, event.data.buddy_id)
    for event in of_type["buddy.checkin.completed"] + of_type["buddy.event.logged"]:
        match = matches.get(event.data.match_id)
        # An event that knew its participant was attributed when it was written, be it to nobody.
        came_early = event.data.participant_id is None
        company = event.companyid or (match.companyid if match and came_early else None)
        participant = event.data.participant_id or (match.data.participant_id if match else None)
        tally.active(company, event.time, participant, match.data.buddy_id if match else None)
    for company, moment, participant, volunteer in _further_activity(events, of_type, matches):
        tally.active(company, moment, participant, volunteer)
    for event in of_type["upskilling.course.completed"]:
        tally.add(event.companyid, event.time, "courses_completed_count")
        tally.active(event.companyid, event.time, event.data.user_id, None)
    for event in of_type["ingest.enrollment.created"]:
        tally.add(event.companyid, event.time, "enrollments_count")
    return tally.rows()


def _further_activity(
    events: Sequence[Event], of_type: Mapping[str, Sequence[Event]], matches: Mapping[UUID, Event]
) -> Iterator[tuple[UUID | None, datetime, UUID | None, UUID | None]]:
    """Company, moment, participant, volunteer of attendances, skill shares, course work and volunteering."""
    helpers = {(match.companyid, match.data.buddy_id) for match in matches.values()}
    helpers |= {(company, person) for person, company in MEMBERS.items()}
    for event in of_type["buddy.event.attended"]:
        person, match = event.data.user_id, _own_match(event, matches)
        helps = (event.companyid, person) in helpers and not (match and person == match.data.participant_id)
        yield event.companyid, event.time, None if helps else person, person if helps else None
    for event in of_type["buddy.skill_share.completed"]:
        teacher, learner, match = event.data.teacher_id, event.data.learner_id, _own_match(event, matches)
        newcomer_teaches = (event.companyid, learner) in helpers and (event.companyid, teacher) not in helpers
        if match and (teacher == match.data.participant_id or learner == match.data.buddy_id):
            newcomer_teaches = True
        elif match and (teacher == match.data.buddy_id or learner == match.data.participant_id):
            newcomer_teaches = False
        yield event.companyid, event.time, *((teacher, learner) if newcomer_teaches else (learner, teacher))
    for event in states_of_courses(events).values():
        if event.data.status in ("in_progress", "completed"):
            yield event.companyid, event.time, event.data.user_id, None
    announced = {event.subject: event for event in of_type["external.volunteer.logged"]}
    told_in_full = {event.subject: event for event in of_type["ingest.volunteer.logged"]}
    for event in (announced | told_in_full).values():
        yield event.companyid, event.time, None, event.data.user_id


def _own_match(event: Event, matches: Mapping[UUID, Event]) -> Event | None:
    """The match that is named, if it is the company's own: another's events are not its business."""
    match = matches.get(event.data.match_id)
    return match if match and match.companyid == event.companyid else None


def states_of_courses(events: Iterable[Event]) -> dict[tuple[str, datetime], Event]:
    """Every moment a platform reported on, as it was reported last."""
    states: dict[tuple[str, datetime], Event] = {}
    for event in events:
        if event.type == "upskilling.progress.updated":
            known = states.get((event.subject, event.time))
            if known is None or event.sourcetime > known.sourcetime:
                states[event.subject, event.time] = event
    return states


def _counted_ratings(ratings: Iterable[Event]) -> Iterable[Event]:
    newest: dict[UUID, Event] = {}
    for event in ratings:
        if event.data.from_role == "participant" and event.data.rating is not None:
            known = newest.get(event.data.session_id)
            if known is None or event.data.created_at > known.data.created_at:
                newest[event.data.session_id] = event
    return newest.values()


class Tally:
    """Counts and sets of people by company and period."""

    def __init__(self) -> None:
        self.numbers: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.people: dict[tuple[Key, str], set[UUID]] = defaultdict(set)
        self.raters: dict[Key, set[UUID]] = defaultdict(set)

    def add(self, company: UUID | None, moment: datetime, name: str, amount: float = 1) -> None:
        for key in _keys(company, moment):
            self.numbers[key][name] += amount

    def active(
        self, company: UUID | None, moment: datetime, participant: UUID | None, volunteer: UUID | None
    ) -> None:
        for key in _keys(company, moment):
            for role, person in (("participants_count", participant), ("volunteers_count", volunteer)):
                if person:
                    self.numbers[key]["active"] = 1
                    self.people[key, role].add(person)

    def session(self, event: Event) -> None:
        data = event.data
        assert isinstance(data, KintellSessionCompleted)
        self.add(event.companyid, event.time, "sessions_count")
        self.add(event.companyid, event.time, f"{data.session_type}_sessions_count")
        self.add(event.companyid, event.time, "volunteer_minutes", data.duration_minutes)
        self.active(event.companyid, event.time, data.participant_id, data.volunteer_id)

    def rating(self, company: UUID | None, event: Event, rater: UUID | None) -> None:
        for key in _keys(company, event.time):
            self.raters[key].add(rater or UUID(int=0))
        self.add(company, event.time, "ratings_count")
        self.add(company, event.time, "rating_sum", event.data.rating)

    def rows(self) -> dict[Key, dict[str, Any]]:
        counts = (
            "sessions_count", "language_sessions_count", "mentorship_sessions_count", "ratings_count",
            "rating_sum", "enrollments_count", "buddy_matches_count", "courses_completed_count",
        )  # fmt: skip
        rows = {}
        for key, numbers in self.numbers.items():
            row: dict[str, Any] = {name: numbers[name] for name in counts}
            row["volunteer_hours"] = numbers["volunteer_minutes"] / 60
            row["avg_rating"] = row["rating_sum"] / row["ratings_count"] if row["ratings_count"] else None
            if row["ratings_count"] and self.is_withheld(key):
                row["rating_sum"] = row["avg_rating"] = None
            for role in ("participants_count", "volunteers_count"):
                row[role] = len(self.people[key, role])
            rows[key] = row
        return rows

    def is_withheld(self, key: Key) -> bool:
        """Whether fewer than five people rated in the period or, of a month, in a month of its quarter."""
        company, period = key
        quarter = _quarter_of(period)
        alike = [k for k in self.raters if k[0] == company and _quarter_of(k[1]) == quarter]
        same_grain = [k for k in alike if ("Q" in k[1]) == ("Q" in period)]
        return any(len(self.raters[k]) < 5 for k in same_grain)


def _quarter_of(period: str) -> str:
    return period if "Q" in period else f"{period[:4]}-Q{(int(period[5:]) + 2) // 3}"


def _keys(company: UUID | None, moment: datetime) -> list[Key]:
    if company is None:
        return []
    return [
        (company, f"{moment:%Y-%m}"),
        (company, f"{moment.year}-Q{(moment.month + 2) // 3}"),
    ]
