"""Checks a body against its contract and says what is wrong by field, never by value.

A value in an error message would carry emails and feedback text into logs and the sender's error tracker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec

_AT = re.compile(r"(?P<message>.*) - at `\$\.?(?P<path>[^`]*)`", re.DOTALL)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)


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
    except _UNREADABLE as error:
        # The decoder stops at the first problem; a sender wants to hear of all of them at once.
        return _problems_by_field(body, decoder.type) or [_problem(error)]
    except RecursionError:
        return [FieldProblem("", "JSON is nested too deeply")]
    return []


def _problems_by_field(body: bytes, contract: type[msgspec.Struct]) -> list[FieldProblem]:
    try:
        values = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except _UNREADABLE:
        return []  # not a JSON object: the decoder's own message says it
    problems = []
    for field in msgspec.structs.fields(contract):
        if field.encode_name in values:
            try:
                msgspec.json.decode(values[field.encode_name], type=field.type)
            except _UNREADABLE as error:
                problems.append(_problem(error, within=field.encode_name))
        elif field.required:
            problems.append(FieldProblem(field.encode_name, "required field is missing"))
    return problems


def _problem(error: Exception, within: str = "") -> FieldProblem:
    if isinstance(error, UnicodeDecodeError):
        return FieldProblem(within, "not UTF-8")
    text = str(error)
    path = ""
    if located := _AT.fullmatch(text):
        text, path = located["message"], located["path"]
    if text.startswith("Invalid enum value"):
        text = "not one of the allowed values"  # the decoder's own message quotes the value
    return FieldProblem(within + path, text)
