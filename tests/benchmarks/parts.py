"""Long measurements go in parts; each part remembers the code it was made with, so that the rest is known."""

from __future__ import annotations

import hashlib

from orchestration.stack.layout import PROJECT


def code_of(*sources: str) -> str:
    """A digest of these files and folders of the project. Code that differs has another one."""
    digest = hashlib.sha256()
    for source in sources:
        found = [PROJECT / source, *(PROJECT / source).rglob("*")]
        for path in sorted(path for path in found if path.is_file() and path.suffix != ".pyc"):
            digest.update(f"{path.relative_to(PROJECT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]
