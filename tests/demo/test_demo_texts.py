"""The feedback texts are varied enough to stand for what people write, and never contradict themselves."""

from __future__ import annotations

import re

import pytest

from orchestration.demo import texts
from orchestration.demo.texts import LANGUAGES, TONES, Voice, compose, sentences
from orchestration.demo.window import chance

SIGNALS = {
    "job_search", "skills_gained", "networking", "resume_improvement", "interview_prep", "certification",
    "portfolio_building", "career_goal_setting",
}  # fmt: skip
RISKS = {
    "isolation", "frustration", "disengagement", "anxiety", "dropout_indication", "confusion",
    "negative_self_talk", "lack_of_support",
}  # fmt: skip
DIMENSIONS = {
    "confidence_increase", "confidence_decrease", "belonging_increase", "belonging_decrease", "language_low",
    "language_medium", "language_high",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_at_least_120_different_sentences_over_all_labels_topics_and_tones(language):
    corpus = sentences(language)
    assert len({s.text for s in corpus if not s.form}) >= 120
    assert len({s.text for s in corpus}) == len(corpus)
    assert set().union(*(s.labels for s in corpus)) == SIGNALS | RISKS | DIMENSIONS
    assert set().union(*(s.topics for s in corpus)) >= {"CV", "interview", "PM", "dev"}
    assert {s.tone for s in corpus} == set(TONES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_tidy_and_name_no_one(language):
    for sentence in sentences(language):
        text = sentence.text
        assert text == " ".join(text.split())
        assert text[-1] in ".!"
        assert not re.search(r"@|https?:|\d{5,}", text), text


def test_ukrainian_is_in_ukrainian_letters_and_norwegian_in_norwegian_ones():
    ukrainian = " ".join(s.text for s in sentences("uk"))
    assert not set(ukrainian.lower()) & set("ыэъё")
    assert set("іїєґ") - {"ґ"} <= set(ukrainian.lower())
    norwegian = " ".join(s.text for s in sentences("no"))
    assert not set(norwegian.lower()) & set("äößїі")


def test_norwegian_has_both_written_forms_and_a_text_keeps_to_one():
    nynorsk = {s.text for s in sentences("no") if s.form == "nynorsk"}
    assert len(nynorsk) >= 20
    rng = chance(1)
    for tone in TONES:
        for _ in range(100):
            text = compose(rng, Voice("no", form="nynorsk"), "language", tone)
            assert not re.search(r"\b(jeg|ikke|hjemme|hvordan)\b", text.lower()), text


def test_a_man_does_not_write_of_himself_as_a_woman():
    rng = chance(2)
    feminine = re.compile(r"\b(була|почувалася|навчилася|впевнена|втомлена|сама)\b")
    for _ in range(500):
        text = compose(rng, Voice("uk", gender="m"), "mentorship", rng.choice(TONES))
        assert not feminine.search(text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_never_claims_two_opposite_things(language):
    by_text = {s.text: s for s in sentences(language)}
    rng = chance(3)
    seen_long = 0
    for _ in range(2_000):
        text = compose(
            rng, Voice(language), rng.choice(("language", "mentorship", "buddy")), rng.choice(TONES)
        )
        labels = [s.labels for sentence, s in by_text.items() if sentence in text]
        seen_long += len(labels) > 3
        said = set().union(*labels) if labels else set()
        assert not {"confidence_increase", "confidence_decrease"} <= said, text
        assert not {"belonging_increase", "belonging_decrease"} <= said, text
        assert len(said & {"language_low", "language_medium", "language_high"}) <= 1, text
    assert seen_long > 100


def test_lengths_spread_from_two_words_to_several_sentences():
    rng = chance(4)
    words = [
        len(compose(rng, Voice(rng.choice(LANGUAGES)), "language", rng.choice(TONES)).split())
        for _ in range(3_000)
    ]
    assert min(words) <= 2
    assert max(words) >= 40
    assert 5 <= sorted(words)[len(words) // 2] <= 20


def test_every_writer_finds_something_to_say_in_every_tone():
    rng = chance(5)
    for language in LANGUAGES:
        for form in ("", "nynorsk") if language == "no" else ("",):
            for context in ("language", "mentorship", "buddy"):
                for tone in TONES:
                    for gender in "fm":
                        assert compose(rng, Voice(language, gender, form), context, tone)
    for tone in ("positive", "neutral", "negative"):
        for context in ("volunteer", "local buddy"):
            assert compose(rng, Voice("no"), context, tone)
            assert compose(rng, Voice("en"), context, tone)


def test_the_composer_knows_each_label_it_must_not_combine():
    known = set().union(*(s.labels for language in LANGUAGES for s in sentences(language)))
    assert set().union(*texts._OPPOSITES) <= known
