"""Checks a body against its contract and says what is wrong by field, never by value.

A value in an error message would carry emails and feedback text into logs and the sender's error tracker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec

_AT = re.compile(r"(?P<message>.*) - at `\$\.?(?P<path>[^`]*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]*)`")
# Nesting a thousand levels deep ends in a RecursionError.
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong with a body; `field` is a path such as `topics[0]`, empty for the body as a whole."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


def problems_in(body: bytes, decoder: msgspec.json.Decoder[Any]) -> list[FieldProblem]:
    """Everything wrong with `body`; empty when it keeps the decoder's contract."""
    try:
        decoder.decode(body)
    except UNREADABLE as error:
        # The decoder stops at the first problem; a sender wants to hear of all of them at once.
        return _problems_by_field(body, decoder.type) or [problem_of(error)]
    return []


def problem_of(error: Exception, within: str = "") -> FieldProblem:
    """What a decoder's error says, without the values that it sometimes quotes."""
    if isinstance(error, UnicodeDecodeError):
        return FieldProblem(within, "not UTF-8")
    if isinstance(error, RecursionError):
        return FieldProblem(within, "JSON is nested too deeply")
    text = str(error)
    path = ""
    if located := _AT.fullmatch(text):
        text, path = located["message"], located["path"]
    if text.startswith("Invalid enum value"):
        text = "not one of the allowed values"
    if missing := _MISSING.fullmatch(text):
        path, text = f"{path}.{missing['field']}".lstrip("."), "required field is missing"
    separator = "." if within and path and not path.startswith("[") else ""
    return FieldProblem(within + separator + path, text)


def _problems_by_field(
    body: bytes | msgspec.Raw, contract: type[msgspec.Struct], within: str = ""
) -> list[FieldProblem]:
    try:
        values = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except UNREADABLE:
        return []  # not a JSON object: the decoder's own message says it
    problems = []
    for field in msgspec.structs.fields(contract):
        path = f"{within}.{field.encode_name}" if within else field.encode_name
        if field.encode_name in values:
            value = values[field.encode_name]
            try:
                msgspec.json.decode(value, type=field.type)
            except UNREADABLE as error:
                inner = _problems_by_field(value, field.type, path) if _is_struct(field.type) else []
                problems += inner or [problem_of(error, path)]
        elif field.required:
            problems.append(FieldProblem(path, "required field is missing"))
    return problems


def _is_struct(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, msgspec.Struct)
