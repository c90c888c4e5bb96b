"""From what Claude answers to labels: only what the text itself bears out is taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

import msgspec

from nlp.classifiers.claude_shield import Span, suspicious_spans
from nlp.labels import Comfort, Cue, Evidence, Labels, Signal, Topic

_LONGEST_REASON = 300


class UnusableAnswerError(Exception):
    """The answer is not what was asked for. Says where, and never quotes it."""


class _Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: str
    snippet: str
    reasoning: str


class _Certainty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: str
    value: float


class _Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`claude_request.answer_schema` in types."""

    confidence_increase: bool
    confidence_decrease: bool
    belonging_increase: bool
    belonging_decrease: bool
    language_comfort: Comfort | Literal["not_stated"]
    employability_signals: list[Signal]
    risk_cues: list[Cue]
    topics: list[Topic]
    evidence: list[_Proof]
    certainty: list[_Certainty]


def read_answer(answer: str, content: str) -> Labels:
    """The labels that an answer proves about the text `content`.

    Evidence counts if its words stand in the text, letter for letter, and not where it talks to the model.
    A change or a comfort without evidence is left undecided; a signal, cue or topic without it is not
    taken. Raises UnusableAnswerError if the answer does not follow the schema.
    """
    try:
        said = msgspec.json.decode(answer, type=_Answer)
    except msgspec.DecodeError as error:
        raise UnusableAnswerError(_without_values(error)) from None
    evidence = tuple(_verified(said.evidence, content))
    proven = {item.label for item in evidence}

    def change(name: str, claimed: bool) -> bool | None:
        return None if claimed and name not in proven else claimed

    comfort = said.language_comfort
    labels = Labels(
        confidence_increase=change("confidence_increase", said.confidence_increase),
        confidence_decrease=change("confidence_decrease", said.confidence_decrease),
        belonging_increase=change("belonging_increase", said.belonging_increase),
        belonging_decrease=change("belonging_decrease", said.belonging_decrease),
        language_comfort=None if comfort == "not_stated" or "language_comfort" not in proven else comfort,
        employability_signals=frozenset(name for name in said.employability_signals if name in proven),
        risk_cues=frozenset(name for name in said.risk_cues if name in proven),
        topics=frozenset(name for name in said.topics if name in proven),
        probabilities={item.label: min(1.0, max(0.0, item.value)) for item in said.certainty},
    )
    taken = _taken(labels)
    return replace(labels, evidence=tuple(item for item in evidence if item.label in taken))


def _taken(labels: Labels) -> frozenset[str]:
    changes = ("confidence_increase", "confidence_decrease", "belonging_increase", "belonging_decrease")
    return frozenset(
        {
            *(name for name in changes if getattr(labels, name)),
            *(labels.employability_signals or ()),
            *(labels.risk_cues or ()),
            *labels.topics,
            *(("language_comfort",) if labels.language_comfort else ()),
        }
    )


def _verified(proofs: Iterable[_Proof], content: str) -> Iterable[Evidence]:
    spans = suspicious_spans(content)
    for proof in proofs:
        start = content.find(proof.snippet) if proof.snippet.strip() else -1
        if start < 0:
            continue
        end = start + len(proof.snippet)
        if not any(_overlap(span, start, end) for span in spans):
            yield Evidence(proof.label, start, end, proof.reasoning[:_LONGEST_REASON])


def _overlap(span: Span, start: int, end: int) -> bool:
    return span.start < end and start < span.end


def _without_values(error: msgspec.DecodeError) -> str:
    reason, _, path = str(error).partition(" - at `")
    kind = (
        "invalid JSON" if not isinstance(error, msgspec.ValidationError) else reason.partition("'")[0].strip()
    )
    return f"{path.rstrip('`').removeprefix('$.') or 'answer'}: {kind}"
