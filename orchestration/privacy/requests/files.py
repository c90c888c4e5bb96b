"""Where finished exports lie: one file per request, for their owner alone, until their time is over."""

from __future__ import annotations

from pathlib import Path

DRAFT = ".part"  # of a file that is being written


def folder_of(home: Path) -> Path:
    """The folder of exports below the data folder."""
    return home / "privacy" / "exports"
