"""The labelled sets are what their manifest says, cover every label, and keep translations on one side."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from nlp.evaluation.labelled import BINARY_LABELS, SETS, LabelledSetError, answers, load
from nlp.labels import CHANGES, COMFORTS, LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_enough_of_everything(language: str) -> None:
    items = load(split="all").of(language)
    assert len(items) >= 120
    counts = Counter(name for item in items for name, answer in answers(item.labels).items() if answer)
    comforts = Counter(item.labels.language_comfort for item in items)
    assert {name: counts[name] for name in CHANGES if counts[name] < 18} == {}
    assert {name: counts[name] for name in BINARY_LABELS if counts[name] < 6} == {}
    assert {name: comforts[name] for name in COMFORTS if comforts[name] < 12} == {}
    kinds = Counter(item.kind for item in items)
    assert min(kinds[kind] for kind in ("negation", "third_person", "hypothetical", "neutral")) >= 7


def test_items_of_a_group_say_the_same_and_share_their_split() -> None:
    groups = defaultdict(list)
    for item in load(split="all").items:
        groups[item.item_group].append(item)
    for name, items in groups.items():
        said = {(item.split, item.labels.language_comfort, str(answers(item.labels))) for item in items}
        assert len(said) == 1, name
    assert sum(len(items) == 3 for items in groups.values()) >= 100


def test_what_is_proven_by_holds_no_text_that_thresholds_were_chosen_by() -> None:
    proof, chosen_by = load("proof_v3", "all").items, load("fresh_v3", "calibration").items
    assert len(proof) == 871
    assert not {item.content for item in proof} & {item.content for item in chosen_by}
    assert not {item.item_group for item in proof} & {item.item_group for item in chosen_by}
    third = {item.item_id for item in load("fresh_v3", "test").items}
    assert {item.item_id for item in proof} == third | {
        item.item_id for item in load("fresh_v2", "all").items
    }


def test_no_label_contradicts_another() -> None:
    for item in load(split="all").items:
        labels = item.labels
        assert not (labels.confidence_increase and labels.confidence_decrease), item.item_id
        assert not (labels.belonging_increase and labels.belonging_decrease), item.item_id


def test_an_edited_file_is_refused(tmp_path: Path) -> None:
    shutil.copytree(SETS / "v1", tmp_path / "v1")
    path = tmp_path / "v1" / "en.jsonl"
    path.write_text(path.read_text().replace('"split": "test"', '"split": "calibration"', 1))
    with pytest.raises(LabelledSetError, match="manifest says"):
        load(folder=tmp_path)


def test_a_group_on_both_sides_is_refused(tmp_path: Path) -> None:
    shutil.copytree(SETS / "v1", tmp_path / "v1")
    path, manifest_path = tmp_path / "v1" / "no.jsonl", tmp_path / "v1" / "manifest.json"
    first = path.read_text().splitlines()[0]
    moved = {"test": "calibration", "calibration": "test"}[json.loads(first)["split"]]
    path.write_text(path.read_text().replace(first, json.dumps({**json.loads(first), "split": moved})))
    manifest = json.loads(manifest_path.read_text())
    manifest["files"]["no.jsonl"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest_path.write_text(json.dumps(manifest))
    with pytest.raises(LabelledSetError, match="both splits"):
        load(folder=tmp_path)


def test_an_unknown_version_names_those_there_are() -> None:
    with pytest.raises(LabelledSetError, match="there are: fresh_v2, fresh_v3, proof_v3, v1"):
        load("v99")
