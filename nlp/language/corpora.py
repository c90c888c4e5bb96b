"""Texts whose language is known, in three parts that never mix: to fit on, to tune on, to report.

A folder holds `<kind>/<language>.txt`, one text per line. A line's part follows from its hash, so it is the
same in every run and on every machine; cuts of a sentence stay in the sentence's part.
"""

from __future__ import annotations

import hashlib
import html
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Part = Literal["fit", "tune", "report"]
OWN = Path(__file__).parent / "texts"
SHORT = 30  # characters: what "short" means in every figure
_CUTS_PER_SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Known:
    """A text and the language it is written in."""

    text: str
    language: str
    kind: str


def part_of(text: str) -> Part:
    """60 % to fit, 20 % to tune, 20 % to report."""
    share = int.from_bytes(hashlib.sha256(text.strip().encode()).digest()[:2], "big") / 65536
    return "fit" if share < 0.6 else "tune" if share < 0.8 else "report"


def read(folder: Path, part: Part | None) -> list[Known]:
    """The texts of one part (all for None) of a folder, with short cuts of its sentences as kind `cuts`."""
    found: list[Known] = []
    for file in sorted(folder.glob("*/*.txt")):
        kind, language = file.parent.name, file.stem
        for line in sorted(set(file.read_text(encoding="utf-8").splitlines())):
            if not (text := html.unescape(line).strip()) or (part is not None and part_of(line) != part):
                continue
            found.append(Known(text, language, kind))
            if kind == "sentences":
                found.extend(Known(cut, language, "cuts") for cut in _cuts(text))
    if not found:
        raise FileNotFoundError(f"no <kind>/<language>.txt with texts of part {part or 'any'} in {folder}")
    return found


def own(part: Part | None) -> list[Known]:
    """The texts written for this project: short, everyday, the same things said in each language."""
    return [
        Known(line, file.stem, "own")
        for file in sorted(OWN.glob("??.txt"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if part is None or part_of(line) == part
    ]


def sha256(folder: Path) -> str:
    """One hash over the folder's files: their names and their bytes."""
    total = hashlib.sha256()
    for file in sorted(folder.glob("*/*.txt")):
        total.update(f"{file.relative_to(folder)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def own_sha256() -> str:
    """One hash over the texts written for this project."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(OWN.glob("??.txt")))).hexdigest()


def _cuts(sentence: str) -> Iterator[str]:
    """A few runs of two to six words of a sentence, the first from its beginning, as short texts look."""
    draw = random.Random(sentence)  # noqa: S311 - the same cuts in every run, nothing secret
    words = re.findall(r"\S+", sentence)
    if len(words) < 6:
        return
    for number in range(_CUTS_PER_SENTENCE):
        length = draw.choice((2, 3, 3, 4, 4, 5, 6))
        start = 0 if number == 0 else draw.randrange(0, max(1, len(words) - length))
        cut = " ".join(words[start : start + length]).strip(' ,;:-–"«»()')
        if len(re.findall(r"[^\W\d_]{2,}", cut)) >= 2:
            yield cut
