"""Small files for the backfill tests, with ids of their own so that tests do not meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

LANGUAGE = (
    "session_id,participant_email,volunteer_email,scheduled_at,completed_at,duration_minutes,rating,feedback_text,"
    "language_level,topics,metadata"
)


@dataclass
class LanguageFile:
    """Rows of a Kintell language export; `row` starts from a good one and changes what a test is about."""

    path: Path
    tag: str = field(default_factory=lambda: uuid4().hex[:12])
    rows: list[str] = field(default_factory=list)
    delimiter: str = ","

    def id_of(self, number: int) -> str:
        return f"LS-{self.tag}-{number}"

    def row(self, number: int, **changed: str) -> LanguageFile:
        cells = {
            "session_id": self.id_of(number),
            "participant_email": f"oksana{number % 7}.{self.tag}@example.org",
            "volunteer_email": f"ingrid{number % 3}.{self.tag}@example.com",
            "scheduled_at": "2025-10-02T16:00:00Z",
            "completed_at": "2025-10-02T16:47:00Z",
            "duration_minutes": "47",
            "rating": "4.5",
            "feedback_text": '"Snakket om jobb, veldig nyttig"',
            "language_level": "B1",
            "topics": '"work,daily life"',
            "metadata": '"{""room"":""k-17""}"',
            **changed,
        }
        self.rows.append(self.delimiter.join(cells.values()))
        return self

    def good(self, count: int) -> LanguageFile:
        for number in range(1, count + 1):
            self.row(number)
        return self

    def write(self, *, header: str = LANGUAGE, newline: str = "\n", before: bytes = b"") -> Path:
        header = header.replace(",", self.delimiter)
        self.path.write_bytes(before + newline.join([header, *self.rows, ""]).encode())
        return self.path
