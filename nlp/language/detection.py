"""What the detector answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from nlp.labels import Language


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of the text in one language; `text[start:end]` in characters of the text as it was given."""

    start: int
    end: int
    language: str


@dataclass(frozen=True, slots=True)
class Detection:
    """The language of a text: `en`, `uk`, `no`, `other:<code>`, `ambiguous` or `unknown`.

    `ambiguous` names its candidates: the text is good Norwegian and good Danish, or cannot be told from
    Russian. Mixed text has the language most of its letters are in, and a segment per run.
    """

    language: str
    probability: float
    candidates: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()

    @property
    def supported(self) -> Language | None:
        """The language where the platform can score it, None for every other answer."""
        for language in get_args(Language):
            if self.language == language:
                return language  # type: ignore[no-any-return]
        return None

    @property
    def languages(self) -> frozenset[str]:
        """Every language the text is in; more than one for mixed text."""
        return frozenset(segment.language for segment in self.segments) or frozenset({self.language})

    @property
    def is_mixed(self) -> bool:
        return len(self.languages) > 1


UNKNOWN = Detection("unknown", 0.0)
