"""The labelled texts are as many and as sound as the report says, and what it measures is reckoned right."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from stdnum import iban, luhn
from stdnum.no import fodselsnummer

from nlp.redaction import KINDS, evaluate
from nlp.safety.classifier.corpus import examples as corpus
from nlp.safety.evaluation import report
from nlp.safety.evaluation.examples import LANGUAGES, NAMES, examples, independent_examples
from nlp.safety.evaluation.measures import Share, agreement
from nlp.safety.evaluation.obfuscation import OBFUSCATIONS, obfuscated


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_enough_of_everything(language: str) -> None:
    them = examples(language)
    assert len({one.text for one in them}) == len(them) == len({one.id for one in them})
    counts = Counter(label for one in them for label in one.labels)
    assert set(counts) == set(NAMES)
    assert sum(one.is_abuse for one in them) >= 80
    assert counts["self_harm"] >= 40
    assert counts["spam"] >= 20
    assert counts["gibberish"] + counts["prompt_injection"] >= 15
    assert sum(one.is_harmless for one in them) >= 200
    for one in them:
        assert bool(one.marks) == one.is_abuse
        assert all(one.text[start:end].strip() == one.text[start:end] != "" for start, end in one.marks)


def test_no_text_of_the_independent_sets_is_in_the_corpus_or_in_both_parts() -> None:
    learned = {one.text.lower() for one in corpus()}
    parts_of = {"fresh_v2": ("prove",), "fresh_v3": ("select", "prove"), "fresh_v4": ("prove",)}
    for version, parts in parts_of.items():
        them = [one for part in parts for at in LANGUAGES for one in independent_examples(at, version, part)]
        assert len({one.id for one in them}) == len({one.text for one in them}) == len(them) >= 300
        assert {label for one in them for label in one.labels} >= set(NAMES) - {"gibberish"}
        assert not [one.id for one in them if one.text.lower() in learned]


@pytest.mark.parametrize("name", OBFUSCATIONS)
def test_hiding_a_word_changes_it_alone_and_the_same_way_each_time(name: str) -> None:
    for language in LANGUAGES:
        changed = 0
        for one in (example for example in examples(language) if example.is_abuse):
            hidden = obfuscated(one, name)
            assert hidden == obfuscated(one, name)
            changed += hidden != one.text
            start, end = one.marks[0][0], one.marks[-1][1]
            assert hidden.startswith(one.text[:start])
            assert hidden.endswith(one.text[end:])
        assert changed >= 70 or (name, language) == ("styled", "uk"), (language, changed)


def test_a_harmless_text_is_never_changed() -> None:
    [harmless, *_] = [one for one in examples("en") if one.is_harmless]
    assert {obfuscated(harmless, name) for name in OBFUSCATIONS} == {harmless.text}


def test_personal_data_are_where_the_labels_say_and_ids_are_valid() -> None:
    total = 0
    for language in evaluate.LANGUAGES:
        rows = (evaluate.SETS / f"{language}.jsonl").read_text("utf-8").splitlines()
        total += len(rows)
        for row in map(json.loads, rows):
            for kind, start, end in row["spans"]:
                value = row["text"][start:end]
                assert kind in KINDS
                assert value.strip() == value != ""
                if kind == "bank_account":
                    assert iban.is_valid(value), row["id"]
                elif kind == "card":
                    assert luhn.is_valid(value.replace(" ", "").replace("-", "")), row["id"]
                elif kind == "national_id":
                    assert fodselsnummer.is_valid(value.replace(" ", "")), row["id"]
    assert total >= 300


def test_agreement_is_counted_as_it_is_written() -> None:
    found = agreement([True, True, True, False], [True, True, False, True])
    assert (found.precision.value, found.recall.value) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert found.f1 == pytest.approx(2 / 3)
    low, high = found.f1_interval
    assert 0 <= low < found.f1 < high <= 1
    assert agreement([False] * 3, [False] * 3).f1 == 1.0
    low, high = Share(0, 200).interval
    assert (low, round(high, 4)) == (0.0, 0.0188)


def test_what_is_hidden_is_what_leaves_no_letter() -> None:
    measured = evaluate.Measured("en")
    text = "Ask Ada Byron or Ada"
    evaluate._compare(measured, "en-1", text, [("person", 4, 13), ("person", 17, 20)], [("person", 4, 13)])
    evaluate._compare(measured, "en-2", "Ask Ada", [("person", 4, 7)], [("person", 4, 6)])
    evaluate._compare(measured, "en-3", "Ask May", [], [("person", 4, 7)])
    tally = measured.kinds["person"]
    assert (tally.expected, tally.hidden, tally.found, tally.right) == (3, 1, 3, 2)
    assert (measured.clean_count, measured.clean_touched) == (1, 1)
    assert measured.misses == [
        "en-1: person missed", "en-2: person missed", "en-3: person where there is none",
    ]  # fmt: skip


def test_a_command_replaces_its_own_section_of_the_report_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs" / "reports").mkdir(parents=True)
    for name, words in (("one", "first"), ("two", "second"), ("one", "third")):
        report.write(name, name.title(), words, {"said": words})
    page = report.PAGE.read_text()
    assert page.count("## One") == page.count("## Two") == 1
    assert page.index("third") < page.index("second")
    assert "first" not in page
    assert json.loads(report.RAW.read_text()) == {"one": {"said": "third"}, "two": {"said": "second"}}
