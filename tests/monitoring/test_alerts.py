"""Every alert fires when it should and not otherwise, and leads to a page that says what to do."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.stack.monitoring import ALERTS
from tests.monitoring.alert_cases import CASES, STALE_PROOF, Case

PROJECT = Path(__file__).resolve().parents[2]
RUNBOOKS = PROJECT / "docs" / "runbooks"
RULES: Mapping[str, dict[str, Any]] = {
    rule["alert"]: rule
    for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    for rule in group["rules"]
}
needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="no promtool here: `apt-get install prometheus` brings it"
)


def test_every_alert_has_cases_and_no_case_is_of_none() -> None:
    assert set(CASES) == set(RULES)


@needs_promtool
def test_alerts_fire_when_they_should_and_not_otherwise(tmp_path: Path) -> None:
    cases = [*CASES.items(), ("RetentionUnproven", STALE_PROOF)]
    tests = tmp_path / "tests.yaml"
    content = {
        "rule_files": [str(ALERTS)],
        "tests": [test for name, case in cases for test in _tests(name, case)],
    }
    tests.write_text(yaml.safe_dump(content))
    done = subprocess.run(["promtool", "test", "rules", tests], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _tests(name: str, case: Case) -> Iterator[dict[str, Any]]:
    said = {
        "exp_labels": {**case.labels, "severity": RULES[name]["labels"]["severity"]},
        "exp_annotations": {"summary": case.summary, "runbook": RULES[name]["annotations"]["runbook"]},
    }
    moments = [{"eval_time": case.at, "alertname": name, "exp_alerts": [said]}]
    if case.waits:
        moments.insert(0, {"eval_time": case.waits, "alertname": name, "exp_alerts": []})
    yield _test(f"{name} fires", case.fires, moments)
    if case.quiet:
        yield _test(
            f"{name} is quiet", case.quiet, [{"eval_time": case.at, "alertname": name, "exp_alerts": []}]
        )


def _test(name: str, series: Mapping[str, str], moments: list[dict[str, Any]]) -> dict[str, Any]:
    given = [{"series": series_name, "values": values} for series_name, values in series.items()]
    return {"name": name, "interval": "1m", "input_series": given, "alert_rule_test": moments}


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    assert {page.stem for page in RUNBOOKS.glob("*.md")} - {"README"} == set(RULES)
    assert {name: rule["annotations"]["runbook"] for name, rule in RULES.items()} == {
        name: f"docs/runbooks/{name}.md" for name in RULES
    }


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_runbook_says_what_it_means_how_to_look_and_what_to_do(name: str) -> None:
    page = (RUNBOOKS / f"{name}.md").read_text("utf-8")
    assert page.startswith(f"# {name}\n")
    assert re.findall(r"^## (.+)$", page, flags=re.MULTILINE) == ["What it means", "Look", "Mend"]
    assert "    $ " in page.partition("## Look")[2], "it names no command"


def test_the_list_of_alerts_is_whole() -> None:
    listed = re.findall(r"\]\(runbooks/(\w+)\.md\)", (PROJECT / "docs" / "monitoring.md").read_text("utf-8"))
    assert sorted(listed) == sorted(RULES)
