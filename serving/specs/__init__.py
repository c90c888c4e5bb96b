"""The committed descriptions: `impact api specs write` makes them, `impact api specs check` compares.

`published/` has what clients of each version were promised; a change that breaks one of these is refused.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
PUBLISHED = FOLDER / "published"
NEWEST_SPEC = FOLDER / "serving.json"
CATALOGUE = FOLDER / "catalog.json"
EVENTS = FOLDER / "asyncapi.json"
