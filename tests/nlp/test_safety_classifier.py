"""The model speaks where rules are silent, hears a cry in a long text, and is the one its artefact names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from nlp.safety import screen
from nlp.safety.classifier import model
from nlp.safety.classifier.corpus import CORPUS, corpus_sha256, examples, variations
from nlp.safety.classifier.features import SLOTS, concepts_of
from nlp.safety.classifier.model import LABELS, ArtefactError, Model, load_model
from nlp.safety.rules import standard
from nlp.safety.screening import Screener
from nlp.safety.shape import masked

SURE = {
    "self_harm": 0.5, "abuse": 0.5, "sure_abuse": 0.9, "spam": 0.5, "prompt_injection": 0.5, "overruled": 0.1,
}  # fmt: skip


class Says(Model):
    """A model with an opinion of its own on every text."""

    def __init__(self, **likely: float) -> None:
        self.thresholds = SURE
        self.said = {**dict.fromkeys(LABELS, 0.3), **likely}

    def likely(self, sentences: object) -> dict[str, float]:
        return self.said


def test_the_artefact_is_of_this_corpus_and_refused_when_altered(tmp_path: Path) -> None:
    description = json.loads((model.FOLDER / "model.json").read_text())
    assert description["corpus_sha256"] == corpus_sha256()
    shutil.copytree(model.FOLDER, tmp_path / "artefact")
    weights = tmp_path / "artefact" / "model.npz"
    weights.write_bytes(weights.read_bytes() + b"x")
    with pytest.raises(ArtefactError, match=r"model\.npz"):
        load_model(tmp_path / "artefact")


def test_a_cry_at_the_end_of_a_long_text_counts_as_it_does_alone() -> None:
    cry = ["everyone", "is", "better", "off", "without", "me"]
    chat = [["we", "cooked", "soup", "and", "it", "was", "good"]] * 8
    alone, within = (load_model().likely(some)["self_harm"] for some in ([cry], [*chat, cry]))
    assert within >= alone > load_model().likely(chat)["self_harm"]


def test_the_model_is_asked_where_rules_are_silent() -> None:
    text = "soup is nice"
    assert Screener(standard(), None).screen(text, "en").action == "allow"
    escalated = Screener(standard(), Says(self_harm=0.6)).screen(text, "en")
    assert (escalated.action, escalated.findings[0].rule) == ("escalate", "model.self_harm")
    warned = Screener(standard(), Says(abuse=0.6, violence=0.4)).screen(text, "en")
    assert (warned.action, warned.categories) == ("warn", ("violence",))
    held = Screener(standard(), Says(abuse=0.95, violence=0.4)).screen(text, "en")
    assert (held.action, held.categories) == ("hold", ("violence",))


@pytest.mark.parametrize(
    ("beside", "action"), [("", "allow"), (" olena@example.com", "warn"), (" https://example.com/x", "hold")]
)
def test_the_models_opinion_of_spam_is_one_sign_among_others(beside: str, action: str) -> None:
    text = f"soup is nice{beside}"
    assert Screener(standard(), None).screen(text, "en").action == "allow"
    assert Screener(standard(), Says(spam=0.95)).screen(text, "en").action == action


def test_the_model_overrules_phrases_but_no_word_that_is_abuse_by_itself() -> None:
    phrase, word = "nobody likes you", "you are an idiot"
    by_rules, unmoved = Screener(standard(), None), Screener(standard(), Says(abuse=0.05))
    assert {by_rules.screen(text, "en").action for text in (phrase, word)} == {"hold"}
    assert unmoved.screen(phrase, "en").action == "allow"
    assert unmoved.screen(word, "en").action == "hold"


def test_a_vague_phrase_of_self_harm_stands_whatever_the_model_says() -> None:
    vague = "I won't be here next week, my knee will be operated"
    assert Screener(standard(), None).screen(vague, "en").action == "escalate"
    assert Screener(standard(), Says(self_harm=0.0)).screen(vague, "en").action == "escalate"


def test_a_cry_for_help_is_told_by_the_threshold_of_its_language() -> None:
    says = Says(self_harm=0.45)
    says.thresholds = {**SURE, "self_harm.uk": 0.4}
    told = Screener(standard(), says)
    assert told.screen("Сьогодні гарна погода", "uk").action == "escalate"
    assert told.screen("Fint vær i dag", "no").action == "allow"
    assert told.screen("Schönes Wetter heute", "de").action == "allow"


def test_what_is_learned_of_meaning_holds_in_all_languages() -> None:
    assert "burden" in {*concepts_of("burden")} & {*concepts_of("тягарем")} & {*concepts_of("byrde")}
    assert concepts_of("xyzzy") == ()


def test_weights_survive_being_packed() -> None:
    weights = np.zeros((SLOTS, len(LABELS)))
    weights[7, 0], weights[9, 1] = 1.27, -2.54
    packed = model.packed(weights)
    unpacked = packed["bytes"].astype(float) * packed["scales"]
    assert packed["slots"].tolist() == [7, 9]
    assert unpacked[0, 0] == pytest.approx(1.27, rel=0.01)
    assert unpacked[1, 1] == pytest.approx(-2.54, rel=0.01)


def test_a_line_of_the_corpus_is_a_few_texts() -> None:
    assert variations("I am {sad|tired}.") == ["I am sad.", "I am tired."]
    assert len(variations("{a|b|c} {d|e|f}")) == 4
    known = {one.label for one in examples()}
    assert known == {*LABELS, "harmless"} - {"abuse"}
    assert {path.stem[:2] for path in CORPUS.glob("*.txt")} == {"en", "uk", "no"}


@pytest.mark.parametrize(
    "text",
    ["**bold** word", "C# and F#", "студент_ка", "учасник*ця", "deltaker*innen", "5*3=15", "*very*", "A*"],
)
def test_stars_that_hide_nothing_are_no_mask(text: str) -> None:
    assert list(masked(text)) == []


@pytest.mark.parametrize("text", ["what the f•ck", "п*здець", "f*** off", "k_k", "so stup#d"])
def test_a_hidden_letter_is_warned_of_whatever_the_word(text: str) -> None:
    assert [one.name for one in masked(text)] == ["masked_word"]
    assert screen(text, "no").action != "allow"
