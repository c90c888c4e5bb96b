"""The texts the local classifier learns from: written for this project, none of them anybody's.

`training/<language>.jsonl` holds texts written one by one; `training/templates.yaml` patterns with slots, for words
that ought to be learned in many surroundings. A group keeps what belongs together (translations, one pattern's texts)
on one side of every split.
"""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import get_args

import yaml

from nlp.classifiers.local.rules import RULE_LABELS
from nlp.labels import LANGUAGES, Language

FOLDER = Path(__file__).parent / "training"
TEXTS_PER_TEMPLATE = 8
_SLOT = re.compile(r"\{(\w+)\}")


class CorpusError(ValueError):
    """A training text that cannot be used, with its file and place."""


@dataclass(frozen=True)
class Example:
    """A text and all labels it carries; those it does not name are absent from it."""

    group: str
    language: Language
    text: str
    labels: frozenset[str]
    is_written: bool  # by hand, not from a template
    rules_saw_it: bool = False  # rules were corrected on it, so they look better there than they are


def examples(folder: Path = FOLDER) -> list[Example]:
    """All training texts, always in the same order; no text twice in a language."""
    seen: set[tuple[Language, str]] = set()
    kept = []
    for example in itertools.chain(_written(folder), _from_templates(folder)):
        if (example.language, example.text) not in seen:
            seen.add((example.language, example.text))
            kept.append(example)
    return kept


def corpus_sha256(folder: Path = FOLDER) -> str:
    digest = sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _written(folder: Path) -> Iterator[Example]:
    for language in LANGUAGES:
        path = folder / f"{language}.jsonl"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            row = json.loads(line)
            labels = _labels(row["labels"], f"{path.name}:{number}")
            yield Example(row["group"], language, row["text"], labels, True, row.get("rules_saw_it", False))


def _from_templates(folder: Path) -> Iterator[Example]:
    path = folder / "templates.yaml"
    source = yaml.safe_load(path.read_text("utf-8"))
    for language in get_args(Language):
        slots, templates = source[language]["slots"], source[language]["templates"]
        for number, template in enumerate(templates):
            place = f"{path.name}: {language} {number}"
            labels = _labels(template["labels"], place)
            names = _SLOT.findall(template["text"])
            if missing := [name for name in names if name not in slots]:
                raise CorpusError(f"{place} uses slots that are not there: {missing}")
            fillings = list(itertools.product(*(slots[name] for name in names)))
            random.Random(number).shuffle(fillings)  # noqa: S311: a choice that is the same every time
            for filling in fillings[:TEXTS_PER_TEMPLATE]:
                words = iter(filling)
                text = _SLOT.sub(lambda _, words=words: next(words), template["text"])
                yield Example(f"template-{language}-{number}", language, text, labels, is_written=False)


def _labels(labels: list[str], place: str) -> frozenset[str]:
    if unknown := set(labels) - set(RULE_LABELS):
        raise CorpusError(f"{place} has labels that are not known: {sorted(unknown)}")
    return frozenset(labels)
