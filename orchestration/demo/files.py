"""The programme as the files its sources export: reference data, and history as CSV for the landing folder.

Exports are never tidy, so these are not either: rows come twice, some are wrong in every way the importer
knows, a few files use semicolons, a byte-order mark and local time. What is wrong is counted, row by row.
A file appears under its name only when it is complete.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from orchestration.demo.exports import Format, Row, export_of
from orchestration.demo.facts import Fact
from orchestration.demo.ledger import period_of
from orchestration.demo.population import Population
from orchestration.demo.window import chance

_REPEATED_SHARE = 0.005
_WRONG_SHARE = 0.005
_QUARTERS_FROM = 0.5  # below this scale a quarter has few rows of anything


@dataclass(frozen=True)
class WrittenFile:
    """What a file holds: `rows` in all, of which `repeated` came before and `wrong` break a rule, by code."""

    path: Path
    format: str
    rows: int
    repeated: int
    wrong: Mapping[str, int]
    sha256: str


@dataclass
class LandingFolder:
    """Writes history, one file per format and quarter or year, into `folder`."""

    folder: Path
    population: Population
    _open: dict[tuple[str, str], _OpenFile] = field(default_factory=dict)

    def add(self, fact: Fact) -> None:
        """Write the fact, if its source exports it."""
        exported = export_of(self.population.window, fact)
        if exported is None:
            return
        form, at, row = exported
        is_small = form.years or self.population.scale < _QUARTERS_FROM
        period = f"{at.year}" if is_small else period_of("quarter", at)
        if (file := self._open.get((form.name, period))) is None:
            file = self._open[form.name, period] = _OpenFile.start(self.folder, form, period, self.population)
        file.add(row)

    def finish(self) -> list[WrittenFile]:
        """Close every file and put it under its name."""
        files = [file.finish() for _, file in sorted(self._open.items())]
        self._open.clear()
        return files


def write_reference(folder: Path, population: Population) -> None:
    """The three files that `impact companies import` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_table(
        folder / "companies.csv",
        ("company_id", "name", "industry", "country", "employee_size", "time_zone"),
        (
            (str(c.company_id), c.name, c.industry, "NO", c.employee_size, "Europe/Oslo")
            for c in population.companies
        ),
    )
    _write_table(
        folder / "company_members.csv",
        ("company_id", "email", "first_name", "last_name", "joined_on", "left_on", "is_primary"),
        (
            (str(m.company_id), v.email, v.first_name, v.last_name, str(m.joined_on), str(m.left_on or ""),
             str(m.is_primary).lower())
            for v in population.volunteers
            for m in v.memberships
        ),
    )  # fmt: skip
    _write_table(
        folder / "program_instances.csv",
        ("program_instance_id", "company_id", "program_type", "program_name", "program_slug", "start_date",
         "end_date", "status"),
        (
            (str(i.instance_id), str(i.company_id or ""), i.program_type, i.name, i.slug, str(i.start_on),
             str(i.end_on or ""), i.status)
            for i in population.instances
        ),
    )  # fmt: skip


class _OpenFile:
    """A file being written beside its final name. Every choice follows from the seed and the file's name."""

    def __init__(
        self, path: Path, form: Format, stream: IO[str], population: Population, dialect: str
    ) -> None:
        self.path, self.form, self.stream = path, form, stream
        self.rng = chance(population.seed, "file", path.name)
        self.writer = csv.DictWriter(
            stream,
            form.columns,
            restval="",
            delimiter=";" if dialect == "spreadsheet" else ",",
            lineterminator="\r\n" if dialect == "spreadsheet" else "\n",
        )
        self.writer.writeheader()
        self.rows, self.repeated, self.last = 0, 0, Row()
        self.wrong: Counter[str] = Counter()
        self.first_wrong = self.rng.randrange(100)  # small files take turns at what is wrong

    @classmethod
    def start(cls, folder: Path, form: Format, period: str, population: Population) -> _OpenFile:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{form.stem}-{period}.csv"
        dialect = form.dialects[int(period[-1]) % len(form.dialects)]
        encoding = "utf-8-sig" if dialect == "spreadsheet" else "utf-8"
        stream = path.with_name(path.name + ".part").open("w", encoding=encoding, newline="")
        return cls(path, form, stream, population, dialect)

    def add(self, row: Row) -> None:
        self._write(row)
        self.last = row
        if self.rng.random() < _REPEATED_SHARE:
            self._repeat()
        if self.form.wrong and self.rng.random() < _WRONG_SHARE:
            self._spoil()

    def finish(self) -> WrittenFile:
        # However small the file is, it has one of each.
        if not self.repeated:
            self._repeat()
        if self.form.wrong and not self.wrong:
            self._spoil()
        self.stream.close()
        part = Path(self.stream.name)
        sha256 = _sha256(part)
        part.replace(self.path)
        return WrittenFile(self.path, self.form.name, self.rows, self.repeated, dict(self.wrong), sha256)

    def _write(self, row: Row) -> None:
        self.writer.writerow(row)
        self.rows += 1

    def _repeat(self) -> None:
        self._write(self.last)
        self.repeated += 1

    def _spoil(self) -> None:
        code, changes = self.form.wrong[(self.first_wrong + sum(self.wrong.values())) % len(self.form.wrong)]
        first = self.form.columns[0]
        # An id of its own: otherwise it might be taken for another version of a good row.
        own = {first: f"X-{self.path.stem}-{self.rows}"} if first.endswith("_id") else {}
        changed = {name: text.format(**self.last) for name, text in changes.items()}
        self._write({**self.last, **own, **changed})
        self.wrong[code] += 1


def _write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    part.replace(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
