"""Which language a text is in: English, Ukrainian, Norwegian, and an honest answer for everything else."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.labels import Language
from nlp.language.detection import Detection, Segment

__all__ = ["Detection", "Segment", "detect", "detect_many"]


def detect(text: str, prior: Language | None = None) -> Detection:
    """The language of one text; `prior` is the participant's known language, if any.

    The first call loads the detector (two seconds, 170 MB). For many texts take `detect_many`: it works on
    hundreds at a time.
    """
    return detect_many([text], [prior])[0]


def detect_many(texts: Sequence[str], priors: Sequence[Language | None] | None = None) -> list[Detection]:
    """One detection per text, in the order given."""
    from nlp.language.detector import shared_detector  # numpy and the word lists, for those who detect

    return shared_detector().detect_many(texts, priors)
