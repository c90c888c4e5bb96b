"""What every classifier takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from nlp.labels import Labels, Language


@dataclass(frozen=True)
class Text:
    """A text that safety has cleared and redaction has cleaned. No other text is ever made into one."""

    text_id: UUID
    company_id: UUID
    language: Language
    content: str


@dataclass(frozen=True)
class Usage:
    """What labelling cost. A local classifier costs nothing but time."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost_microdollars: int = 0
    latency_ms: float = 0.0


@dataclass(frozen=True)
class Classified:
    """The labels of one text, by whom, and at what price."""

    text_id: UUID
    labels: Labels
    model_version: str  # id in the registry
    prompt_version: str | None = None
    prompt_sha256: str | None = None
    usage: Usage = Usage()


class ClassifierError(Exception):
    """The text could not be labelled. Never answered with a neutral score; `is_retryable` says what to do."""

    def __init__(self, message: str, *, is_retryable: bool) -> None:
        super().__init__(message)
        self.is_retryable = is_retryable


class Classifier(Protocol):
    """Labels texts. An answer per text, in the order given; ClassifierError where one has none."""

    @property
    def model_version(self) -> str: ...

    def classify(self, texts: Sequence[Text]) -> list[Classified | ClassifierError]: ...
