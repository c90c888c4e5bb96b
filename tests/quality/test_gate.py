"""A batch passes, passes with warnings or is withheld, for reasons written down without quoting it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.backfill import FORMATS
from ingest.quality.gate import ExpectationsGate
from ingest.quality.measures import measure
from ingest.quality.suites import SUITES, read_suites, suite_of

WITHOUT_A_SUITE = {"upskilling-credentials"}  # the common expectations say all there is to say


@pytest.fixture
def gate(tmp_path: Path) -> ExpectationsGate:
    return ExpectationsGate(tmp_path / "quality")


def good_sessions(landing: Any, count: int = 30) -> None:
    for number in range(count):
        landing.event(
            {
                "scheduledAt": "2026-09-01T10:00:00Z",
                "completedAt": "2026-09-01T10:45:00Z",
                "durationMinutes": 45,
            },
            event_type="kintell.session.completed",
        )
        landing.event({"rating": (number % 5) / 4, "feedbackText": "Snakket om jobb og hverdag"})


def test_a_good_batch_passes(landing: Any, gate: ExpectationsGate) -> None:
    good_sessions(landing)
    verdict = gate.judge(landing.batch(total_rows=30, success_rows=30))
    assert (verdict.passed, verdict.critical, verdict.warnings) == (True, (), ())
    assert verdict.report["status"] == "passed"
    assert verdict.report["suite"] == "sessions"
    judged = {one["name"] for one in verdict.report["expectations"] if one["passed"]}
    assert {"1 ≤ row_count ≤ 20,000,000", "rejected_share ≤ 0.5", "10 ≤ minutes_median ≤ 180"} <= judged


def test_a_warning_is_written_down_and_holds_nothing(landing: Any, gate: ExpectationsGate) -> None:
    good_sessions(landing)
    verdict = gate.judge(landing.batch(total_rows=33, success_rows=30, error_rows=3))
    assert verdict.passed
    assert verdict.warnings == ("rejected_share ≤ 0.05",)
    assert verdict.report["status"] == "passed with warnings"


def test_a_critical_failure_withholds_the_batch_and_names_rows(landing: Any, gate: ExpectationsGate) -> None:
    good_sessions(landing)
    landing.event({"rating": 4.0, "feedbackText": "Anna Hansen var hyggelig"})
    verdict = gate.judge(landing.batch())
    assert not verdict.passed
    assert verdict.critical == ("rating_highest ≤ 1",)
    [failed] = [one for one in verdict.report["expectations"] if one["name"] == "rating_highest ≤ 1"]
    assert (failed["observed"], failed["rows"]) == (4.0, (61,))


@pytest.mark.parametrize(
    ("spoil", "expectation"),
    [
        (lambda landing: {"total_rows": 0, "event_count": 60}, "1 ≤ row_count ≤ 20,000,000"),
        (lambda landing: {"total_rows": 30, "event_count": 61}, "landed_share = 1"),
        (lambda landing: {"total_rows": 70, "error_rows": 40}, "rejected_share ≤ 0.5"),
        (lambda landing: landing.rows.extend(landing.rows[:2]), "repeated_event_share ≤ 0.01"),
        (
            lambda landing: landing.event({"durationMinutes": 2700}, event_type="kintell.session.completed"),
            "minutes_highest ≤ 480",
        ),
        (
            lambda landing: landing.event(
                {"scheduledAt": "2026-09-01T10:00:00Z", "completedAt": "2026-08-31T10:00:00Z"}
            ),
            "reversed_share ≤ 0",
        ),
        (
            lambda landing: [landing.event({"notes": "Ð”ÑƒÐ¶Ðµ ÐºÐ¾Ñ€Ð¸ÑÐ½Ð°"}) for _ in range(20)],
            "damaged_text_share ≤ 0.2",
        ),
    ],
    ids=["no rows", "lost events", "mostly rejected", "repeated ids", "seconds", "reversed", "encoding"],
)
def test_what_withholds_a_batch(
    landing: Any, gate: ExpectationsGate, spoil: Callable[[Any], Any], expectation: str
) -> None:
    good_sessions(landing)
    counts = spoil(landing)
    verdict = gate.judge(landing.batch(**(counts if isinstance(counts, dict) else {})))
    assert expectation in verdict.critical


def test_rows_of_unknown_matches_are_withheld_when_they_are_most_of_a_file(
    landing: Any, gate: ExpectationsGate
) -> None:
    for _ in range(20):
        landing.event({"mood": "good"}, event_type="buddy.checkin.completed")
    verdict = gate.judge(landing.batch("buddy-checkins", warnings={"W001": 15}))
    assert verdict.critical == ("unknown_match_share ≤ 0.5",)


def test_a_handful_of_rows_is_not_judged_by_shares(landing: Any, gate: ExpectationsGate) -> None:
    landing.event({"rating": 0.5})
    verdict = gate.judge(landing.batch(total_rows=3, success_rows=1, error_rows=2))
    assert verdict.passed
    skipped = {one["name"] for one in verdict.report["expectations"] if one["passed"] is None}
    assert "rejected_share ≤ 0.5" in skipped


def test_the_page_fetches_nothing_and_quotes_nothing(landing: Any, gate: ExpectationsGate) -> None:
    good_sessions(landing)
    landing.event({"rating": 4.0, "feedbackText": "Anna Hansen var hyggelig"})
    verdict = gate.judge(landing.batch())
    pages = {path.relative_to(gate.folder).as_posix() for path in gate.folder.rglob("*.*")}
    assert pages == {
        "index.html", f"{landing.batch_id}.html", f"{landing.batch_id}.json",
        *(f"suites/{suite.name}.html" for suite in SUITES),
    }  # fmt: skip
    for name in pages:
        text = (gate.folder / name).read_text("utf-8")
        assert "Anna" not in text, name
        assert not re.search(r"""(src|href)=["']?(https?:)?//|<script""", text), name
    page = (gate.folder / verdict.report["page"]).read_text("utf-8")
    for shown in ("withheld", "rating_highest ≤ 1", "61", "wrong scale"):
        assert shown in page, shown
    index = (gate.folder / "index.html").read_text("utf-8")
    assert f'href="{landing.batch_id}.html"' in index
    assert "withheld" in index
    figures = json.loads((gate.folder / f"{landing.batch_id}.json").read_text("utf-8"))
    assert figures["measures"]["rating_highest"] == 4.0


def test_judging_again_gives_the_same_verdict_and_one_page(landing: Any, gate: ExpectationsGate) -> None:
    good_sessions(landing)
    batch = landing.batch(total_rows=40, error_rows=10)
    first, second = gate.judge(batch), gate.judge(batch)
    assert (first.passed, first.critical, first.warnings) == (second.passed, second.critical, second.warnings)
    assert len(list(gate.folder.glob("*.json"))) == 1


def test_a_folder_that_cannot_be_written_holds_no_batch_up(landing: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    good_sessions(landing)
    assert ExpectationsGate(tmp_path / "taken").judge(landing.batch(total_rows=30)).passed


def test_every_format_has_a_suite_of_its_own_and_every_measure_exists(landing: Any) -> None:
    assert not [name for name in FORMATS if suite_of(name).name == "other" and name not in WITHOUT_A_SUITE]
    good_sessions(landing)
    measured = measure(landing.batch()).values
    assert not [one.measure for suite in SUITES for one in suite.expectations if one.measure not in measured]


def test_a_suite_without_bounds_or_with_an_unknown_claim_is_refused() -> None:
    head = "version: '1'\nclaims: {a: b}\nsuites: {}\n"
    bad = head + "common: [{claim: a, measure: m, severity: warning, why: w}]"
    with pytest.raises(ValueError, match="neither low nor high"):
        read_suites(bad)
    with pytest.raises(ValueError, match="claims and expectations differ"):
        read_suites(head + "common: []")


def test_nothing_but_a_judge_loads_great_expectations() -> None:
    code = (
        "import sys, serving.app, orchestration.definitions, ingest.backfill.command, ingest.worker.__main__,"
        " ingest.quality.gate; print('great_expectations' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout.strip().endswith("False"), done.stderr
