"""Bodies as Kintell and the buddy system send them, each about people and matches of its own."""

from __future__ import annotations

import uuid
from typing import Any

from tests.ingest.arrangements import NOW, email, iso, unique


def nested(**changes: Any) -> dict[str, Any]:
    return {
        "event_type": "session.completed", "session_id": unique("LS"), "session_type": "language",
        "participant": {"email": email(), "kintell_id": unique("K")}, "mentor": {"kintell_id": unique("K")},
        "scheduled_at": "2025-10-02T16:00:00Z", "completed_at": "2025-10-02T16:47:00Z",
        "duration_minutes": 47,
    } | changes  # fmt: skip


def buddy_body(type_: str, data: dict[str, Any], **envelope: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "version": "v1",
        "type": type_,
        "timestamp": iso(NOW),
        "data": data,
    } | envelope


class Pair:
    """A match of two people, as the buddy system calls them."""

    def __init__(self) -> None:
        self.match, self.participant, self.buddy = (str(uuid.uuid4()) for _ in range(3))

    def created(self) -> dict[str, Any]:
        return buddy_body("buddy.match.created", {
            "matchId": self.match, "participantId": self.participant, "buddyId": self.buddy,
            "matchedAt": "2025-03-01T10:00:00Z",
            "matchingCriteria": {"language": "uk", "interests": ["chess"]},
        })  # fmt: skip

    def each_type(self) -> dict[str, dict[str, Any]]:
        """A body of every other type."""
        at = "2025-06-20T10:00:00Z"
        bodies = {
            "buddy.match.ended": {
                "matchId": self.match, "participantId": self.participant, "buddyId": self.buddy,
                "endedAt": at, "duration": 7, "reason": "completed",
            },
            "buddy.event.logged": {
                "eventId": unique("e"), "matchId": self.match, "eventType": "hangout", "eventDate": at,
                "attendees": [self.participant, self.buddy],
            },
            "buddy.event.attended": {
                "eventId": unique("e"), "userId": self.participant, "eventTitle": "Walk",
                "eventType": "social", "eventFormat": "in-person", "attendedAt": at,
                "matchId": self.match, "sdgGoals": [4, 11],
            },
            "buddy.checkin.completed": {
                "checkinId": unique("c"), "matchId": self.match, "checkinDate": at, "mood": "great",
                "notes": "Fint", "questionResponses": {"q1": 4},
            },
            "buddy.feedback.submitted": {
                "feedbackId": unique("f"), "matchId": self.match, "fromRole": "participant", "rating": 0.8,
                "submittedAt": at, "categories": {"helpfulness": 1},
            },
            "buddy.skill_share.completed": {
                "sessionId": unique("s"), "skillId": 7, "skillName": "Cooking", "teacherId": self.buddy,
                "learnerId": self.participant, "completedAt": at, "matchId": self.match,
            },
            "buddy.milestone.reached": {
                "milestoneId": 3, "userId": self.participant, "milestoneTitle": "First month",
                "milestoneCategory": "onboarding", "reachedAt": at, "points": 10,
            },
        }  # fmt: skip
        return {type_: buddy_body(type_, data) for type_, data in bodies.items()}
