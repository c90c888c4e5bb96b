"""Which code is running, for whoever asks later why something was given up."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path


@cache
def code_version() -> str:
    """The release and a fingerprint of this package's source: it differs as soon as the code does."""
    digest = sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return f"{version('impact-platform')}+{digest.hexdigest()[:8]}"
