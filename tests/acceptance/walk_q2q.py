"""Texts into numbers: which language a text is in, which version serves since when, and how good it is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from nlp.evaluation.labelled import load
from nlp.labels import LANGUAGES
from nlp.language import detect_many
from tests.acceptance.conftest import until
from tests.acceptance.programme import Reader

RIGHT_SHARE = 0.95
EVALUATION_S = 300.0  # an evaluation starts by itself within a minute, and waits for what else Dagster runs


def test_languages_are_told_apart() -> None:
    """On texts that were written to label them, by people who did not make the detector."""
    items = load("proof_v3", "all").items
    found = detect_many([item.content for item in items])
    asked, right = (
        Counter(item.language for item in items),
        Counter(
            item.language for item, one in zip(items, found, strict=True) if one.language == item.language
        ),
    )
    assert set(asked) == set(LANGUAGES)
    shares = {language: right[language] / asked[language] for language in LANGUAGES}
    assert min(shares.values()) >= RIGHT_SHARE, shares


def test_the_version_that_serves_is_on_record_with_its_time(admin: Reader) -> None:
    until(lambda: _serving(admin), within_s=EVALUATION_S, what="a version passes its evaluation and serves")
    [serving] = _serving(admin)
    assert serving["has_passed"] is True
    since = datetime.fromisoformat(serving["serving"]["serving_from"])
    assert since >= datetime.fromisoformat(serving["effective_from"])
    assert since <= datetime.now(UTC)
    before = (since - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    earlier = [one for one in admin.items(f"/v1/q2q/models?at={before}") if one["is_serving"]]
    assert serving["model_id"] not in {one["model_id"] for one in earlier}


def test_every_label_has_its_f1_in_every_language(admin: Reader) -> None:
    until(lambda: _serving(admin), within_s=EVALUATION_S, what="a version passes its evaluation and serves")
    [serving] = _serving(admin)
    evaluation = next(
        one for one in admin.items("/v1/q2q/evaluations") if one["evaluation_id"] == serving["evaluation_id"]
    )
    languages = evaluation["figures"]["languages"]
    assert set(languages) == set(LANGUAGES)
    for language, figures in languages.items():
        assert figures["labels"], language
        for label, said in figures["labels"].items():
            # Null where a version answers nothing, and it says so: its coverage is null or 0 there.
            assert "f1" in said, (language, label)
            assert said["f1"] is None or 0 <= said["f1"] <= 1, (language, label)


def _serving(admin: Reader) -> list[dict[str, object]]:
    return [one for one in admin.items("/v1/q2q/models") if one["is_serving"]]
