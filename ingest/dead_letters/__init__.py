"""Dead letters: what cannot be processed, kept as it came, found again, and redriven.

The stream DEAD_LETTERS is the truth for bytes; `ingest.dead_letters` in Postgres says what became of each.
"""

from ingest.dead_letters.letter import DeadLetter

__all__ = ["DeadLetter"]
