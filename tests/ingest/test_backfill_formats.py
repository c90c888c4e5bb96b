"""What each format's rows become, and what Postgres keeps beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.backfill import BatchResult
from ingest.events import entity_id
from ingest.people import resolve_people_blocking
from tests.ingest.backfill_files import (
    LanguageFile,
    Programme,
    counts,
    write,
    written,
)


def test_enrolments_decide_the_company_of_what_comes_after(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    tmp_path: Path,
) -> None:
    programme = Programme(postgres, "language_ukraine")
    emails = [f"oksana{number}.{language.tag}@example.org" for number in (1, 2)]
    result = run(
        write(
            tmp_path / "enrollments.csv",
            "participant_email,program_slug,enrolled_at,status,completed_at",
            f"{emails[0]},{programme.slug},2025-09-01T08:00:00Z,active,",
            f"{emails[1]},{programme.slug},2025-03-01T08:00:00Z,completed,2025-06-30T15:00:00Z",
            f"{emails[0]},no-such-programme,2025-09-01T08:00:00Z,dropped,",
        )
    )
    assert counts(result) == (3, 2, 0, 1, 2)
    assert result.errors == {"E012": 1}
    rows = written(clickhouse, result.batch_id)
    assert {row["company_id"] for row in rows} == {programme.company}
    assert {row["subject"] for row in rows} == {
        f"enrollment/{row['person_id']}/{programme.instance}" for row in rows
    }
    assert {json.loads(row["data"])["status"] for row in rows} == {"enrolled", "completed"}
    assert postgres.execute(
        "select status, enrolled_on::text, completed_on::text from ingest.program_enrollments"
        " where program_instance_id = %s order by enrolled_on", (programme.instance,),
    ).fetchall() == [("completed", "2025-03-01", "2025-06-30"), ("enrolled", "2025-09-01", None)]  # fmt: skip
    sessions = run(language.row(1).row(2).write())
    companies = {
        row["subject"].split("-")[-1]: row["company_id"]
        for row in written(clickhouse, sessions.batch_id)
        if row["event_type"] == "kintell.session.completed"
    }
    assert companies == {"1": programme.company, "2": UUID(int=0)}


def test_matches_give_check_ins_events_and_feedback_their_person(
    run: Callable[..., BatchResult],
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    tmp_path: Path,
) -> None:
    tag = uuid4().hex[:12]
    programme = Programme(postgres, "buddy")
    participant, buddy = resolve_people_blocking(
        postgres, "email", [f"p.{tag}@example.org", f"b.{tag}@example.com"]
    ).values()
    postgres.execute(
        "insert into ingest.company_members values (%s, %s, '2024-01-01', null, true)",
        (programme.company, buddy),
    )
    matches = run(
        write(
            tmp_path / "matches.csv",
            "match_id,participant_id,buddy_id,matched_at,status,ended_at,end_reason,duration_days",
            f"M-{tag},p.{tag}@example.org,B.{tag}@example.com,2024-01-20T10:00:00Z,ended,2024-06-20T09:00:00Z,completed,150",
            f"N-{tag},p.{tag}@example.org,b.{tag}@example.com,2024-01-21T10:00:00Z,active,,,",
            f"O-{tag},p.{tag}@example.org,b.{tag}@example.com,2024-01-20T10:00:00Z,ended,,,",
        )
    )
    assert (counts(matches), matches.errors) == ((3, 2, 0, 1, 3), {"E002": 1})
    rows = written(clickhouse, matches.batch_id)
    assert [row["subject"].split("/")[0] for row in rows] == ["match-end", "match", "match"]
    assert {row["company_id"] for row in rows} == {programme.company}
    assert json.loads(rows[0]["data"])["duration"] == 152
    match_id = str(entity_id("buddy", "match", f"M-{tag}"))
    files = {
        "checkins": ("checkin_id,match_id,checkin_date,mood,notes", "2024-02-01,good,Vi lagde mat"),
        "events": ("event_id,match_id,event_type,event_date,description", "hangout,2024-02-01T18:00:00Z,Tur"),
        "feedback": ("feedback_id,match_id,from_role,rating,submitted_at", "participant,0.9,2024-02-01"),
    }
    for name, (header, rest) in files.items():
        result = run(
            write(
                tmp_path / f"{name}.csv", header, f"X-{tag},M-{tag},{rest}", f"Y-{tag},unknown-{tag},{rest}"
            )
        )
        assert (counts(result), result.warnings) == ((2, 2, 0, 0, 2), {"W001": 1}), name
        known, orphan = written(clickhouse, result.batch_id)
        assert (known["person_id"], known["company_id"]) == (participant, programme.company), name
        assert (orphan["person_id"], orphan["company_id"]) == (UUID(int=0), UUID(int=0)), name
        assert json.loads(known["data"])["matchId"] == match_id, name


def test_completed_courses_are_one_per_person_course_and_day(
    run: Callable[..., BatchResult], clickhouse: ClickHouseClient, tmp_path: Path
) -> None:
    email = f"{uuid4()}@example.org"
    result = run(
        write(
            tmp_path / "completions.csv",
            "user_email,provider,course_id,course_name,completed_at,final_score,credential_ref",
            f'{email},ecornell,C-1,"Leadership, part 1",2025-05-01,"87,5",CR-1',
            f"{email},itslearning,C-1,Norsk A2,2025-06-01,,",
            f"{email},itslearning,C-1,Norsk A2,2026-06-01,,",
            f"{email},itslearning,C-2,Norsk B1,2025-07-01,101,",
        )
    )
    assert (counts(result), result.errors) == ((4, 3, 0, 1, 3), {"E008": 1})
    rows = written(clickhouse, result.batch_id)
    assert all(row["subject"] == f"course/{json.loads(row['data'])['progressId']}" for row in rows)
    assert {json.loads(row["data"]).get("finalScore") for row in rows} == {87.5, None}


def test_mentoring_sessions_keep_their_focus(
    run: Callable[..., BatchResult], clickhouse: ClickHouseClient, tmp_path: Path
) -> None:
    tag = uuid4().hex[:12]
    result = run(
        write(
            tmp_path / "mentors.csv",
            "session_id;participant_email;mentor_email;scheduled_at;completed_at;duration_minutes;rating;"
            "feedback_text;focus_area;goals_discussed",
            f"MS-{tag};t.{tag}@example.org;j.{tag}@example.com;2025-09-11T09:30:00+02:00;"
            "2025-09-11T10:15:00+02:00;45;4,5;;career;cv,linkedin",
        )
    )
    assert result.file_format == "kintell-mentors-v1.0"
    rating, session = written(clickhouse, result.batch_id)
    said = json.loads(session["data"])
    assert (said["sessionType"], said["focusArea"], said["goalsDiscussed"]) == (
        "mentorship",
        "career",
        ["cv", "linkedin"],
    )
    assert said["scheduledAt"] == "2025-09-11T07:30:00Z"
    assert json.loads(rating["data"])["rating"] == 0.875
