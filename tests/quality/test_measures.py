"""What a batch is judged by is counted right, on the real stores, whatever its size."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

import psycopg
import pytest

from ingest.backfill.gate import LandedBatch
from ingest.quality import measures
from ingest.quality.measures import measure

NOW = datetime.now(UTC).replace(microsecond=0)


class Landing(Protocol):
    """See `conftest.py`."""

    batch_id: UUID
    postgres: psycopg.Connection

    def event(self, data: dict[str, Any], **other: Any) -> None: ...
    def batch(self, **counts: Any) -> LandedBatch: ...


def test_counts_are_shares_of_the_file(landing: Landing) -> None:
    for _ in range(8):
        landing.event({})
    values = measure(
        landing.batch(
            total_rows=20, success_rows=8, error_rows=10, skipped_rows=2, event_count=16, warnings={"W001": 4}
        )
    ).values
    assert (values["row_count"], values["event_count"], values["landed_share"]) == (20, 8, 0.5)
    assert (values["rejected_share"], values["repeated_share"]) == (0.5, 0.1)
    assert values["unknown_match_share"] == 0.5


def test_ranges_means_and_the_rows_to_look_at(landing: Landing) -> None:
    for rating in (0.25, 0.5, 1.5):
        landing.event({"rating": rating})
    for minutes in (0, 30, 60, 90, 9000):
        landing.event({"durationMinutes": minutes}, event_type="kintell.session.completed")
    landing.event({"duration": 4000}, event_type="buddy.match.ended")
    landing.event({"finalScore": 73.5}, event_type="upskilling.course.completed")
    found = measure(landing.batch())
    values = found.values
    assert (values["rating_lowest"], values["rating_highest"], values["rating_mean"]) == (0.25, 1.5, 0.75)
    assert (values["minutes_lowest"], values["minutes_median"], values["minutes_highest"]) == (0, 60, 9000)
    assert (values["days_highest"], values["score_lowest"], values["score_highest"]) == (4000, 73.5, 73.5)
    assert found.example_rows["rating_highest"] == [3]
    assert sorted(found.example_rows["minutes_highest"]) == [4, 8]


def test_what_a_batch_does_not_have_is_not_measured(landing: Landing) -> None:
    landing.event({}, event_type="buddy.event.logged")
    values = measure(landing.batch()).values
    absent = {
        "rating_mean", "minutes_median", "reversed_share", "known_people_share", "damaged_text_share",
        "expected_language_share", "score_highest", "days_highest",
    }  # fmt: skip
    assert absent <= {name for name, value in values.items() if value is None}


def test_a_batch_without_events_has_only_counts(landing: Landing) -> None:
    values = measure(landing.batch(total_rows=3, error_rows=3)).values
    assert (values["row_count"], values["rejected_share"], values["landed_share"]) == (3, 1, 1)
    assert not {"rating_mean", "oldest_years", "company_share"} & set(values)


def test_times_out_of_order_and_in_the_future(landing: Landing) -> None:
    ahead = NOW + timedelta(days=3)
    landing.event({"scheduledAt": "2026-09-01T10:00:00Z", "completedAt": "2026-09-01T10:45:00.5Z"})
    landing.event({"scheduledAt": "2026-09-01T10:00:00Z", "completedAt": "2026-09-01T09:45:00Z"})
    landing.event(
        {"enrollmentDate": "2026-09-01T10:00:00Z", "completedAt": "2025-09-01T09:45:00Z"}, event_time=ahead
    )
    landing.event(
        {"scheduledAt": ahead.isoformat()}, event_time=ahead, event_type="kintell.session.scheduled"
    )
    found = measure(landing.batch())
    assert found.values["reversed_share"] == pytest.approx(2 / 3)
    assert found.example_rows["reversed_share"] == [2, 3]
    assert found.values["future_share"] == 0.25


@pytest.mark.parametrize("ids_at_once", [3, 1000])
def test_repeated_ids_and_facts_are_found_in_one_pass_or_many(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, ids_at_once: int
) -> None:
    monkeypatch.setattr(measures, "IDS_AT_ONCE", ids_at_once)
    twice = uuid4()
    for _ in range(2):
        landing.event({}, event_id=twice, subject="session/1")
    landing.event({}, subject="session/1")
    landing.event({}, subject="session/1", event_type="kintell.session.completed")
    for _ in range(6):
        landing.event({})
    values = measure(landing.batch()).values
    assert (values["repeated_event_share"], values["repeated_fact_share"]) == (0.1, 0.2)


def test_reports_on_a_course_at_different_moments_are_no_repetition(landing: Landing) -> None:
    for hours in (1, 2, 2):
        landing.event(
            {}, subject="progress/1", event_type="upskilling.progress.updated",
            event_time=NOW - timedelta(hours=hours),
        )  # fmt: skip
    landing.event({})
    assert measure(landing.batch()).values["repeated_fact_share"] == 0.25


def test_people_are_known_if_they_came_before_the_batch(landing: Landing) -> None:
    def person(**columns: Any) -> UUID:
        return landing.postgres.execute(
            "insert into ingest.people (status, created_at) values (%(status)s, %(at)s) returning person_id",
            {"status": "pending", "at": NOW, **columns},
        ).fetchall()[0][0]

    landing.postgres.execute(
        "insert into ingest.batches (batch_id, file_name, file_sha256, file_bytes, file_format,"
        " source_system, created_at) values (%s, 'x.csv', %s, 1, 'x', 'manual', %s)",
        (landing.batch_id, landing.batch_id.bytes, NOW - timedelta(minutes=1)),
    )
    earlier = person(at=NOW - timedelta(days=9))
    introduced, stranger, volunteer = person(status="known"), person(), person(at=NOW - timedelta(days=9))
    landing.event({"volunteerId": str(volunteer)}, person_id=earlier)
    landing.event({"volunteerId": str(volunteer)}, person_id=introduced)
    landing.event({}, person_id=stranger)
    landing.event({})
    assert measure(landing.batch()).values["known_people_share"] == 0.75


def test_languages_are_guessed_by_letters_and_small_words(landing: Landing) -> None:
    texts = [
        "Дуже корисна зустріч, дякую, її поради допомогли",  # Ukrainian
        "Snakket om jobb og hverdag, veldig nyttig",  # Norwegian
        "The talk was useful and we will meet again",  # English
        "Gostei muito da conversa, obrigado pela ajuda",  # undecided: Latin, no sign of either
        "Очень полезный разговор, большое спасибо вам",  # Cyrillic, not Ukrainian
        "今日はとても良い会話でした。ありがとうございました。また会いましょう",  # neither alphabet
        "ok",
    ]
    for text in texts:
        landing.event({"feedbackText": text})
    values = measure(landing.batch()).values
    assert values["expected_language_share"] == pytest.approx(3 / 5)
    assert values["expected_letters_share"] == pytest.approx(6 / 7)
    for language in ("ukrainian", "norwegian", "english"):
        assert values[f"{language}_share"] == pytest.approx(1 / 7)
    assert values["damaged_text_share"] == 0


@pytest.mark.parametrize("encoding", ["cp1251", "cp1252", "latin-1"])
@pytest.mark.parametrize("text", ["Språket går bedre nå", "Дуже корисна зустріч, її поради"])
def test_text_read_in_the_wrong_encoding_is_seen(landing: Landing, text: str, encoding: str) -> None:
    landing.event({"notes": text})
    landing.event({"notes": text.encode().decode(encoding, errors="replace")})
    found = measure(landing.batch())
    assert found.values["damaged_text_share"] == 0.5
    assert found.example_rows["damaged_text_share"] == [2]


def test_a_large_batch_is_sampled_for_its_content_and_counted_whole(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "SAMPLED_EVENTS", 100)
    monkeypatch.setattr(measures, "SAMPLED_TEXTS", 100)
    for number in range(1000):
        landing.event({"rating": number / 1000, "feedbackText": "Snakket om jobb og hverdag"})
    values = measure(landing.batch()).values
    assert (values["event_count"], values["landed_share"], values["repeated_event_share"]) == (1000, 1, 0)
    assert 50 <= values["texts"] <= 100
    assert values["rating_mean"] == pytest.approx(0.5, abs=0.2)
    assert values["norwegian_share"] == 1
