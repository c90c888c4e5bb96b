"""What redaction gives: a text without what identifies a person, and what stood where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "person", "email", "phone", "url", "handle", "national_id", "tax_id", "passport", "bank_account", "card",
    "address", "date_of_birth", "ip_address",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` identifies somebody. `key` is the same for the same thing written in another way."""

    kind: Kind
    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """`text[start:end]` of the text as it was given is now `placeholder`, such as [PERSON_1]."""

    kind: Kind
    start: int
    end: int
    placeholder: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text with placeholders, what they replace, and the version of the detectors."""

    text: str
    replacements: tuple[Replacement, ...]
    version: str
