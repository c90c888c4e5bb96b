"""What is wrong with a rule file, in words for whoever wrote it: where, what, and what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from orchestration.journey.rules import conditions, facts, model
from orchestration.journey.rules.vocabulary import ENTITIES, EVENT_TYPES, FIELDS

Path = tuple[str | int, ...]
_ONE_OF_SEVERAL = {
    "value": "a number, true or false, a length of time such as 14 days, or {fact: <name of another fact>}",
    "where": "a value, a list of texts, or {op: <operator>, value: <value>}",
}


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


def spelled(path: Iterable[str | int]) -> str:
    return ".".join(map(str, path))


def problems_of(error: ValidationError, data: Any, lines: Mapping[Path, int], file: str) -> Iterator[Problem]:
    """Pydantic's errors as problems, one per place, with the line of the file."""
    places: dict[Path, list[Any]] = {}
    for entry in error.errors(include_url=False, include_input=False):
        places.setdefault(_in_file(entry["loc"], data), []).append(entry)
    for path, entries in places.items():
        messages = {_message(entry, path): entry for entry in entries}
        if (several := _several(path)) and len(messages) > 1:
            messages = {f"wants {several}": entries[0]}
        for message, entry in messages.items():
            # A check of a whole part says first which key of it is meant.
            key, colon, said = message.partition(": ")
            place, told = ((*path, key), said) if colon and (*path, key) in lines else (path, message)
            yield Problem(file, lines[place], spelled(place), told, _suggestion(entry, path, message))


def _in_file(location: tuple[int | str, ...], data: Any) -> Path:
    """The steps of pydantic's location that are in the file; kinds of conditions and types are not."""
    path: list[str | int] = []
    here = data
    for step in location:
        try:
            here = here[step]
        except (LookupError, TypeError):
            continue
        path.append(step)
    return tuple(path)


def _several(path: Path) -> str | None:
    """What a place wants that takes more than one type of value."""
    if path and path[-1] == "value":
        return _ONE_OF_SEVERAL["value"]
    return _ONE_OF_SEVERAL["where"] if len(path) == 4 and path[2] == "where" else None


def _message(entry: Any, path: Path) -> str:
    match entry["type"]:
        case "extra_forbidden":
            return f"unknown key {path[-1]!r}"
        case "missing":
            return f"{entry['loc'][-1]!r} is missing"
        case "literal_error":
            return f"wants one of {entry['ctx']['expected']}"
        case "string_pattern_mismatch":
            return "wants a name: lower-case letters, digits and _, with a letter first"
    return str(entry["msg"]).removeprefix("Value error, ")


def _suggestion(entry: Any, path: Path, message: str) -> str | None:
    if entry["type"] == "extra_forbidden":
        return _nearest(str(path[-1]), _keys_at(path))
    _, quote, rest = message.partition("'")
    word = rest.partition("'")[0]
    if not quote:
        return None
    if "unknown entity" in message:
        return _nearest(word, [*ENTITIES, *EVENT_TYPES]) or f"entities are {', '.join(ENTITIES)}"
    if "unknown field" in message or "entity.field" in message:
        return _nearest(word.rpartition(".")[2], FIELDS) or f"fields are {', '.join(FIELDS)}"
    if "there is no fact" in message:
        return _nearest(word, message.partition("facts are ")[2].split(", "))
    return None


def _keys_at(path: Path) -> list[str]:
    match path:
        case (_,):
            return list(model.Rule.model_fields)
        case ("facts", _, "where", _, _):
            return list(facts.Compared.model_fields)
        case ("facts", *_):
            return list(facts.Fact.model_fields)
        case ("then", "set_flag", _):
            return list(model.SetFlag.model_fields)
        case ("then", "emit_event", *_):
            return list(model.EmitEvent.model_fields)
        case ("then", _):
            return list(model.Then.model_fields)
    return ["known", "all", "any", "none", *conditions.Comparison.model_fields]


def _nearest(word: str, known: Iterable[str]) -> str | None:
    close = difflib.get_close_matches(word, [name for name in known if name != word], n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else None
