"""Rule files that cannot be used are refused by name; a changed one can be tried before it is in force."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp.safety import rules, version
from nlp.safety.__main__ import main

POLICY = (rules.DATA / "policy.yaml").read_text("utf-8")


def test_cries_for_help_cannot_be_set_to_anything_but_escalation(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY.replace("self_harm: {low: escalate", "self_harm: {low: allow"), "utf-8")
    with pytest.raises(rules.BadRules, match="self_harm is escalated at every severity"):
        rules.load([policy])


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{category: spam, severity: low, words: a}", "a rule has no id"),
        ("{id: x, category: rude, severity: low, words: a}", "category must be one of"),
        ("{id: x, category: spam, severity: grave, words: a}", "severity must be one of"),
        ("{id: x, category: spam, severity: low}", "neither words nor phrases"),
        ("{id: x, category: spam, severity: low, phrases: ['@nobody here']}", "the group @nobody"),
        ("{id: x, category: spam, severity: low, phrases: ['a? ..3']}", "names no word that must be there"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_by_name(tmp_path: Path, rule: str, said: str) -> None:
    policy, own = tmp_path / "policy.yaml", tmp_path / "own.yaml"
    policy.write_text(POLICY, "utf-8")
    own.write_text(f"rules: [{rule}]", "utf-8")
    with pytest.raises(rules.BadRules, match=f"own.yaml.*{said}"):
        rules.load([policy, own])


def test_a_changed_file_is_another_version_and_its_effect_is_told_without_quoting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed, texts = tmp_path / "shared.yaml", tmp_path / "texts.jsonl"
    changed.write_text(
        "rules: [{id: odd, category: profanity, severity: medium, words: balderdash}]\n", encoding="utf-8"
    )
    rows = [{"text": "Utter balderdash", "language": "en"}, {"text": "Thank you", "language": "no"}]
    texts.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert main(["try", str(changed), "--texts", str(texts)]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"2 texts, {version()} against safety-")
    assert "line 1: allow to warn, +shared.odd" in told
    assert "line 2" not in told
    assert "balderdash" not in told.lower()


def test_a_line_that_is_no_text_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"text": "fine"}\n["secret"]\n', "utf-8")
    assert main(["try", str(rules.DATA / "shared.yaml"), "--texts", str(texts)]) == 2
    told = capsys.readouterr().err
    assert "texts.jsonl, line 2" in told
    assert "secret" not in told
