"""A privacy declaration as the tags of a Dagster asset: `privacy/people` and `privacy/erase`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def privacy_tags(meta: Mapping[str, Any]) -> dict[str, str]:
    """Tags from a dbt resource's meta; none where it declares nothing."""
    privacy = meta.get("privacy")
    if not privacy:
        return {}
    return {
        "privacy/people": "yes" if privacy.get("subject_keys") else "no",
        "privacy/erase": str(privacy["erase"]),
    }
