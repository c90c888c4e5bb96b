"""A cleared text gets one score per model, whatever is repeated or killed; another gets none."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.scoring import scoring
from orchestration.scoring.announcing import announce
from orchestration.scoring.models import NoModelError, classifiers, model_in_force
from orchestration.scoring.scoring import Report, score_days
from orchestration.scoring.texts import Days, waiting_days
from tests.nlp.registries import entry, evaluated, file_of, shadow
from tests.scoring.conftest import PERSON, KeywordClassifier, Warehouse


def score(
    warehouse: Warehouse, classifier: KeywordClassifier, days: Days | None = None, **options: Any
) -> Report:
    return score_days(warehouse.client, classifier, days or warehouse.days, run="test", **options)


def test_a_cleared_text_becomes_a_row_and_an_event_per_decided_dimension(
    warehouse: Warehouse, classifier: KeywordClassifier
) -> None:
    text = warehouse.clear("Now I feel confident, [NAME_1]", warehouse.noon, sha256="cd" * 32)
    report = score(warehouse, classifier)
    [row] = warehouse.rows(classifier.model_version)
    assert row["scores"] == {"confidence": 0.8, "well_being": 0.9}
    assert row["confidences"] == {"confidence": 0.8, "well_being": 1.0}
    assert row["evidence"] == [
        {"label": "confidence_increase", "start": 11, "end": 20, "snippet": "confident", "reason": "word"}
    ]
    assert json.loads(row["labels"])["belonging_increase"] is None
    assert (row["prompt_sha256"], row["cost_microdollars"], row["is_shadow"]) == ("ab" * 32, 7, False)
    assert [event["subject"] for event in warehouse.events()] == [
        f"score/{text}/confidence",
        f"score/{text}/well_being",
    ]
    data = warehouse.events()[0]["data"]
    assert data["writtenAt"] == f"{warehouse.noon:%Y-%m-%dT%H:%M:%SZ}"
    assert (data["userId"], data["textSha256"], data["score"]) == (str(PERSON), "cd" * 32, 0.8)
    assert (report.scored_count, report.score_count) == (1, 2)
    assert "confident" not in json.dumps(data)


def test_other_days_other_languages_and_withdrawn_texts_are_not_scored(
    warehouse: Warehouse, classifier: KeywordClassifier
) -> None:
    warehouse.clear("The day before", warehouse.days.first - timedelta(milliseconds=1))
    warehouse.clear("The day after", warehouse.days.end)
    warehouse.clear("Dziękuję bardzo", warehouse.noon, language="other")
    gone = warehouse.clear("Held later", warehouse.noon)
    warehouse.clear("", warehouse.noon, text_id=gone, withdrawn=True)
    first = warehouse.clear("The first moment", warehouse.days.first)
    score(warehouse, classifier)
    assert [row["text_id"] for row in warehouse.rows(classifier.model_version)] == [first]


def test_scoring_again_changes_nothing_and_asks_nobody(
    warehouse: Warehouse, classifier: KeywordClassifier
) -> None:
    warehouse.clear("I am confident", warehouse.noon)
    score(warehouse, classifier)
    before = warehouse.rows(classifier.model_version), warehouse.events()
    asked = len(classifier.seen)
    assert score(warehouse, classifier).scored_count == 0
    assert (warehouse.rows(classifier.model_version), warehouse.events()) == before
    assert len(classifier.seen) == asked


def test_a_day_is_replaced_as_a_whole_when_asked(warehouse: Warehouse, classifier: KeywordClassifier) -> None:
    warehouse.clear("I am confident", warehouse.noon)
    score(warehouse, classifier)
    assert score(warehouse, classifier, everything=True).scored_count == 1
    assert len(warehouse.rows(classifier.model_version)) == 1
    assert [event["versions"] for event in warehouse.events()] == [2, 2]


def test_a_corrected_text_is_scored_anew_and_counts_once(
    warehouse: Warehouse, classifier: KeywordClassifier
) -> None:
    text = warehouse.clear("I am confident", warehouse.noon)
    score(warehouse, classifier)
    warehouse.clear("I feel alone", warehouse.noon, text_id=text)
    score(warehouse, classifier)
    [row] = warehouse.rows(classifier.model_version)
    assert row["scores"] == {"confidence": 0.5, "well_being": 0.75}
    assert [event["data"]["score"] for event in warehouse.events()] == [0.5, 0.75]


def test_the_score_of_a_withdrawn_text_is_withdrawn_with_its_words(
    warehouse: Warehouse, classifier: KeywordClassifier
) -> None:
    text = warehouse.clear("I am confident", warehouse.noon)
    score(warehouse, classifier)
    warehouse.clear("", warehouse.noon, text_id=text, withdrawn=True)
    assert score(warehouse, classifier).withdrawn_count == 1
    assert warehouse.rows(classifier.model_version) == []
    assert score(warehouse, classifier).withdrawn_count == 0


def test_a_failure_is_no_score_and_the_next_run_asks_for_it_alone(
    warehouse: Warehouse, classifier: KeywordClassifier
) -> None:
    warehouse.clear("I am confident", warehouse.noon)
    warehouse.clear("The provider is down", warehouse.noon)
    classifier.fails_on = "down"
    report = score(warehouse, classifier)
    assert (report.scored_count, report.failures) == (1, {"again": 1})
    assert len(warehouse.rows(classifier.model_version)) == 1
    classifier.fails_on, classifier.seen = "\0", []
    assert score(warehouse, classifier).scored_count == 1
    assert classifier.seen == ["The provider is down"]


@pytest.mark.parametrize("killed_at", ["_insert", "insert_events"])
def test_a_run_killed_anywhere_is_taken_up_where_it_stopped(
    warehouse: Warehouse, classifier: KeywordClassifier, monkeypatch: pytest.MonkeyPatch, killed_at: str
) -> None:
    for number in range(5):
        warehouse.clear(f"I am confident {number}", warehouse.noon + timedelta(minutes=number))
    monkeypatch.setattr(scoring, "_GROUP", 2)
    real, calls = getattr(scoring, killed_at), []

    def killed(*arguments: Any, **options: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*arguments, **options)

    monkeypatch.setattr(scoring, killed_at, killed)
    with pytest.raises(KeyboardInterrupt):
        score(warehouse, classifier)
    done = len(warehouse.rows(classifier.model_version))
    assert 0 < done < 5
    monkeypatch.setattr(scoring, killed_at, real)
    classifier.seen.clear()
    assert score(warehouse, classifier).scored_count == 5 - done
    assert len(warehouse.rows(classifier.model_version)) == 5
    assert len(warehouse.events()) == 10


def test_a_shadow_scores_without_effect(
    warehouse: Warehouse, classifier: KeywordClassifier, postgres: psycopg.Connection
) -> None:
    warehouse.clear("I am confident", warehouse.noon)
    report = score(warehouse, classifier, is_shadow=True)
    [row] = warehouse.rows(classifier.model_version)
    assert row["is_shadow"]
    assert warehouse.events() == []
    assert report.companies == {}


def test_a_new_prompt_scores_anew(warehouse: Warehouse, classifier: KeywordClassifier) -> None:
    warehouse.clear("I am confident", warehouse.noon)
    warehouse.clear("Я тут", warehouse.noon, language="uk")
    classifier.prompts = {"en": "ab" * 32, "uk": "ab" * 32}
    assert score(warehouse, classifier).scored_count == 2
    assert score(warehouse, classifier).scored_count == 0
    classifier.prompts["uk"] = "ef" * 32  # what the other language is asked with stays
    assert score(warehouse, classifier).scored_count == 1


def test_each_company_hears_once_of_a_run_in_numbers_alone(
    warehouse: Warehouse, classifier: KeywordClassifier, postgres: psycopg.Connection
) -> None:
    warehouse.clear("I am confident", warehouse.noon)
    warehouse.clear("I feel alone", warehouse.noon + timedelta(minutes=5))
    report = score(warehouse, classifier)
    run = f"run-{classifier.model_version}"
    announce(postgres, report, run)
    announce(postgres, report, run)
    found = postgres.execute(
        "select name, data from serving.announcements where company_id = %s", (warehouse.company_id,)
    ).fetchall()
    assert found == [
        (
            "q2q.scored",
            {
                "textCount": 2,
                "scoreCounts": {"confidence": 2, "well_being": 2},
                "modelVersion": classifier.model_version,
                "writtenFrom": warehouse.noon.isoformat(),
                "writtenUntil": (warehouse.noon + timedelta(minutes=5)).isoformat(),
            },
        )
    ]


def test_days_with_waiting_texts_are_found_until_they_are_scored(
    warehouse: Warehouse, classifier: KeywordClassifier, clickhouse: ClickHouseClient
) -> None:
    warehouse.clear("I am confident", warehouse.noon)
    found = waiting_days(clickhouse, classifier.model_version)
    assert found is not None
    assert found.first <= warehouse.noon.date() <= found.last
    everything = Days(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    score(warehouse, classifier, everything)
    assert waiting_days(clickhouse, classifier.model_version) is None


def test_the_registry_decides_who_scores_and_nobody_scores_without_it(
    postgres: psycopg.Connection, classifier: KeywordClassifier
) -> None:
    from nlp.registry.promotion import sync

    lane = classifier.model_version
    makers = {lane: lambda entry: KeywordClassifier(entry.model_id)}
    with pytest.raises(NoModelError, match=f"no model of {lane} is in force"):
        model_in_force(postgres, datetime.now(UTC), makers)
    serving, beside = entry(lane, "one"), shadow(lane, "beside")
    models = file_of(serving, beside)
    sync(postgres, models, actor="test")
    evaluated(postgres, serving)
    sync(postgres, models, actor="test")
    later = datetime.now(UTC) + timedelta(seconds=1)
    chosen = classifiers(postgres, later, makers, models.entries)
    assert chosen.serving.model_version == f"{lane}-one"
    assert [one.model_version for one in chosen.shadows] == [f"{lane}-beside"]
