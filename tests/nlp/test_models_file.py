"""The file of models is refused with the place of every fault, and a definition's hash is of what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nlp.classifiers.local.corpus import examples
from nlp.evaluation.labelled import load
from nlp.registry import promised as promised_floors
from nlp.registry.models import MODELS, ModelsFileError, canonical_sha256, read_models

TEXT = MODELS.read_text("utf-8")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "models.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_file_is_valid_and_has_a_local_model() -> None:
    models = read_models()
    assert models.entry("q2q-local-v4").provider == "local"
    assert set(models.policy["macro_f1"]) == {"en", "uk", "no"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"no": *claude', "no: *claude", 'models.1.thresholds: quote "no"'),
        ("provider: local", "provider: oracle", "models.0.provider: 'oracle' is not one of"),
        ("effective_from: 2026-11-27T00:00:00Z", "effective_from: 2026-11-27", "models.0.effective_from"),
        ("id: q2q-claude-v1", "id: q2q-local-v4", "the id q2q-local-v4 is given twice"),
        ("    prompt_version: v3.0\n", "", "models.1: 'prompt_version' is a required property"),
        ("confidence_increase: 0.70", "confidence_increase: 70", "70 is greater than the maximum of 1"),
        ("  fairness_gap: 0.10", "  fairnes_gap: 0.10", "'fairnes_gap' was unexpected"),
        ("models:\n", "models: [\n", "cannot be read"),
    ],
)
def test_a_faulty_file_is_refused_with_the_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(ModelsFileError) as refused:
        read_models(written(tmp_path, TEXT.replace(old, new, 1)))
    assert message in str(refused.value)


def test_two_versions_of_one_provider_cannot_start_at_the_same_instant(tmp_path: Path) -> None:
    twin = TEXT[TEXT.index("  - id: q2q-local-v4") : TEXT.index("  - id: q2q-claude-v1")]
    with pytest.raises(ModelsFileError, match="which one serves must be clear"):
        read_models(
            written(
                tmp_path,
                TEXT.rstrip()
                + "\n\n"
                + twin.replace("q2q-local-v4", "q2q-local-v5", 1).replace("unproven", "twin"),
            )
        )


def test_the_hash_is_of_what_decides_a_score_and_of_nothing_else(tmp_path: Path) -> None:
    before = read_models().entry("q2q-claude-v1")
    later = read_models(
        written(
            tmp_path, TEXT.replace("Claude with the", "Claude, with its").replace("2026-12-01", "2026-12-02")
        )
    ).entry("q2q-claude-v1")
    assert later.content_sha256 == before.content_sha256
    stricter = read_models(
        written(tmp_path, TEXT.replace("confidence_increase: 0.70", "confidence_increase: 0.75"))
    )
    assert stricter.entry("q2q-claude-v1").content_sha256 != before.content_sha256
    assert canonical_sha256({"a": 1, "b": 2}) == canonical_sha256({"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "set_version: proof_v3 ",
            "set_version: v1 ",
            "gate: set v1, split all is not one that nobody tuned on",
        ),
        ("  split: all", "  split: test", "gate: set proof_v3, split test is not one that nobody tuned on"),
        ("  proof: 0.80", "  proof: 0.75", "gate.proof: 0.75 asks for less than 0.8"),
        ('"no": 0.60}', '"no": 0.50}', "gate.macro_f1: 0.5 asks for less than 0.6"),
        ("  fairness_gap: 0.10", "  fairness_gap: 0.15", "gate.fairness_gap: 0.15 asks for less than 0.1"),
    ],
)
def test_a_gate_that_asks_for_less_than_was_promised_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in TEXT
    with pytest.raises(ModelsFileError) as refused:
        read_models(written(tmp_path, TEXT.replace(old, new, 1)))
    assert message in str(refused.value)
    assert read_models(written(tmp_path, TEXT.replace("  precision: 0.80", "  precision: 0.90"))).policy


def test_what_is_promised_is_what_the_decision_says() -> None:
    """Whoever asks for less has to write so in a decision, not only in code."""
    decision = Path("docs/decisions/0071-judged-on-three-times-as-many-texts.md").read_text("utf-8")
    said = dict(re.findall(r"^\| `(\w+)` \| ([\w.]+) \|", decision, flags=re.MULTILINE))
    promised = {**promised_floors.AT_LEAST, **promised_floors.AT_MOST}
    assert {name: float(value) for name, value in said.items() if name != "split"} == promised
    assert said["split"] == promised_floors.SPLIT
    for version, sha256 in promised_floors.INDEPENDENT_SETS.items():
        assert f"`{version}` (`{sha256[:16]}…`)" in decision
        assert load(version, "all").sha256 == sha256


def test_no_text_that_is_judged_on_was_trained_on() -> None:
    """Neither the same words nor nearly the same: four words in a row shared by half of a text."""

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[at : at + 4]) for at in range(len(words) - 3)}

    learned = {run for example in examples() for run in runs(example.text)}
    trained = {" ".join(re.findall(r"\w+", example.text.lower())) for example in examples()}
    for version in promised_floors.INDEPENDENT_SETS:
        for item in load(version, "all").items:
            assert " ".join(re.findall(r"\w+", item.content.lower())) not in trained, item.item_id
            here = runs(item.content)
            assert len(here & learned) <= len(here) / 2, item.item_id
