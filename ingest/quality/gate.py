"""The gate of the platform: every landed batch is held against the suite of its format."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import structlog

from ingest.backfill.gate import LandedBatch, Verdict
from ingest.quality import pages
from ingest.quality.measures import Measured, measure
from ingest.quality.suites import SUITES, Expected, Suite, suite_of

log = structlog.get_logger("quality")


@dataclass(frozen=True)
class Outcome:
    """One expectation and what became of it. `passed` is None where there was too little to judge."""

    name: str
    claim: str
    severity: str
    passed: bool | None
    observed: float | None
    why: str
    rows: tuple[int, ...] = ()  # some rows of the file to look at


@dataclass(frozen=True)
class ExpectationsGate:
    """Measures a batch in ClickHouse, judges it with Great Expectations and writes its page of Data Docs.

    Judging twice gives the same verdict and replaces the page. An unwritten page holds no batch up.
    """

    folder: Path  # of the pages
    suites: tuple[Suite, ...] = SUITES

    def prepare(self) -> None:
        # Its seconds of loading pass while the batch is read. Nothing waits for the thread but a judge's own
        # import, which waits for one that has begun; what is wrong with it, that import says again.
        threading.Thread(target=_load, name="load-great-expectations", daemon=True).start()

    def judge(self, batch: LandedBatch) -> Verdict:
        started = perf_counter()
        suite = suite_of(batch.file_format, self.suites)
        measured = measure(batch)
        measured_after = perf_counter()
        outcomes, validation = _validated(suite, batch, measured)
        failed = [one for one in outcomes if one.passed is False]
        critical = tuple(one.name for one in failed if one.severity == "critical")
        report = {
            "batch_id": str(batch.batch_id),
            "file_format": batch.file_format,
            "suite": suite.name,
            "suite_version": suite.version,
            "judged_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "status": "withheld" if critical else "passed with warnings" if failed else "passed",
            "page": f"{batch.batch_id}.html",
            "measures": {name: value for name, value in measured.values.items() if value is not None},
            "expectations": [asdict(one) for one in outcomes],
            "measuring_s": round(measured_after - started, 2),
        }
        try:
            pages.write(self.folder, report, validation, suite)
        except OSError as error:
            log.warning(
                "the page of a judged batch was not written",
                batch_id=str(batch.batch_id),
                error=error.strerror,
            )
        report["seconds"] = round(perf_counter() - started, 2)
        return Verdict(
            passed=not critical,
            critical=critical,
            warnings=tuple(one.name for one in failed if one.severity == "warning"),
            report=report,
        )


def _load() -> None:
    with suppress(Exception):
        from great_expectations.render.renderer import page_renderer  # noqa: F401

        from ingest.quality import expectations  # noqa: F401


def _validated(suite: Suite, batch: LandedBatch, measured: Measured) -> tuple[list[Outcome], Any]:
    from ingest.quality import expectations  # Great Expectations: seconds that only a judge pays

    judged = [
        one
        for one in suite.expectations
        if measured.values.get(one.measure) is not None and batch.total_rows >= one.from_rows
    ]
    validation = expectations.validate(suite, judged, measured.values)
    passed = expectations.passed_by_name(validation)
    return [_outcome(one, passed.get(one.name), measured) for one in suite.expectations], validation


def _outcome(expected: Expected, passed: bool | None, measured: Measured) -> Outcome:
    return Outcome(
        name=expected.name,
        claim=expected.claim,
        severity=expected.severity,
        passed=passed,
        observed=measured.values.get(expected.measure),
        why=expected.why,
        rows=() if passed is not False else tuple(measured.example_rows.get(expected.measure, ())),
    )
