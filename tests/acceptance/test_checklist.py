"""The checklist names proofs that exist, and its report says no better than they and the results do."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from orchestration.stack.layout import PROJECT
from tests.acceptance import report, running
from tests.acceptance.lines import Checklist, Line, checklist
from tests.acceptance.readings import Reports, UnreadableReportError
from tests.benchmarks.reports import FOLDER

MEASURE = {"says": "a share", "report": "shares", "value": "found.share", "command": "measure shares"}


def of(*lines: Line, **goals: Any) -> Checklist:
    parts = [{"letter": letter, "title": letter, "lines": [line for line in lines if line.id[0] == letter]}
             for letter in sorted({line.id[0] for line in lines})]  # fmt: skip
    return Checklist.model_validate({"parts": parts, "goals": goals.get("goals", [])})


def line(name: str = "A1", **more: Any) -> Line:
    return Line.model_validate(
        {"id": name, "says": f"line {name}", "tests": [f"t/{name}.py::test_it"], **more}
    )


def reports(folder: Path, **documents: object) -> Reports:
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return Reports(folder)


def ended(name: str, outcome: str) -> dict[str, Any]:
    result = running.Result(outcome=outcome, at="2026-11-27T12:00:00+00:00", seconds=1.5, tests=1)  # type: ignore[arg-type]
    return {"at": "2026-11-27", "lines": {name: asdict(result)}}


def test_every_part_of_the_brief_has_its_lines() -> None:
    lines = checklist()
    assert "".join(part.letter for part in lines.parts) == "ABCDEFGHIJ"
    assert all(len(part.lines) >= 3 for part in lines.parts)


@pytest.mark.parametrize("proof", sorted({test for one in checklist() for test in one.tests}))
def test_every_proof_is_a_test_that_exists(proof: str) -> None:
    path, _, name = proof.partition("::")
    assert (PROJECT / path).exists()
    if name:
        tree = ast.parse((PROJECT / path).read_text("utf-8"))
        found = [
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        assert name in found


def test_every_walk_is_of_a_line() -> None:
    """A test of the walk that no line names would never run: the test suite leaves the walk out."""
    named = {test for one in checklist() for test in one.tests}
    assert set(_walked()) <= named


def _walked() -> Iterator[str]:
    for path in sorted(Path(__file__).parent.glob("walk_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield f"{path.relative_to(PROJECT)}::{node.name}"


def test_the_committed_page_is_what_the_results_say() -> None:
    found = report.differences()
    assert not found, "run `python -m tests.acceptance.report`:\n" + "\n".join(found)


def test_every_measured_figure_is_in_its_report() -> None:
    lines = checklist()
    every = [*lines.goals, *(measure for one in lines for measure in one.measured)]
    assert [measure.report for measure in every if Reports(FOLDER).read(measure).verdict == "not measured"
            and (FOLDER / f"{measure.report}.json").exists()] == []  # fmt: skip


def test_a_figure_beyond_its_bound_fails_the_line(tmp_path: Path) -> None:
    one = line(measured=[{**MEASURE, "at_most": 0.5}])
    found = reports(
        tmp_path, shares={"found": {"share": 0.6}, "at": "2026-11-26"}, acceptance=ended("A1", "pass")
    )
    page = report.page(of(one), found)
    assert "1 lines: 0 pass, 1 fail, 0 not measured" in page
    assert "| [0.6](shares.json) (≤ 0.5) | 2026-11-26 | **fail** |" in page


def test_a_good_figure_proves_no_line_whose_short_form_never_ran(tmp_path: Path) -> None:
    one = line(measured=[{**MEASURE, "at_least": 0.5}])
    page = report.page(of(one), reports(tmp_path, shares={"found": {"share": 0.6}}))
    assert "0 pass, 0 fail, 1 not measured" in page


def test_a_report_that_is_not_there_is_not_measured(tmp_path: Path) -> None:
    one = line(measured=[{**MEASURE, "at_least": 0.5}])
    page = report.page(of(one), reports(tmp_path, acceptance=ended("A1", "pass")))
    assert "1 pass, 0 fail, 0 not measured" in page
    assert "|  | a share | `measure shares` | (≥ 0.5) |  | not measured |" in page


def test_a_void_run_is_not_measured(tmp_path: Path) -> None:
    one = line(measured=[{**MEASURE, "value": "measured.figures.share", "at_least": 0.5}])
    void = {"measured": {"figures": {}, "void": ["the books do not balance"]}}
    page = report.page(of(one), reports(tmp_path, shares=void, acceptance=ended("A1", "pass")))
    assert "| (≥ 0.5) |  | not measured |" in page


def test_a_report_without_the_figure_is_an_error_and_no_pass(tmp_path: Path) -> None:
    one = line(measured=[{**MEASURE, "at_least": 0.5}])
    with pytest.raises(UnreadableReportError, match=r"shares\.json has no number at found\.share"):
        report.page(of(one), reports(tmp_path, shares={"found": {}}))


def test_a_line_passes_by_tests_that_ran(tmp_path: Path) -> None:
    """Parameters belong to their test; a test that was not found, or all of them skipped, proves nothing."""
    recorder = running.Recorder(print)
    recorder.outcomes = {
        "t/A1.py::test_it[1]": "passed", "t/A1.py::test_it[2]": "skipped", "t/A2.py::test_it": "failed",
        "t/A3.py::test_it": "skipped", "t/A5.py::test_it_too": "passed",
    }  # fmt: skip
    recorder.seconds = dict.fromkeys(recorder.outcomes, 0.5)
    lines = [line(name) for name in ("A1", "A2", "A3", "A4", "A5")]
    found = {one.id: running.result_of(one, recorder) for one in lines}
    assert {name: result.outcome for name, result in found.items()} == {
        "A1": "pass", "A2": "fail", "A3": "not measured", "A4": "fail", "A5": "fail",
    }  # fmt: skip
    assert (found["A1"].tests, found["A1"].skipped) == (2, ["t/A1.py::test_it[2]"])
    assert found["A4"].failed == ["t/A4.py::test_it"]
    running.write(found, tmp_path / "acceptance.json", commit="abc")
    running.write({"A2": found["A1"]}, tmp_path / "acceptance.json", commit="def")
    kept = json.loads((tmp_path / "acceptance.json").read_text("utf-8"))["lines"]
    assert {name: result["outcome"] for name, result in kept.items()} == {
        "A1": "pass", "A2": "pass", "A3": "not measured", "A4": "fail", "A5": "fail",
    }  # fmt: skip


def test_lines_are_chosen_by_id_and_by_part() -> None:
    lines = of(line("A1"), line("A2"), line("B1"))
    assert [one.id for one in lines.selected(("B", "A2"))] == ["A2", "B1"]
    with pytest.raises(ValueError, match="there is no line C9; there are A, A1, A2, B, B1"):
        lines.selected(("C9",))


def test_a_run_tells_what_passed_and_what_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By pytest itself, on files of this test, and by a command."""
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "A1.py").write_text("def test_it():\n    pass\n", encoding="utf-8")
    (tmp_path / "t" / "A2.py").write_text("def test_it():\n    assert 'told' == 0\n", encoding="utf-8")
    monkeypatch.setattr(running, "PROJECT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)  # folders and reports of the run around this one
    said: list[str] = []
    three = [line("A1"), line("A2"), line("A3", tests=[], command=["false"])]
    found = running.run(three, log=tmp_path / "log", say=said.append, workers=1)
    assert {name: result.outcome for name, result in found.items()} == {
        "A1": "pass",
        "A2": "fail",
        "A3": "fail",
    }
    assert found["A3"].failed == ["false (ended with 1)"]
    assert [one.split()[0] for one in said] == ["passed", "failed", "failed"]
    assert "assert 'told' == 0" in (tmp_path / "log").read_text("utf-8")
