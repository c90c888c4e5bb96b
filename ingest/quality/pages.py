"""Data Docs: one page per judged batch, one per suite, and a list of the newest batches.

Great Expectations renders the results; the frame around them is ours (`views/`), since its own fetches
scripts and styles from other hosts. A page holds figures of a batch and row numbers: no file name, no cell.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from ingest.quality.suites import SUITES, Suite

LISTED = 200
_VIEWS = Path(__file__).parent / "views"


def write(folder: Path, report: Mapping[str, Any], validation: Any, suite: Suite) -> None:
    """Write a batch's page and its figures (`<batch id>.json`), then bring the list up to date."""
    batch_id = report["batch_id"]
    _replace(folder / f"{batch_id}.html", _batch_page(report, validation))
    _replace(folder / f"{batch_id}.json", json.dumps(report, indent=1))
    suite_page = folder / "suites" / f"{suite.name}.html"
    if not suite_page.exists() or f"version {suite.version}<" not in suite_page.read_text("utf-8"):
        for each in SUITES:
            _replace(folder / "suites" / f"{each.name}.html", _suite_page(each))
    _replace(folder / "index.html", _index(folder, suite.version))


def _batch_page(report: Mapping[str, Any], validation: Any) -> str:
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    skipped = [one["name"] for one in report["expectations"] if one["passed"] is None]
    rows = sorted({row for one in report["expectations"] for row in one["rows"]})
    facts = {
        "verdict": report["status"],
        "format": report["file_format"],
        "suite": f"{report['suite']}, version {report['suite_version']}",
        "judged": report["judged_at"],
        "not judged, too little data": ", ".join(skipped) or "nothing",
        "rows of the file to look at": ", ".join(map(str, rows)) or "none in particular",
    }
    # The renderer reads both only to say which run it was.
    validation.meta.setdefault("run_id", {"run_name": report["batch_id"], "run_time": report["judged_at"]})
    content = ValidationResultsPageRenderer().render(validation)
    return _render(
        content, heading=f"Batch {report['batch_id']}", home="./", facts=facts, measures=report["measures"]
    )


def _suite_page(suite: Suite) -> str:
    from great_expectations.render.renderer.page_renderer import ExpectationSuitePageRenderer

    from ingest.quality.expectations import as_gx_suite

    content = ExpectationSuitePageRenderer().render(as_gx_suite(suite))  # type: ignore[no-untyped-call]
    formats = ", ".join(f"{beginning}…" for beginning in suite.formats if beginning)
    facts = {"suite": f"version {suite.version}", "formats": formats or "every other one"}
    return _render(content, heading=f"Suite {suite.name}", home="../", facts=facts)


@cache
def _view() -> Any:
    from great_expectations.render.view.view import DefaultJinjaPageView

    return DefaultJinjaPageView(custom_views_directory=str(_VIEWS))


def _render(content: Any, **values: Any) -> str:
    return str(_view().render(content, template="landed_batch.j2", **values))


def _index(folder: Path, version: str) -> str:
    from jinja2 import Environment, FileSystemLoader

    newest = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True)[:LISTED]
    batches = []
    for path in newest:
        with suppress(ValueError):  # a figure file that somebody edited
            batches.append(json.loads(path.read_text("utf-8")))
    page = Environment(loader=FileSystemLoader(_VIEWS), autoescape=True).get_template("landed_index.j2")
    return page.render(
        batches=batches, limit=LISTED, version=version, suites=[suite.name for suite in SUITES]
    )


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
