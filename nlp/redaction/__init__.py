"""Takes out what identifies a person: `redact(text)`, before a text leaves for a model or is evidence."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.redaction.redacting import redact, version
from nlp.redaction.replacements import KINDS, Kind, Redacted, Replacement

__all__ = ["KINDS", "Kind", "Redacted", "Replacement", "redact", "redact_many", "version"]


def redact_many(texts: Sequence[str], languages: Sequence[str | None] | None = None) -> list[Redacted]:
    """Each text redacted on its own, in their order. Numbers of placeholders start anew with each."""
    return [
        redact(text, language) for text, language in zip(texts, languages or [None] * len(texts), strict=True)
    ]
