"""Rule files read and checked. What is wrong is said with file, line and, where there is one, the likely meaning."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ValidationError

from orchestration.journey.rules import model
from orchestration.journey.rules.model import Rule
from orchestration.journey.rules.vocabulary import ENTITIES, EVENT_TYPES, FIELDS

RULE_FILES = Path(__file__).resolve().parents[1] / "rule_files"
LARGEST_FILE = 64 * 1024
_Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """One thing that is wrong with a rule file."""

    file: str
    line: int
    where: str
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        hint = f"; {self.suggestion}" if self.suggestion else ""
        return f"{self.file}:{self.line}: {where}{self.message}{hint}"


class RuleFileError(Exception):
    """Rule files that cannot be used, with every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def load_rules(folder: Path = RULE_FILES) -> list[Rule]:
    """The rules of a folder, those of higher priority first; raises `RuleFileError` with all problems of all files."""
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
    lines: dict[_Path, int] = {}
    problems: list[Problem] = []
    try:
        data = _read(node, (), lines, file, problems)
    except RecursionError:
        raise RuleFileError([Problem(file, 1, "", "nested too deeply")]) from None
    if not problems:
        try:
            return Rule.model_validate(data)
        except ValidationError as error:
            problems += _problems(error, data, lines, file)
    raise RuleFileError(sorted(problems, key=lambda problem: problem.line))


class _Loader(yaml.SafeLoader):
    """Without anchors: a few lines of them spell gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="anchors and aliases are not supported: write it out",
                problem_mark=self.peek_event().start_mark,
            )
        return super().compose_node(parent, index)


def _read(node: yaml.Node, path: _Path, lines: dict[_Path, int], file: str, problems: list[Problem]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in found:
                problems.append(Problem(file, line, _spelled((*path, key)), "written twice"))
            lines[*path, key] = line
            found[key] = _read(value_node, (*path, key), lines, file, problems)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_read(part, (*path, index), lines, file, problems) for index, part in enumerate(node.value)]
    try:
        return _Loader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        problems.append(Problem(file, node.start_mark.line + 1, _spelled(path), "not a value YAML knows"))
        return None


def _problems(error: ValidationError, data: Any, lines: Mapping[_Path, int], file: str) -> Iterator[Problem]:
    """Pydantic's errors as problems. Of the many ways a condition could be read, the one it was meant to be."""
    seen: set[tuple[_Path, str]] = set()
    for entry in error.errors(include_url=False, include_input=False):
        path = _real_path(entry["loc"], data)
        if not _is_meant(entry["loc"], data):
            continue
        if entry["type"] == "extra_forbidden":
            message = f"unknown key {path[-1]!r}"
        elif entry["type"] == "missing":
            message = f"{entry['loc'][-1]!r} is missing"
        else:
            message = entry["msg"].removeprefix("Value error, ")
        if (path, message) in seen:
            continue
        seen.add((path, message))
        yield Problem(file, _line(path, lines), _spelled(path), message, _suggestion(entry, path, message))


def _real_path(location: tuple[int | str, ...], data: Any) -> _Path:
    """The part of pydantic's location that is in the file: names of models and types of a union are not."""
    path: list[str | int] = []
    here = data
    for index, step in enumerate(location):
        is_last = index == len(location) - 1
        if (isinstance(here, dict) and isinstance(step, str) and step in here) or (isinstance(here, list) and isinstance(step, int) and step < len(here)):
            here = here[step]
        elif not (
            is_last
            and isinstance(here, dict)
            and isinstance(step, str)
            and step.isidentifier()
            and step.islower()
        ):
            continue
        else:
            continue
        path.append(step)
    return tuple(path)


_BRANCHES: Mapping[str, type[BaseModel]] = {
    "Comparison": model.Comparison, "Known": model.Known, "All": model.All, "Any_": model.Any_, "None_": model.None_,
}  # fmt: skip
_MARKS = {"Known": "known", "All": "all", "Any_": "any", "None_": "none"}


def _is_meant(location: tuple[int | str, ...], data: Any) -> bool:
    """Whether an error is about the kind of condition that is there, not about another it might have been."""
    here = data
    for step in location:
        if step in _BRANCHES and isinstance(here, dict):
            meant = next((name for name, mark in _MARKS.items() if mark in here), "Comparison")
            if step != meant:
                return False
        elif (isinstance(here, dict) and step in here) or (isinstance(here, list) and isinstance(step, int) and step < len(here)):
            here = here[step]
    return True


def _line(path: _Path, lines: Mapping[_Path, int]) -> int:
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _spelled(path: Iterable[str | int]) -> str:
    return ".".join(map(str, path))


def _suggestion(entry: Any, path: _Path, message: str) -> str | None:
    quoted = message.split("'")
    if entry["type"] == "extra_forbidden":
        return _nearest(str(path[-1]), _keys_at(path))
    if entry["type"] == "literal_error":
        return None
    if len(quoted) < 3:
        return None
    if "unknown entity" in message:
        return _nearest(quoted[1], [*ENTITIES, *EVENT_TYPES]) or f"entities are {', '.join(ENTITIES)}"
    if "unknown field" in message:
        return _nearest(quoted[1], FIELDS) or f"fields are {', '.join(FIELDS)}"
    return None


def _keys_at(path: _Path) -> list[str]:
    if len(path) == 1:
        return list(Rule.model_fields)
    if path[0] == "facts":
        return list(model.Fact.model_fields)
    if path[0] == "then":
        kinds: tuple[type[BaseModel], ...] = (model.Then, model.SetFlag, model.EmitEvent)
    else:
        kinds = tuple(_BRANCHES.values())
    return sorted({name for kind in kinds for name in kind.model_fields})


def _nearest(word: str, known: Iterable[str]) -> str | None:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else None
