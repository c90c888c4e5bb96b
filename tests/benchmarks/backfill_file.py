"""Writes a large file of language sessions: two years of them, 40 % rated, 1 % with a rating that is none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

TEXTS = (
    "Snakket om jobb, veldig nyttig",
    "Ми говорили про роботу і навчання",
    'Very helpful, we practised "interviews"',
    "Lærte mange nye ord i dag, og vi skal møtes igjen neste uke",
)
START = datetime(2024, 10, 1)  # noqa: DTZ001 - written with a Z below
SPAN_S = 720 * 24 * 3600
_AT_ONCE = 500_000


def write_language_file(path: Path, rows: int, *, seed: int) -> None:
    """The same file for the same arguments. People repeat: a participant has some twenty sessions."""
    with path.open("wb") as file:
        for first in range(0, rows, _AT_ONCE):
            number = pl.int_range(first, min(first + _AT_ONCE, rows), eager=True).alias("n").to_frame()
            file.write(number.select(**_cells(rows, seed)).write_csv(include_header=first == 0).encode())


def _cells(rows: int, seed: int) -> dict[str, pl.Expr]:
    n = pl.col("n")
    start = pl.lit(START) + pl.duration(seconds=n * 7919 % SPAN_S)
    minutes = 20 + n % 41
    is_rated = n % 5 < 2
    rating = pl.when(n % 100 == 7).then(pl.lit("9")).when(is_rated).then((2 + n % 7 * 0.5).cast(pl.String))
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    return {
        "session_id": pl.format("LS-{}-{}", pl.lit(seed), n),
        "participant_email": pl.format("participant{}@example.org", n * 31 % max(50, rows // 20)),
        "volunteer_email": pl.format("volunteer{}@example.com", n * 17 % max(20, rows // 60)),
        "scheduled_at": start.dt.strftime(stamp),
        "completed_at": (start + pl.duration(minutes=minutes)).dt.strftime(stamp),
        "duration_minutes": minutes,
        "rating": rating,
        "feedback_text": pl.when(is_rated).then(pl.lit(pl.Series(TEXTS)).gather(n % 4)),
        "language_level": pl.lit(pl.Series(["A1", "A2", "b1", "B2"])).gather(n % 4),
        "topics": pl.lit(pl.Series(["work", "work,daily life", "grammar"])).gather(n % 3),
        "metadata": pl.when(n % 3 == 0).then(pl.concat_str(pl.lit('{"room":"k-'), n % 40, pl.lit('"}'))),
    }
