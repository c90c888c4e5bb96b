"""Further kinds of facts of the made-up history: hours and gifts, courses, skills of buddies, scores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from ingest.contracts.ai import AiCallRecorded, Q2qScored
from ingest.contracts.buddy import BuddyEventAttended, BuddyMilestoneReached, BuddySkillShareCompleted
from ingest.contracts.external import ExternalDonationMade, ExternalVolunteerLogged
from ingest.contracts.ingested import (
    CompanyMatch,
    IngestDonationMade,
    IngestPlacementCreated,
    IngestVolunteerLogged,
    PlacementOutcome,
)
from ingest.contracts.upskilling import UpskillingCredentialIssued, UpskillingProgressUpdated
from ingest.events import Event, canonical_json, event_id
from tests.warehouse.ids import COMPANIES, id_of

if TYPE_CHECKING:
    from tests.warehouse.history import History

ALIAS = "q2q.analyzed"


def skill_share(history: History, number: int, size: int) -> Event:
    """Within the match of the same number, where both teach, or without one, where the volunteer does."""
    match_id = history.random.choice([None, id_of("match", number)])
    people = list(history.pairs[number]) if match_id else [history.volunteer(), history.participant()]
    if match_id:
        history.random.shuffle(people)
    data = BuddySkillShareCompleted(
        session_id=id_of("skill session", number),
        skill_id=number % 5,
        skill_name=f"Skill {number % 5}",
        skill_category=history.random.choice([None, "craft"]),
        teacher_id=people[0],
        learner_id=people[1],
        match_id=match_id,
        completed_at=history.moment(),
        duration_minutes=history.random.choice([None, 45]),
        sdg_goals=history.random.choice([None, [4, 8]]),
    )
    return history.event(data, f"skill-session/{number}", history.company())


def attendance(history: History, number: int, size: int) -> Event:
    # Subjects of two people at the same event differ; a correction keeps its person.
    person = id_of("participant", number % 12) if number % 3 else id_of("volunteer", number % 7)
    data = BuddyEventAttended(
        event_id=id_of("programme event", number // 4),
        user_id=person,
        match_id=_some_match(history, size),
        event_title="Summer party",
        event_type=history.random.choice(["social", "cultural"]),
        event_format="in-person",
        attended_at=history.moment(),
        duration_minutes=history.random.choice([None, 120]),
        sdg_goals=history.random.choice([None, [11]]),
    )
    return history.event(data, f"attendance/{number}", history.company())


def milestone(history: History, number: int, size: int) -> Event:
    data = BuddyMilestoneReached(
        milestone_id=number % 6,
        user_id=history.participant(),
        milestone_title="First coffee",
        milestone_category=history.random.choice(["onboarding", "language"]),
        reached_at=history.moment(),
        points=history.random.choice([5, 12.5]),
    )
    return history.event(data, f"milestone/{number}", history.company())


def credential(history: History, number: int, size: int) -> Event:
    issued = history.moment()
    data = UpskillingCredentialIssued(
        credential_id=id_of("credential", number),
        user_id=history.participant(),
        provider="ecornell",
        course_id=f"C{number % 4}",
        course_name=f"Course {number % 4}",
        credential_type=history.random.choice(["certificate", "badge"]),
        issued_at=issued,
        expires_at=history.random.choice([None, issued + timedelta(days=365)]),
    )
    return history.event(data, f"credential/ecornell/{number}", history.company())


def progress(history: History, number: int, size: int) -> Event:
    status = history.random.choice(["enrolled", "in_progress", "completed", "dropped"])
    data = UpskillingProgressUpdated(
        progress_id=id_of("course progress", number),
        user_id=id_of("participant", number % 12),
        provider="itslearning",
        course_id=f"C{number % 4}",
        course_name=f"Course {number % 4}",
        progress_percent=history.random.randrange(0, 101, 5),
        status=status,
        # Few moments, so that some reports correct one of the same moment and most tell a new state.
        updated_at=history.moment().replace(day=1, hour=0, minute=0),
    )
    return history.event(data, f"progress/{number}", history.company())


def volunteering(history: History, number: int, size: int) -> Event:
    company = history.random.choice([*COMPANIES, None])
    if history.random.random() < 0.4:
        announced = ExternalVolunteerLogged(
            source="benevity", source_id=f"V-{number}", user_id=history.volunteer(),
            company_id=company or COMPANIES[0], activity_name="Announced",
            hours_logged=history.random.choice([1, 2.5]), activity_date=history.moment(),
        )  # fmt: skip
        return history.event(announced, f"volunteering/benevity/V-{number}", company)
    data = IngestVolunteerLogged(
        source_system="benevity",
        source_id=f"V-{number}",
        user_id=history.volunteer(),
        company_id=company or COMPANIES[0],
        activity_name="Homework help",
        activity_type=history.random.choice(["skills_volunteering", "pro_bono"]),
        hours_logged=history.random.choice([0, 1.5, 3, 7.25]),
        activity_date=history.moment(),
        cause_area=history.random.choice([None, "education"]),
        sdg_goals=history.random.choice([None, [4]]),
        verified=history.random.random() < 0.5,
    )
    return history.event(data, f"volunteering/benevity/V-{number}", company)


def donation(history: History, number: int, size: int) -> Event:
    company = history.random.choice([*COMPANIES, None])
    amount = history.random.choice([100, 250.5, 1000])
    currency = history.random.choice(["NOK", "USD"])
    if history.random.random() < 0.4:
        announced = ExternalDonationMade(
            source="goodera", source_id=f"D-{number}", user_id=history.volunteer(),
            company_id=company or COMPANIES[0], amount=amount, currency=currency,
            donation_date=history.moment(),
        )  # fmt: skip
        return history.event(announced, f"donation/goodera/D-{number}", company)
    data = IngestDonationMade(
        source_system="goodera",
        source_id=f"D-{number}",
        user_id=history.volunteer(),
        company_id=company or COMPANIES[0],
        donation_type="one_time",
        amount=amount,
        currency=currency,
        amount_usd=history.random.choice([None, 24.75]),
        donation_date=history.moment(),
        company_match=history.random.choice(
            [
                None,
                CompanyMatch(matched=False, match_amount=50),
                CompanyMatch(matched=True),
                CompanyMatch(matched=True, match_amount=50),
                CompanyMatch(matched=True, match_ratio=0.5),
            ]
        ),
    )
    return history.event(data, f"donation/goodera/D-{number}", company)


def placement(history: History, number: int, size: int) -> Event:
    outcome = history.random.choice([None, PlacementOutcome(successful=True, rating=4.5), PlacementOutcome()])
    data = IngestPlacementCreated(
        source_system="job_board",
        source_id=f"P-{number}",
        user_id=history.participant(),
        placement_type=history.random.choice(["job_placement", "internship", "mentorship_match"]),
        placement_date=history.moment(),
        status=history.random.choice(["active", "completed", "terminated"]),
        outcome=outcome,
    )
    return history.event(data, f"placement/job_board/P-{number}", history.company())


def score(history: History, number: int, size: int) -> Event:
    """Under the type's own name or under its other one: both tell of the same score."""
    text = id_of("text", number // 2)
    dimension = history.random.choice(["confidence", "belonging", "well_being"])
    data = Q2qScored(
        text_id=text,
        text_type="kintell_feedback",
        user_id=history.random.choice([None, history.participant()]),
        dimension=dimension,
        score=history.random.choice([0.2, 0.5, 0.8]),
        confidence=history.random.choice([0.6, 0.9]),
        method="rule_based",
        model_version=history.random.choice(["rules-1", "rules-2"]),
        prompt_version=history.random.choice([None, "v2.1"]),
        text_sha256="ab" * 32,
        language="uk",
        scored_at=history.moment(),
        written_at=history.random.choice([None, history.moment()]),
    )
    event = history.event(data, f"score/{text}/{dimension}", history.company())
    if history.random.random() < 0.3:
        other = event_id(ALIAS, event.subject, canonical_json(event.data))
        event = msgspec.structs.replace(event, type=ALIAS, id=other)
    return event


def ai_call(history: History, number: int, size: int) -> Event:
    company = history.company()
    data = AiCallRecorded(
        call_id=id_of("call", number),
        company_id=company,
        model_version="claude-3-5-sonnet-20241022",
        purpose=history.random.choice(["q2q_scoring", "report"]),
        input_tokens=history.random.randrange(100, 5000),
        output_tokens=history.random.randrange(10, 500),
        cost_usd=history.random.choice([0.0123, 0.25]),
        called_at=history.moment(),
    )
    return history.event(data, f"ai-call/{id_of('call', number)}", company)


FURTHER_KINDS: tuple[Callable[[History, int, int], Event], ...] = (
    skill_share, attendance, milestone, credential, progress, volunteering, donation, placement, score,
    ai_call,
)  # fmt: skip


def _some_match(history: History, size: int) -> UUID | None:
    return history.random.choice([None, id_of("match", history.random.randrange(size))])
