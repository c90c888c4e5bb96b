"""Evidently's own report of a window, for whoever wants to look closer.

Slow to import (seconds, and plotly with it), so only drift runs do. All columns go in as categories in our
frozen bins: numbers would get bins that Evidently makes anew from both samples each time.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nlp.drift.series import LABEL_SERIES, LENGTH_SERIES, SCORE_SERIES, ScoredText, answers

COLUMNS = ("language", *(series.name for series in (*LABEL_SERIES, *SCORE_SERIES, LENGTH_SERIES)))
KEPT_PAGES = 40  # of about 4 MB each


def write_page(reference: Sequence[ScoredText], current: Sequence[ScoredText], path: Path) -> Path:
    """Write the report of a window against its baseline, self-contained, and drop the oldest pages."""
    report = evidently_report(reference, current, method="psi", threshold=0.2)
    path.parent.mkdir(parents=True, exist_ok=True)
    report.save_html(str(path))
    pages = sorted(path.parent.glob("*.html"), key=lambda page: page.stat().st_mtime)
    for old in pages[:-KEPT_PAGES]:
        old.unlink(missing_ok=True)
    return path


def evidently_report(
    reference: Sequence[ScoredText], current: Sequence[ScoredText], *, method: str, threshold: float
) -> Any:
    """Evidently's snapshot with the drift of each column."""
    os.environ.setdefault("DO_NOT_TRACK", "1")  # read while Evidently is imported
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations of its own dependencies
        import pandas as pd
        from evidently import DataDefinition, Dataset, Report
        from evidently.metrics import ValueDrift

        definition = DataDefinition(categorical_columns=list(COLUMNS))
        frames = [
            Dataset.from_pandas(pd.DataFrame(_rows(texts), columns=list(COLUMNS)), data_definition=definition)
            for texts in (current, reference)
        ]
        report = Report([ValueDrift(column=name, method=method, threshold=threshold) for name in COLUMNS])
        return report.run(*frames)  # in Evidently's order: what is now, then what was


def evidently_values(snapshot: Any) -> dict[str, float]:
    """Each column's value; the metrics come in the order they were asked for."""
    metrics = snapshot.dict()["metrics"]
    return {name: float(metric["value"]) for name, metric in zip(COLUMNS, metrics, strict=True)}


def _rows(texts: Sequence[ScoredText]) -> list[dict[str, str]]:
    return [{"language": text.language, **answers(text)} for text in texts]
