"""Rule files read and checked; what is wrong is said with file and line, and what was probably meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestration.journey.rules.model import Rule
from orchestration.journey.rules.problems import Path as Place
from orchestration.journey.rules.problems import Problem, RuleFileError, problems_of, spelled

RULE_FILES = Path(__file__).resolve().parents[1] / "rule_files"
LARGEST_FILE = 64 * 1024


def load_rules(folder: Path = RULE_FILES) -> list[Rule]:
    """The rules of a folder, higher priority first; raises `RuleFileError` with all problems of all files."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            rule = load_rule(path)
        except RuleFileError as error:
            problems += error.problems
            continue
        if rule.id in files:
            message = f"{rule.id} is the id of {files[rule.id]} too: ids are unique"
            problems.append(Problem(path.name, 1, "id", message))
        files[rule.id] = path.name
        rules.append(rule)
    if problems:
        raise RuleFileError(problems)
    return sorted(rules, key=lambda rule: (-rule.priority, rule.id))


def load_rule(path: Path) -> Rule:
    return parse_rule(path.read_bytes(), path.name)


def parse_rule(text: str | bytes, file: str = "rule.yaml") -> Rule:
    """The rule a text spells; raises `RuleFileError` with all its problems."""
    if len(text) > LARGEST_FILE:
        raise RuleFileError(
            [Problem(file, 1, "", f"larger than {LARGEST_FILE // 1024} KiB: a rule is a page")]
        )
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise RuleFileError(
            [Problem(file, line, "", f"not YAML: {error.problem or error.context}")]
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise RuleFileError([Problem(file, 1, "", "not YAML in UTF-8")]) from None
    if not isinstance(node, yaml.MappingNode):
        raise RuleFileError([Problem(file, 1, "", "a rule is a mapping of keys to values")])
    lines: dict[Place, int] = {}
    problems: list[Problem] = []
    try:
        data = _read(node, (), lines, file, problems)
    except RecursionError:
        raise RuleFileError([Problem(file, 1, "", "nested too deeply")]) from None
    if not problems:
        try:
            return Rule.model_validate(data)
        except ValidationError as error:
            problems += problems_of(error, data, lines, file)
    raise RuleFileError(sorted(problems, key=lambda problem: problem.line))


class _Loader(yaml.SafeLoader):
    """Without anchors: a few lines of them spell gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="anchors and aliases are not supported: write it out",
                problem_mark=self.peek_event().start_mark,  # type: ignore[no-untyped-call]
            )
        return super().compose_node(parent, index)


def _read(node: yaml.Node, path: Place, lines: dict[Place, int], file: str, problems: list[Problem]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in found:
                problems.append(Problem(file, line, spelled((*path, key)), "written twice"))
            lines[*path, key] = line
            found[key] = _read(value_node, (*path, key), lines, file, problems)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_read(part, (*path, index), lines, file, problems) for index, part in enumerate(node.value)]
    try:
        return _Loader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        problems.append(Problem(file, node.start_mark.line + 1, spelled(path), "not a value YAML knows"))
        return None
