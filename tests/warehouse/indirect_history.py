"""People whose numbers change although nothing that arrives names them, in two deliveries.

Nobody here is in any other history, so what the second delivery does to them is all that happens to them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ingest.contracts.ai import Q2qScored
from ingest.contracts.buddy import BuddyMatchCreated, BuddySkillShareCompleted
from ingest.contracts.kintell import KintellSessionCompleted
from ingest.events import Event
from tests.warehouse.ids import COMPANIES, id_of

if TYPE_CHECKING:
    from tests.warehouse.history import History

TEACHER, LEARNER, NEWCOMER, SCORED, MET = (id_of("indirect", number) for number in range(5))
BEFORE, AFTER = datetime(2025, 11, 11, 12, tzinfo=UTC), datetime(2026, 2, 11, 12, tzinfo=UTC)


def indirect_history(history: History) -> tuple[list[Event], list[Event]]:
    """What is there first, and what follows.

    - A match makes the one who learnt a buddy: so the other, whom it does not name, taught as a participant.
    - A second score says how far somebody has come: so does the volunteer who met that person.
    """
    taught = BuddySkillShareCompleted(
        session_id=id_of("skill session", -1), skill_id=1, skill_name="Skill 1", teacher_id=TEACHER,
        learner_id=LEARNER, completed_at=BEFORE, duration_minutes=45,
    )  # fmt: skip
    met = KintellSessionCompleted(
        session_id=id_of("session", -1), external_session_id="LS-indirect", session_type="mentorship",
        participant_id=SCORED, volunteer_id=MET, scheduled_at=AFTER - timedelta(hours=1), completed_at=AFTER,
        duration_minutes=60,
    )  # fmt: skip
    matched = BuddyMatchCreated(
        match_id=id_of("match", -1), participant_id=NEWCOMER, buddy_id=LEARNER, matched_at=AFTER
    )
    first = [
        history.event(taught, "skill-session/indirect", COMPANIES[0]),
        history.event(met, "session/LS-indirect", COMPANIES[0]),
        _score(history, "before", 0.2, BEFORE),
    ]
    return first, [
        history.event(matched, "match/indirect", COMPANIES[0]),
        _score(history, "after", 0.8, AFTER),
    ]


def _score(history: History, text: str, score: float, scored_at: datetime) -> Event:
    data = Q2qScored(
        text_id=id_of(f"text {text}", -1), text_type="kintell_feedback", user_id=SCORED,
        dimension="confidence", score=score, confidence=0.9, method="rule_based", model_version="rules-1",
        text_sha256="ab" * 32, language="uk", scored_at=scored_at, written_at=scored_at,
    )  # fmt: skip
    return history.event(data, f"score/indirect-{text}/confidence", COMPANIES[0])
