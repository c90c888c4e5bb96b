"""The texts the model learns from: written for this project, by label, a file per language and hand.

`{a|b}` in a line stands for either, so a line is one wording and a few variations of it.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from pathlib import Path

CORPUS = Path(__file__).with_name("corpus")
# What participants usually write: the texts the scoring model learns from, all of them harmless.
PROGRAMME = Path(__file__).parents[2] / "classifiers" / "local" / "training"
HARMLESS = "harmless"
LANGUAGES = ("en", "uk", "no")
_HEAD = re.compile(r"\[([a-z_]+)\]")  # and no text that begins with a bracket
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
_VARIATIONS = 4  # of a line, so that no single line outweighs ten others
_NEIGHBOURS = 8  # lines that are measured together: one language's line 12 is another's line 10 or 14


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its one label. Texts of one group may say the same and never part when measuring."""

    text: str
    label: str
    language: str
    group: str


def examples(folder: Path = CORPUS) -> list[Example]:
    return [one for path in sorted(folder.glob("*.txt")) for one in _read(path)]


def programme_examples(folder: Path = PROGRAMME) -> list[Example]:
    """Everyday texts of the programme, harmless."""
    return [
        Example(row["text"], HARMLESS, language, f"programme/{row['group']}")
        for language in LANGUAGES
        for row in map(json.loads, (folder / f"{language}.jsonl").read_text("utf-8").splitlines())
    ]


def corpus_sha256(folder: Path = CORPUS) -> str:
    """The hash of all files: which texts a model was trained on."""
    digest = sha256()
    for path in sorted(folder.glob("*.txt")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _read(path: Path) -> Iterator[Example]:
    language, _, part = path.stem.partition("_")
    label, place = "", 0
    for line in path.read_text("utf-8").splitlines():
        if head := _HEAD.fullmatch(line):
            label, place = head[1], 0
        elif line.strip():
            for text in variations(line):
                yield Example(text, label, language, f"{part}/{label}/{place // _NEIGHBOURS}")
            place += 1


def variations(line: str) -> list[str]:
    """A line with each of its choices made, a few of all ways at most; the same ones each time."""
    parts = _CHOICE.split(line)
    chosen = list(product(*(part.split("|") if at % 2 else (part,) for at, part in enumerate(parts))))
    if len(chosen) > _VARIATIONS:
        chosen = random.Random(line).sample(chosen, _VARIATIONS)  # noqa: S311 - repeatable, not secret
    return ["".join(one) for one in chosen]
