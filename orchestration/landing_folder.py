"""The landing folder as a list of files: which there are, how they are called, which are complete.

Values and the file system only: the sensor that looks every few seconds must stay light.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".csv", ".csv.gz", ".tsv", ".json", ".xlsx")
OURS = frozenset({"errors", "quarantine"})  # folders in it that the platform writes
_UNSAFE = re.compile(r"[^A-Za-z0-9._/-]|\.{2,}")
_LONGEST_KEY = 180


@dataclass(frozen=True)
class LandedFile:
    """A file in the folder. `key` names it in Dagster: its path, without what has a meaning elsewhere."""

    key: str
    path: Path
    size: int
    modified_ns: int

    @property
    def fingerprint(self) -> str:
        """Changes when the file is written to; its content is hashed only when it is imported."""
        return f"{self.size}.{self.modified_ns}"


def landed_files(folder: Path) -> list[LandedFile]:
    """Every file to import, in sub-folders too. Links are not followed: they may lead out of the folder."""
    if not folder.is_dir():
        return []
    files = (_landed(folder, path) for path in _walk(folder))
    return sorted((file for file in files if file), key=lambda file: file.key)


def key_of(relative: str) -> str:
    """The name in Dagster of a path below the folder; two paths never share one."""
    safe = _UNSAFE.sub("_", relative)
    if safe == relative and len(safe) <= _LONGEST_KEY:
        return safe
    mark = hashlib.sha256(relative.encode(errors="surrogateescape")).hexdigest()[:8]
    return f"{safe[:_LONGEST_KEY]}~{mark}"  # no other key has a ~


@dataclass(frozen=True)
class Settled:
    """What the sensor knows between looks: fingerprints by key, of files it handed on and of those it saw."""

    taken: Mapping[str, str]
    seen: Mapping[str, str]

    def encode(self) -> str:
        return json.dumps({"taken": self.taken, "seen": self.seen}, separators=(",", ":"))

    @classmethod
    def decode(cls, cursor: str | None) -> Settled:
        held = json.loads(cursor) if cursor else {}
        return cls(held.get("taken", {}), held.get("seen", {}))

    def look(self, files: Iterable[LandedFile]) -> tuple[list[LandedFile], Settled]:
        """The files that are new and have not changed since the last look, and what to remember.

        They stay to be taken until `take` says that somebody has them. A file that is gone is forgotten.
        """
        here = {file.key: file for file in files}
        taken = {key: mark for key, mark in self.taken.items() if key in here}
        new = [file for key, file in here.items() if taken.get(key) != file.fingerprint]
        ready = [file for file in new if self.seen.get(file.key) == file.fingerprint]
        return ready, Settled(taken, {file.key: file.fingerprint for file in new})

    def take(self, files: Iterable[LandedFile]) -> Settled:
        marks = {file.key: file.fingerprint for file in files}
        seen = {key: mark for key, mark in self.seen.items() if key not in marks}
        return Settled({**self.taken, **marks}, seen)


def ranges(keys: Iterable[str], order: Iterable[str]) -> list[tuple[str, str]]:
    """The keys as first and last of stretches without a gap in `order`: one run can take each stretch."""
    wanted = set(keys)
    stretches: list[tuple[str, str]] = []
    open_from, last = None, ""
    for key in order:
        if key in wanted:
            open_from, last = open_from or key, key
        elif open_from:
            stretches.append((open_from, last))
            open_from = None
    return [*stretches, (open_from, last)] if open_from else stretches


def _walk(folder: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(folder, followlinks=False):
        ours = OURS if Path(at) == folder else frozenset()
        folders[:] = [name for name in folders if not name.startswith(".") and name not in ours]
        for name in names:
            # Hidden files and Excel's locks ("~$…") are somebody else's; unfinished ones end in .part.
            if not name.startswith((".", "~$")) and name.lower().endswith(SUFFIXES):
                yield Path(at, name)


def _landed(folder: Path, path: Path) -> LandedFile | None:
    try:
        found = path.lstat()
    except OSError:
        return None  # gone since it was listed
    if not path.is_file() or path.is_symlink():
        return None
    relative = path.relative_to(folder).as_posix()
    return LandedFile(key_of(relative), path, found.st_size, found.st_mtime_ns)
