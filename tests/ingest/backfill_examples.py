"""One small file of every format. Of the buddy export's eight, all people are users and all matches known."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import uuid4

BUDDY_EXPORT: dict[str, list[dict[str, object]]] = {
    "users": [
        {"id": "U-{tag}-1", "email": "petro.{tag}@example.org", "first_name": "Petro", "last_name": "M.",
         "role": "participant", "joined_at": "2024-01-02T10:00:00Z", "interests": ["cooking"]},
        {"id": "U-{tag}-2", "email": "Kari.{tag}@example.com", "first_name": "Kari", "last_name": "H.",
         "role": "buddy", "joined_at": "2024-01-03T10:00:00Z", "location": "Oslo"},
    ],
    "matches": [
        {"match_id": "M-{tag}", "participant_id": "U-{tag}-1", "buddy_id": "U-{tag}-2",
         "matched_at": "2024-01-20T10:00:00Z", "status": "ended", "ended_at": "2024-06-20T09:00:00Z",
         "end_reason": "completed", "duration_days": 150, "sessions_completed": 12, "events_attended": None},
    ],
    "events": [
        {"event_id": "E-{tag}", "match_id": "M-{tag}", "event_type": "hangout",
         "event_date": "2024-02-01T18:00:00Z", "description": "Tur \"i\" marka", "attendees":
         ["U-{tag}-1", "U-{tag}-2"]},
    ],
    "event_attendance": [
        {"event_id": "A-{tag}", "user_id": "U-{tag}-1", "match_id": "M-{tag}", "event_title": "Språkkafé",
         "event_type": "language", "event_format": "in-person", "attended_at": "2024-02-02T18:00:00Z",
         "duration_minutes": 90, "attendee_count": 14, "categories": ["language", "coffee"],
         "sdg_goals": [4, 11]},
    ],
    "skill_sessions": [
        {"session_id": "S-{tag}", "skill_id": 7, "skill_name": "Sewing", "teacher_id": "U-{tag}-2",
         "learner_id": "U-{tag}-1", "completed_at": "2024-03-01T12:00:00Z",
         "scheduled_at": "2024-03-01T11:00:00Z", "duration_minutes": 75, "proficiency_level": "beginner",
         "teacher_rating": 0.75, "teacher_comment": "Flink", "learner_comment": "Дякую",
         "learner_progress": "good-progress", "sdg_goals": [4], "valuation_points": 2.5},
    ],
    "checkins": [
        {"checkin_id": "C-{tag}", "match_id": "M-{tag}", "checkin_date": "2024-02-15", "mood": "good",
         "notes": "Vi lagde mat", "question_responses": {"b": 1, "a": "ja"}},
    ],
    "feedback": [
        {"feedback_id": "F-{tag}", "match_id": "M-{tag}", "from_role": "participant", "rating": 0.9,
         "feedback_text": "Bra", "submitted_at": "2024-06-21T10:00:00Z", "communication": 1,
         "engagement": 0.5},
    ],
    "milestones": [
        {"milestone_id": 3, "user_id": "U-{tag}-1", "milestone_title": "First coffee",
         "milestone_category": "buddy-connection", "reached_at": "2024-02-01T18:00:00Z", "points": 10,
         "target_role": "all", "progress": {"current": 1, "total": 1}, "metadata": {"z": 1, "a": None}},
    ],
}  # fmt: skip

_SESSION = (
    "session_id,participant_email,{volunteer},scheduled_at,completed_at,duration_minutes,rating,feedback_text"
)
TABLES: dict[str, tuple[str, str]] = {
    "kintell-language-v1.1": (
        _SESSION.format(volunteer="volunteer_email") + ",language_level,topics,metadata",
        'LS-{tag}-1,p.{tag}@example.org,v.{tag}@example.com,2025-10-02T16:00:00Z,2025-10-02T16:47:00Z,47,4.5,'
        '"Snakket om ""jobb"", nyttig",b1,"work,daily life","{{""room"":""k-17"",""a"":1.50}}"',
    ),
    "kintell-language-v1.0": (
        _SESSION.format(volunteer="volunteer_email") + ",language_level,topics",
        "LS-{tag}-2,p.{tag}@example.org,v.{tag}@example.com,2025-03-02T16:00:00Z,,,,,,",
    ),
    "kintell-mentors-v1.0": (
        _SESSION.format(volunteer="mentor_email") + ",focus_area,goals_discussed",
        "MS-{tag},p.{tag}@example.org,v.{tag}@example.com,2025-09-11T09:30:00+02:00,"
        "2025-09-11T10:15:00+02:00,,5,,career,\"cv,linkedin\"",
    ),
    "kintell-legacy": (
        "session_id,session_type,participant_email,volunteer_email,date,duration_min,rating,feedback_text,"
        "language_level",
        "OLD-{tag},Mentorship,p.{tag}@example.org,v.{tag}@example.com,2024-05-05,50,1,Ok,",
    ),
    "kintell-users-lfu": (
        'Email,Name,Linkedin_URL,Verification_status,"Role when joined",grant_access,Joined_kg_at',
        '"p.{tag}@example.org","Petro M.","https://example.org/in/p","verified","""Learner""",'
        '"true","Dec 14, 2024"',
    ),
    "kintell-users-mfu": (
        'Email,Name,Linkedin_URL,Verification_status,"Role when joined",grant_access,Joined_kg_at',
        '"v.{tag}@example.com","Kari","","verified","Mentor","true","Jan 4, 2025"',
    ),
    "enrollments-v1": (
        "participant_email,program_slug,enrolled_at,status,completed_at",
        "p.{tag}@example.org,{slug},2025-03-01T08:00:00Z,completed,2025-06-30T15:00:00Z",
    ),
    "upskilling-completions": (
        "user_email,provider,course_id,course_name,completed_at,final_score,credential_ref",
        'p.{tag}@example.org,ecornell,C-1,"Leadership, part 1",2025-05-01,"87,5",CR-1',
    ),
    "upskilling-credentials": (
        "credential_id,user_email,provider,course_id,course_name,credential_type,issued_at,expires_at,"
        "credential_url,verification_code",
        "CR-{tag},p.{tag}@example.org,ecornell,C-1,Leadership,certificate,2025-05-02,2099-05-02,"
        "https://example.org/c?a=1&b=2,VX-1",
    ),
    "upskilling-progress": (
        "user_email,provider,course_id,course_name,progress_percent,status,updated_at",
        "p.{tag}@example.org,itslearning,C-2,Norwegian,40,in_progress,2025-04-01T08:00:00Z",
    ),
    "volunteering-v1": (
        "source_system,source_id,employee_email,company,activity_name,activity_type,hours,activity_date,"
        "nonprofit_name,cause_area,sdg_goals,verified",
        'benevity,V-{tag},v.{tag}@example.com,{slug},"Homework ""help""",pro_bono,"2,5",2025-05-03,Red Cross,'
        'education,"[4,10]",Yes',
    ),
    "donations-v1": (
        "source_system,source_id,donor_email,company,donation_type,amount,currency,amount_usd,match_amount,"
        "donation_date",
        "goodera,D-{tag},v.{tag}@example.com,{slug},one_time,250.50,nok,24.1,100,2025-05-04T12:00:00+02:00",
    ),
    "placements-v1": (
        "source_system,source_id,participant_email,program_slug,placement_type,placement_date,status,job_title,"
        "job_level,mentor_email,successful,rating",
        "job_board,P-{tag},p.{tag}@example.org,{slug},job_placement,2025-05-05,active,Baker,entry,"
        "v.{tag}@example.com,true,4.5",
    ),
    "buddy-simple": (
        "participant_email,buddy_email,matched_at,status,language,interests,location",
        'p.{tag}@example.org,v.{tag}@example.com,2024-11-20T10:00:00Z,ended,uk,"cooking, hiking",Bergen',
    ),
}  # fmt: skip
FILE_NAMES = {"kintell-users-lfu": "lfu-users.csv", "kintell-users-mfu": "mfu-users.csv"}


@dataclass(frozen=True)
class Examples:
    """The examples with ids of their own."""

    slug: str
    tag: str = ""

    @classmethod
    def of(cls, slug: str) -> Examples:
        return cls(slug, uuid4().hex[:12])

    def csv(self, format_name: str) -> str:
        header, row = TABLES[format_name]
        return f"{header}\n{row}\n".replace("{tag}", self.tag).replace("{slug}", self.slug).replace(
            "{{", "{"
        ).replace("}}", "}")  # fmt: skip

    def buddy_export(self) -> dict[str, list[dict[str, object]]]:
        export: dict[str, list[dict[str, object]]] = json.loads(
            json.dumps(BUDDY_EXPORT).replace("{tag}", self.tag)
        )
        return export
