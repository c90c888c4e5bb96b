"""Rule files: shipped ones are right, wrong ones are refused with a line and what was probably meant."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from ingest.contracts.orchestration import Milestone
from orchestration.journey.rules import RuleFileError, load_rules, parse_rule
from orchestration.journey.rules.loading import RULE_FILES
from orchestration.journey.rules.report import REPORT, page
from orchestration.journey.rules.schema import rule_schema

JOB_READY = (RULE_FILES / "job_ready.yaml").read_text()


def test_the_default_flags_and_every_milestone_have_a_rule() -> None:
    rules = load_rules()
    assert {rule.flag for rule in rules if rule.flag} == {
        "mentor_ready", "language_support_needed", "followup_needed",
    }  # fmt: skip
    assert {rule.milestone for rule in rules if rule.milestone} == set(Milestone.__args__)


def test_the_schema_is_2020_12_and_takes_every_shipped_file() -> None:
    schema = rule_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in RULE_FILES.glob("*.yaml"):
        assert not list(validator.iter_errors(yaml.safe_load(path.read_text()))), path.name
    assert list(validator.iter_errors(yaml.safe_load(JOB_READY.replace("within", "witin"))))
    assert schema["properties"]["when"]["x-editor"]["widget"] == "condition-tree"


def test_the_page_of_the_rules_is_current() -> None:
    assert page(load_rules()) == REPORT.read_text("utf-8"), "run `impact journey report`"


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "within",
            "witin",
            "x.yaml:13: facts.job_readiness.witin: unknown key 'witin'; did you mean 'within'?",
        ),
        ("exists: credentials", "exists: credential", "did you mean 'credentials'?"),
        ("fact: job_readiness", "fact: job_redyness", "did you mean 'job_readiness'?"),
        ("180 days", "180 dys", "x.yaml:13: facts.job_readiness.within: not a length of time"),
        ("value: 0.7", "value: soon", "x.yaml:20: when.all.1.value: wants a number"),
        ("state: active", "state: activ", "x.yaml:5: state: wants one of 'draft'"),
        ("priority", "prio", "x.yaml:6: prio: unknown key 'prio'; did you mean 'priority'?"),
        ("- any", "- *a", "x.yaml:17: not YAML: anchors and aliases are not supported"),
        ("state: active", "state: active\nstate: draft", "x.yaml:6: state: written twice"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(right: str, wrong: str, said: str) -> None:
    with pytest.raises(RuleFileError) as error:
        parse_rule(JOB_READY.replace(right, wrong), "x.yaml")
    assert said in str(error.value)


def test_a_version_is_what_decides_and_not_how_far_it_is() -> None:
    rule = parse_rule(JOB_READY)
    assert parse_rule(JOB_READY.replace("state: active", "state: draft")).hash == rule.hash
    assert parse_rule(JOB_READY.replace("value: 0.7", "value: 0.8")).hash != rule.hash
