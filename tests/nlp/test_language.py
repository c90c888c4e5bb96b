"""A language is claimed only where the text shows it; what cannot be told is said to be so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nlp.language import Detection, detect, detect_many
from nlp.language.corpora import OWN, own, part_of
from nlp.language.evaluate import Share, by_hand
from nlp.language.model import FILE, load
from nlp.language.normalise import normalise

EXPECTED = list(by_hand("expected"))
MIXED = list(by_hand("mixed"))
GOOD_IN_BOTH = ["Hvem er det?", "Har du spist?", "Han sov hele dagen.", "Jeg savner familien min."]


@pytest.fixture(scope="module")
def answers() -> dict[str, Detection]:
    texts = [text for _, text in EXPECTED + MIXED]
    return dict(zip(texts, detect_many(texts), strict=True))


@pytest.mark.parametrize(("expected", "text"), EXPECTED, ids=range(len(EXPECTED)))
def test_hard_texts_get_the_expected_answer(answers: dict[str, Detection], expected: str, text: str) -> None:
    assert answers[text].language == expected


@pytest.mark.parametrize(("expected", "text"), MIXED, ids=range(len(MIXED)))
def test_mixed_texts_name_exactly_their_languages(
    answers: dict[str, Detection], expected: str, text: str
) -> None:
    assert answers[text].languages == set(expected.split("+"))


def test_segments_are_runs_of_the_text_as_it_was_given() -> None:
    text = "😀 Thank you very much for the lesson! Дуже дякую за підтри\u200bмку і терпіння."
    found = detect(text)
    parts = [(text[part.start : part.end], part.language) for part in found.segments]
    assert parts == [
        ("Thank you very much for the lesson", "en"),
        ("Дуже дякую за підтри\u200bмку і терпіння", "uk"),
    ]
    assert found.language == "uk"
    assert found.candidates == ("uk", "en")


@pytest.mark.parametrize("text", GOOD_IN_BOTH)
def test_text_that_is_norwegian_and_danish_is_ambiguous_until_the_participant_is_known(text: str) -> None:
    found = detect(text)
    assert (found.language, set(found.candidates), found.supported) == ("ambiguous", {"no", "da"}, None)
    assert detect(text, prior="no").language == "no"


@pytest.mark.parametrize("prior", ["en", "uk", "no"])
def test_a_known_language_never_beats_a_longer_text(prior: str) -> None:
    texts = {
        "Jeg kan godt lide at tale med min frivillige, hun er meget sød": "other:da",
        "Мне очень понравилась эта встреча, я многому научилась": "other:ru",
        "I feel more confident when I speak with my colleagues": "en",
        "Мені дуже сподобалася ця зустріч, я багато чого навчилася": "uk",
        "Jeg tør endelig å snakke norsk med kollegene mine på jobb": "no",
    }
    found = detect_many(list(texts), [prior] * len(texts))  # type: ignore[list-item]
    assert [answer.language for answer in found] == list(texts.values())


@pytest.mark.parametrize(
    "text", ["Спасибо большое!", "Это было хорошо", "Мы много говорили", "Объясни ещё раз"]
)
def test_russian_is_never_silently_ukrainian(text: str) -> None:
    assert detect(text).language != "uk"
    assert detect(text, prior="uk").language != "uk"


def test_short_texts_of_our_own_are_claimed_or_named_as_candidate() -> None:
    judged = [known for known in own("report") if known.language in ("en", "uk", "nb", "nn")]
    found = detect_many([known.text for known in judged])
    kept = [
        answer.language == language or language in answer.candidates
        for answer, language in zip(
            found,
            ({"nb": "no", "nn": "no"}.get(known.language, known.language) for known in judged),
            strict=True,
        )
    ]
    assert len(judged) > 60
    assert all(kept)


def test_answers_do_not_depend_on_the_company_of_other_texts() -> None:
    texts = [known.text for known in own(None)]
    together = detect_many(texts)
    assert [detect(text) for text in texts[::40]] == together[::40]
    assert detect_many(texts[::-1]) == together[::-1]


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\ud800", "\x00", "a" * 20_000, "і" * 20_000, "😀" * 500]
)
def test_no_text_is_too_strange(text: str) -> None:
    assert detect(text).probability >= 0


def test_priors_are_one_per_text() -> None:
    with pytest.raises(ValueError, match="2 texts need as many priors, not 1"):
        detect_many(["a", "b"], ["en"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("жiнка", "жінка"),
        ("дя\u200bкую\ufeff", "дякую"),
        ("п’ять", "п'ять"),
        ("Ви i я", "Ви і я"),
        ("see https://a.no/b?c=d now", "see   now"),
        ("ask <@1234> or @ola", "ask   or  "),
        ("ﬁne", "fine"),
        ("raсe", "race"),  # a Cyrillic с
    ],
)
def test_normalisation_restores_what_was_meant(written: str, meant: str) -> None:
    assert normalise(written) == meant


def test_the_coefficients_say_what_they_were_fitted_on() -> None:
    model = load()
    assert model.version == "langid-v1"
    assert len(model.provenance["data_sha256"]) == 64
    assert model.provenance["command"].startswith("python -m nlp.language.train --data")
    assert FILE.stat().st_size < 60_000


def test_parts_keep_apart_what_is_fitted_tuned_and_reported() -> None:
    texts = [
        line for file in sorted(OWN.glob("??.txt")) for line in file.read_text(encoding="utf-8").splitlines()
    ]
    parts = [part_of(text) for text in texts]
    assert 0.5 < parts.count("fit") / len(parts) < 0.7
    assert sorted(known.text for part in ("fit", "tune", "report") for known in own(part)) == sorted(texts)


def test_intervals_are_wilsons() -> None:
    low, high = Share(98, 100).interval()
    assert (round(low, 4), round(high, 4)) == (0.93, 0.9945)


def test_evaluation_reports_on_a_folder_of_texts(tmp_path: Path) -> None:
    for language, line in {
        "en": "The bus to work was late again this morning",
        "da": "Jeg kan godt lide dig",
    }.items():
        (tmp_path / "sentences").mkdir(exist_ok=True)
        (tmp_path / "sentences" / f"{language}.txt").write_text(line, encoding="utf-8")
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "nlp.language.evaluate",
            "--data",
            tmp_path,
            "--all",
            "--report",
            tmp_path / "r.md",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "| sentences en | 100.0 (20.7-100.0), n=1 |" in told
    assert (tmp_path / "r.md").read_text(encoding="utf-8").strip() == told.strip()


def test_training_twice_gives_the_same_small_file(tmp_path: Path) -> None:
    lines = {
        "en": [
            "we went home late",
            "she reads a book",
            "they are here now",
            "it was a good day",
            "give me the key",
        ],
        "nb": [
            "vi gikk hjem sent",
            "hun leser en bok",
            "de er her nå",
            "det var en god dag",
            "gi meg nøkkelen",
        ],
    }
    for language, texts in lines.items():
        (tmp_path / "sentences").mkdir(exist_ok=True)
        (tmp_path / "sentences" / f"{language}.txt").write_text("\n".join(texts), encoding="utf-8")
    from nlp.language import corpora
    from nlp.language.features import shared_features
    from nlp.language.model import save
    from nlp.language.train import fit

    for name in ("one", "two"):
        save(fit(corpora.read(tmp_path, None), shared_features()), tmp_path / f"{name}.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert json.loads((tmp_path / "one.json").read_text())["languages"] == ["en", "nb"]
