"""Labelled sets: versioned files of texts with the labels that are right for them.

A set's folder is its version and its manifest holds each file's hash: an evaluation names its texts for good.
What the labels mean is in docs/labelling-guide.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid5

from nlp.classifiers.base import Text
from nlp.labels import CHANGES, CUES, LANGUAGES, SIGNALS, TOPICS, Labels, Language

SETS = Path(__file__).parent / "sets"
LATEST = "v1"
Split = Literal["calibration", "test", "all"]

_NAMESPACE = UUID("0d5a5a0e-5a6c-5b5e-9d0e-3f6b6c1f7a10")  # any constant: ids of labelled texts
_NO_COMPANY = UUID(int=0)

# Every label as a question answered with yes or no. A topic and a signal may share a name, hence the prefix.
BINARY_LABELS: tuple[str, ...] = (
    *CHANGES,
    *(f"signal:{name}" for name in SIGNALS),
    *(f"cue:{name}" for name in CUES),
    *(f"topic:{name}" for name in TOPICS),
)


class LabelledSetError(Exception):
    """A labelled set is missing, or is not the one its manifest describes."""


@dataclass(frozen=True)
class Item:
    """A text and its right labels. Items of one group say the same, usually in several languages."""

    item_id: str
    item_group: str
    language: Language
    kind: str  # what makes it hard: negation, third_person, hypothetical …
    split: Literal["calibration", "test"]
    content: str
    labels: Labels

    def text(self, company_id: UUID = _NO_COMPANY) -> Text:
        """As a classifier gets it; `company_id` is who pays for an answer that costs."""
        return Text(uuid5(_NAMESPACE, self.item_id), company_id, self.language, self.content)


@dataclass(frozen=True)
class LabelledSet:
    version: str
    sha256: str  # of all files together
    split: Split
    items: tuple[Item, ...]

    def of(self, language: Language) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.language == language)


def load(version: str = LATEST, split: Split = "test", folder: Path = SETS) -> LabelledSet:
    """A labelled set. Raises LabelledSetError if a file differs from what the manifest says it was."""
    home = folder / version
    try:
        manifest = json.loads((home / "manifest.json").read_text("utf-8"))
    except OSError as error:
        known = ", ".join(sorted(path.name for path in folder.iterdir() if path.is_dir()))
        raise LabelledSetError(f"there is no labelled set {version}; there are: {known}") from error
    digest = hashlib.sha256()
    items: list[Item] = []
    for name, file in sorted(manifest["files"].items()):
        content = (home / name).read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if found != file["sha256"]:
            raise LabelledSetError(
                f"{home / name} has the hash {found[:12]}…, the manifest says {file['sha256'][:12]}…: restore"
                " the file, or copy the folder to a new version and describe it there"
            )
        digest.update(f"{name} {found}\n".encode())
        items += (_item(json.loads(line)) for line in content.decode().splitlines())
    _refuse_straddling(items)
    wanted = tuple(item for item in items if split in ("all", item.split))
    return LabelledSet(version, digest.hexdigest(), split, wanted)


def answers(labels: Labels) -> dict[str, bool | None]:
    """Labels as answers to BINARY_LABELS; None where the classifier abstained."""
    found: dict[str, bool | None] = {name: getattr(labels, name) for name in CHANGES}
    sets: tuple[tuple[str, tuple[str, ...], Iterable[str] | None], ...] = (
        ("signal", SIGNALS, labels.employability_signals),
        ("cue", CUES, labels.risk_cues),
        ("topic", TOPICS, labels.topics),
    )
    for prefix, names, chosen in sets:
        for name in names:
            found[f"{prefix}:{name}"] = None if chosen is None else name in chosen
    return found


def _item(line: dict[str, Any]) -> Item:
    given = line["labels"]
    if line["language"] not in LANGUAGES:
        raise LabelledSetError(f"{line['item_id']}: {line['language']} is not one of {', '.join(LANGUAGES)}")
    return Item(
        item_id=line["item_id"],
        item_group=line["item_group"],
        language=line["language"],
        kind=line["kind"],
        split=line["split"],
        content=line["text"],
        labels=Labels(
            confidence_increase=given["confidence_increase"],
            confidence_decrease=given["confidence_decrease"],
            belonging_increase=given["belonging_increase"],
            belonging_decrease=given["belonging_decrease"],
            language_comfort=given["language_comfort"],
            employability_signals=frozenset(given["employability_signals"]),
            risk_cues=frozenset(given["risk_cues"]),
            topics=frozenset(given["topics"]),
        ),
    )


def _refuse_straddling(items: Iterable[Item]) -> None:
    split_of: dict[str, str] = {}
    for item in items:
        if split_of.setdefault(item.item_group, item.split) != item.split:
            raise LabelledSetError(
                f"group {item.item_group} is in both splits; {item.item_id} is one of its items"
            )
