"""Screening for callers that hold a text themselves. Nothing of it is stored."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlp.safety.verdicts import Verdict


@dataclass(frozen=True)
class Screened:
    """What was found in a text, and which kinds of personal data are in it."""

    language: str
    verdict: Verdict
    personal_data: list[str]


async def screen(text: str, language: str | None) -> Screened:
    """Screen a text beside the event loop; without a language, in the one it is written in."""
    return await asyncio.to_thread(_screen, text, language)


def _screen(text: str, language: str | None) -> Screened:
    # Rules and models take seconds to load: the first caller waits for them, and not the start of the API.
    from nlp import language as languages
    from nlp import redaction, safety
    from orchestration.gate.judging import strictest

    if language is None:
        language = languages.detect(text).supported or "unknown"
    redacted = redaction.redact(text, language if language != "unknown" else None)
    [verdict] = strictest(safety.screen_many, [text], [language])
    return Screened(language, verdict, sorted({one.kind for one in redacted.replacements}))
