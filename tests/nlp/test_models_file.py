"""The file of models is refused with the place of every fault, and a definition's hash is of what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.registry.models import MODELS, ModelsFileError, canonical_sha256, read_models

TEXT = MODELS.read_text("utf-8")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "models.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_file_is_valid_and_has_a_local_model() -> None:
    models = read_models()
    assert models.entry("q2q-local-v2").provider == "local"
    assert set(models.policy["macro_f1"]) == {"en", "uk", "no"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"no": *claude', "no: *claude", 'models.1.thresholds: quote "no"'),
        ("provider: local", "provider: oracle", "models.0.provider: 'oracle' is not one of"),
        ("effective_from: 2026-11-27T00:00:00Z", "effective_from: 2026-11-27", "models.0.effective_from"),
        ("id: q2q-claude-v1", "id: q2q-local-v2", "the id q2q-local-v2 is given twice"),
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
    twin = TEXT[TEXT.index("  - id: q2q-local-v2") : TEXT.index("  - id: q2q-claude-v1")]
    with pytest.raises(ModelsFileError, match="which one serves must be clear"):
        read_models(
            written(tmp_path, TEXT.rstrip() + "\n\n" + twin.replace("q2q-local-v2", "q2q-local-v3", 1))
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
