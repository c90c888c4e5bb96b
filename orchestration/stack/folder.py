"""The marker that makes a folder a platform's data folder, and the refusal of every other folder."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path

from orchestration.stack.errors import PlatformError

FORMAT = 1  # raised when an older platform could not use the folder any more
MARKER = "impact.json"
FOLDERS = ("logs", "run", "clickhouse", "nats", "postgres", "dagster", "dbt", "landing")


def claim(home: Path) -> str:
    """Make `home` a data folder, or check that it is one; returns the platform's id.

    The id is random and is part of every child's environment, so `impact down` recognises what it started.
    """
    try:
        if not (home / MARKER).exists():
            _create(home)
        stack_id = read_id(home)
        for folder in FOLDERS:
            (home / folder).mkdir(exist_ok=True)
        (home / "run").chmod(0o700)
    except OSError as error:
        raise PlatformError(
            f"cannot use {home} as data folder: {error.strerror or error}."
            " Set IMPACT_HOME to a folder this user may write, on a local disk."
        ) from error
    return stack_id


def read_id(home: Path) -> str:
    """The id in the marker of `home`; refuses a folder without one, a damaged one and a newer format."""
    marker = home / MARKER
    try:
        content = json.loads(marker.read_text("utf-8"))
        found, stack_id = int(content["format"]), str(uuid.UUID(content["id"]))
    except FileNotFoundError:
        raise PlatformError(
            f"there is no platform in {home} yet. `impact up` creates one;"
            " if it is elsewhere, set IMPACT_HOME to its folder."
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise PlatformError(
            f"{marker} is damaged ({type(error).__name__}). Restore the folder from a backup,"
            " or move it away and start afresh."
        ) from error
    if found > FORMAT:
        raise PlatformError(
            f"{home} was written by a newer platform (folder format {found}, this version knows {FORMAT})."
            " Use that version, or set IMPACT_HOME to another folder."
        )
    return stack_id


def _create(home: Path) -> None:
    if home.exists() and any(home.iterdir()):
        raise PlatformError(
            f"{home} is not empty and is not a platform's data folder (it has no {MARKER}). Nothing was"
            " changed. Set IMPACT_HOME to an empty or new folder."
        )
    home.mkdir(parents=True, exist_ok=True)
    # Search without listing: Postgres, which gives up root, has to reach its own folder below.
    home.chmod(0o711)
    content = {"format": FORMAT, "id": str(uuid.uuid4()), "created_at": datetime.now(UTC).isoformat()}
    # Written whole or not at all: a half-written marker would lock its owner out.
    draft = home / f"{MARKER}.new"
    draft.write_text(json.dumps(content, indent=2), encoding="utf-8")
    draft.replace(home / MARKER)
