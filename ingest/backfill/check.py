"""Judges the rows of a chunk: typed and good, rejected with a code, or a repetition of an earlier row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ingest.backfill.cells import Context, Problem, clean, read, share_of_scale
from ingest.backfill.errors import Reject
from ingest.backfill.format import Format, Kind
from ingest.backfill.scan import Overview, key_hashes, without_blanks
from ingest.backfill.source import OVERFLOW, ROW

_SHORTENED = "_shortened"  # marks rows whose duration was longer than their times allow


@dataclass(frozen=True)
class Checked:
    """A chunk after judgement. `good` has every column of the format, typed, null where the file lacks it."""

    last_row: int
    row_count: int
    good: pl.DataFrame
    rejects: list[Reject]
    repeated_count: int  # rows that repeat an earlier row of the file word for word
    warnings: Counter[str] = field(default_factory=Counter)


@dataclass
class Checker:
    """Judges chunk after chunk, in the file's order: which row of an id came first is its memory."""

    format_: Format
    columns: Mapping[str, str]
    overview: Overview
    context: Context
    _first: dict[tuple[Any, ...], tuple[int, int]] = field(default_factory=dict)

    @property
    def remembers(self) -> bool:
        """Whether chunks already settled have to be judged again when an import is resumed."""
        return not self.overview.repeated.is_empty()

    def check(self, chunk: pl.DataFrame) -> Checked:
        rows = without_blanks(chunk)
        warnings: Counter[str] = Counter()
        typed, problems = self._read(rows)
        problems = [problem for problem in problems if problem.rows.any()]
        rejects: list[Reject] = []
        hashes = key_hashes(rows, self.format_, self.columns) if self.remembers else None
        good = typed
        if problems:
            bad = pl.select(pl.any_horizontal(*(problem.rows for problem in problems))).to_series()
            rejects = _rejects(
                rows.filter(bad)[ROW].to_list(), [p._replace(rows=p.rows.filter(bad)) for p in problems]
            )
            good = typed.filter(~bad)
            hashes = hashes.filter(~bad) if hashes is not None else None
        repeated_count = 0
        if hashes is not None:
            good, repeated_count, duplicates = self._without_repeats(good, hashes)
            rejects = sorted(rejects + duplicates)
        if _SHORTENED in good.columns:
            warnings["W002"] += int(good[_SHORTENED].sum())
            good = good.drop(_SHORTENED)
        return Checked(chunk[ROW][-1], rows.height, good, rejects, repeated_count, warnings)

    def _read(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
        ragged = Problem("E011", "the row has more cells than the header", rows[OVERFLOW].is_not_null())
        problems = [ragged]
        typed: dict[str, pl.Series] = {ROW: rows[ROW]}
        for column in self.format_.columns:
            position = self.columns.get(column.name)
            cells = rows[position] if position else pl.repeat(None, rows.height, dtype=pl.String, eager=True)
            result = read(column, clean(column, cells), self.context)
            typed[column.name] = result.values
            problems += result.problems
            if column.kind is Kind.RATING:
                typed[f"{column.name}_share"] = share_of_scale(
                    result.values, self.context.scales.get(column.name, 1)
                )
        for earlier, later in self.format_.in_order:
            wrong = (typed[later] < typed[earlier]).fill_null(False)
            problems.append(Problem("E007", f"{later} is before {earlier}", wrong))
        if {"completed_at", "scheduled_at", "duration_minutes"} <= typed.keys():
            problems += _settle_durations(self.format_, typed)
        if "end_reason" in typed:
            unended = (typed["status"] == "ended").fill_null(False) & typed["ended_at"].is_null()
            problems.append(Problem("E002", "ended_at is empty though the status is ended", unended))
        return pl.DataFrame(typed), problems

    def _without_repeats(
        self, good: pl.DataFrame, hashes: pl.Series
    ) -> tuple[pl.DataFrame, int, list[Reject]]:
        """Of rows with one id the first counts: the same again is passed over, other content is rejected."""
        suspects = good.with_row_index("_position").filter(hashes.is_in(self.overview.repeated.implode()))
        dropped: list[int] = []
        rejects: list[Reject] = []
        for suspect in suspects.iter_rows(named=True):
            position, row = suspect.pop("_position"), suspect.pop(ROW)
            content = hash(tuple(map(str, suspect.values())))
            key = tuple(suspect[name] for name in self.format_.key)
            first_row, first_content = self._first.setdefault(key, (row, content))
            if first_row != row:
                dropped.append(position)
                if content != first_content:
                    message = f"{' and '.join(self.format_.key)} as in row {first_row}, with other content"
                    rejects.append(Reject(row, "E010", message))
        if dropped:
            keep = pl.repeat(True, good.height, eager=True).scatter(dropped, False)
            good = good.filter(keep)
        return good, len(dropped) - len(rejects), rejects


def _settle_durations(format_: Format, typed: dict[str, pl.Series]) -> list[Problem]:
    """A session lasted at most from its scheduled start to its end, and just that if nothing is said."""
    completed, given = typed["completed_at"], typed["duration_minutes"]
    lasted = (completed - typed["scheduled_at"]).dt.total_minutes()
    fits = lasted.is_between(1, 480).fill_null(False)
    too_long = (given > lasted).fill_null(False) & fits
    typed[_SHORTENED] = too_long
    typed["duration_minutes"] = pl.select(
        pl.when(given.is_not_null() & ~too_long).then(given).when(fits).then(lasted)
    ).to_series()
    if format_.source_system != "kintell":
        return []  # the buddy system's sessions may go without a duration
    wrong = completed.is_not_null() & typed["duration_minutes"].is_null()
    return [Problem("E004", "duration_minutes is empty, and the times are not 1 to 480 minutes apart", wrong)]


def _rejects(rows: list[int], problems: list[Problem]) -> list[Reject]:
    """One reject per bad row, with the code of its first problem and the messages of all."""
    found: list[dict[str, None]] = [{} for _ in rows]
    codes: list[str] = [""] * len(rows)
    for problem in problems:
        for position in problem.rows.arg_true().to_list():
            # An empty required cell makes other checks speak of the same cell; each message once.
            found[position].setdefault(problem.message)
            codes[position] = codes[position] or problem.code
    return [
        Reject(row, code, "; ".join(messages)) for row, code, messages in zip(rows, codes, found, strict=True)
    ]
