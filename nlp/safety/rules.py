"""The rule files as data: words, phrases, idioms, weights and actions, and the version that they make up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from nlp.safety.phrases import BadPhrase, Phrase, compile_phrase, expand
from nlp.safety.verdicts import ACTIONS, CATEGORIES, SEVERITIES, Action, Category, Severity

DATA = Path(__file__).with_name("data")
MODEL = Path(__file__).with_name("classifier") / "artefact" / "model.json"
_ENGINE = "2"  # of the code that applies the rules; raised when the same files would give other verdicts


class BadRules(ValueError):
    """A rule file that cannot be used. The message says where and what to change."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, stem (`stem*`), ending (`*ending`) or part (`*part*`) that is found within single words."""

    rule: str
    category: Category
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """A phrase, and what its presence means."""

    rule: str
    category: Category
    severity: Severity
    phrase: Phrase
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file: a language's rules, or those that hold in every language."""

    name: str
    words: tuple[Word, ...] = ()
    phrases: tuple[PhraseRule, ...] = ()
    allowed: tuple[str, ...] = ()
    idioms: tuple[tuple[Phrase, frozenset[Category]], ...] = ()
    ordinary: frozenset[str] = frozenset()  # short words that are never halves of another one
    negations: frozenset[str] = frozenset()
    third_persons: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RuleSet:
    """All files, the action for each category and severity, and the version of the whole."""

    files: Mapping[str, RuleFile]
    actions: Mapping[tuple[Category, Severity], Action]
    settings: Mapping[str, Mapping[str, Any]]
    version: str = field(default="")


@lru_cache(maxsize=1)
def standard() -> RuleSet:
    """The rules in force, as they stand in the data folder."""
    return load(sorted(DATA.glob("*.yaml")))


def load(paths: Iterable[Path]) -> RuleSet:
    """Read rule files; the version is a hash of their contents. BadRules where one cannot be used."""
    digest = hashlib.sha256(_ENGINE.encode())
    if MODEL.exists():  # a verdict is the rules' and the model's together
        digest.update(MODEL.read_bytes())
    documents: dict[str, Mapping[str, Any]] = {}
    for path in paths:
        content = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + content + b"\0")
        try:
            documents[path.stem] = read_yaml(content) or {}
        except yaml.YAMLError as error:
            raise BadRules(f"{path.name} is no YAML: {error}") from error
    policy = documents.pop("policy", None)
    if policy is None:
        raise BadRules("policy.yaml is missing: it says what to do with each category and severity")
    files = {name: read(name, document) for name, document in documents.items()}
    return RuleSet(files, _actions(policy), policy.get("settings", {}), f"safety-{digest.hexdigest()[:12]}")


def read_yaml(content: bytes) -> Any:
    """Plain YAML, read by the C library where there is one: ten times as fast."""
    return yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


def read(name: str, document: Mapping[str, Any]) -> RuleFile:
    """One file's content. BadRules names the entry that is wrong."""
    groups = document.get("groups", {})
    words: list[Word] = []
    phrases: list[PhraseRule] = []
    for entry in document.get("rules", []):
        rule, category, severity = _head(name, entry)
        words += [
            Word(rule, category, severity, text.replace("'", "")) for text in expand(entry.get("words", []))
        ]
        for source in entry.get("phrases", []):
            phrase = _phrase(name, source, groups)
            phrases.append(PhraseRule(rule, category, severity, phrase, float(entry.get("weight", 1.0))))
    return RuleFile(
        name,
        tuple(words),
        tuple(phrases),
        tuple(expand(document.get("allowed", []))),
        tuple(_idioms(name, document.get("idioms", []), groups)),
        *(frozenset(_listed(document.get(key, ""))) for key in ("ordinary", "negations", "third_persons")),
    )


def _head(name: str, entry: Mapping[str, Any]) -> tuple[str, Category, Severity]:
    rule = entry.get("id")
    if not isinstance(rule, str):
        raise BadRules(f"{name}.yaml: a rule has no id")
    if entry.get("category") not in CATEGORIES:
        raise BadRules(f"{name}.yaml, {rule}: category must be one of {', '.join(CATEGORIES)}")
    if entry.get("severity") not in SEVERITIES:
        raise BadRules(f"{name}.yaml, {rule}: severity must be one of {', '.join(SEVERITIES)}")
    if not (entry.get("words") or entry.get("phrases")):
        raise BadRules(f"{name}.yaml, {rule}: has neither words nor phrases")
    return f"{name}.{rule}", entry["category"], entry["severity"]


def _phrase(name: str, source: str, groups: Mapping[str, Any]) -> Phrase:
    try:
        return compile_phrase(source, {key: list(expand(value)) for key, value in groups.items()})
    except BadPhrase as error:
        raise BadRules(f"{name}.yaml: {error}") from error


def _idioms(
    name: str, entries: Iterable[Any], groups: Mapping[str, Any]
) -> Iterator[tuple[Phrase, frozenset[Category]]]:
    for entry in entries:
        source, categories = (entry, ()) if isinstance(entry, str) else next(iter(entry.items()))
        # Self-harm is never excused by an idiom unless the idiom says so itself.
        chosen = frozenset(_listed(categories)) or frozenset(CATEGORIES) - {"self_harm"}
        if unknown := chosen - set(CATEGORIES):
            raise BadRules(
                f"{name}.yaml: idiom {source!r} names the category {min(unknown)}, which there is not"
            )
        yield _phrase(name, source, groups), frozenset(one for one in CATEGORIES if one in chosen)


def _listed(value: str | Iterable[str]) -> list[str]:
    items = value.split() if isinstance(value, str) else list(value)
    return [item.replace("'", "") for item in items]


def _actions(policy: Mapping[str, Any]) -> dict[tuple[Category, Severity], Action]:
    found: dict[tuple[Category, Severity], Action] = {}
    for category in CATEGORIES:
        for severity in SEVERITIES:
            action = policy.get("actions", {}).get(category, {}).get(severity)
            if action not in ACTIONS:
                raise BadRules(
                    f"policy.yaml: actions.{category}.{severity} must be one of {', '.join(ACTIONS)}"
                )
            found[category, severity] = action
    if any(found["self_harm", severity] != "escalate" for severity in SEVERITIES):
        raise BadRules("policy.yaml: self_harm is escalated at every severity: a person must see it")
    return found
