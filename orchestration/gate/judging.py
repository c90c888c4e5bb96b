"""What a text is found to be: its language, a verdict, and its words without what names a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast
from uuid import UUID, uuid5

import structlog

from ingest.events import NAMESPACE
from nlp.safety.verdicts import ACTIONS, Category, Finding, Verdict
from orchestration.gate.texts import TextVersion, keyed_hash

log = structlog.get_logger(__name__)
T = TypeVar("T")

NO_TEXT = "none"  # the action of a version without a text
PASSING = frozenset({"allow", "warn"})
UNSCREENED = "unscreened"
SUPPORTED = ("en", "uk", "no")


@dataclass(frozen=True, slots=True)
class Redaction:
    """A text in which placeholders stand for what names a person."""

    content: str
    version: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A version of a text and what was found; `verdict` is None for a version without a text."""

    version: TextVersion
    language: str  # en, uk, no, other or unknown
    text_sha256: str
    verdict: Verdict | None
    redaction: Redaction | None  # of a text that may pass; None: it may not, or has no words

    @property
    def action(self) -> str:
        return self.verdict.action if self.verdict else NO_TEXT

    @property
    def safety_version(self) -> str:
        return self.verdict.version if self.verdict else ""

    @property
    def verdict_id(self) -> UUID:
        return uuid5(NAMESPACE, f"verdict/{self.version.event_id}/{self.safety_version}")


class Judge:
    """Judges texts with the rules of this installation. Takes no connection; one thread at a time."""

    def __init__(self, key: bytes) -> None:
        # Rules, lexicons and language models take a while to load: only a process that judges pays for it.
        from nlp import language, redaction, safety

        self._detect_many: Callable[[Sequence[str]], Sequence[Any]] = language.detect_many
        self._screen_many: Callable[[Sequence[str], Sequence[str]], Sequence[Verdict]] = safety.screen_many
        self._redact_many: Callable[[Sequence[str], Sequence[Any]], Sequence[Any]] = redaction.redact_many
        self._key = key
        # All that is loaded on first use is loaded now, so that no text has to wait for it.
        for name in SUPPORTED:
            self._screen_many(["a word"], [name])
            self._redact_many(["a word"], [name])
        self._detect_many(["a word"])

    def judge(self, versions: Sequence[TextVersion]) -> list[Judged]:
        """A judgement per version, in their order. What cannot be screened or redacted is held."""
        with_text = [version for version in versions if version.content is not None]
        texts = [version.content or "" for version in with_text]
        languages = self._languages(texts)
        verdicts = _each(self._screen, texts, languages, "screening")
        found = {
            id(version): Judged(
                version, language, keyed_hash(self._key, text),
                verdict or held(text, "gate.screening_failed"), None,
            )
            for version, language, text, verdict in zip(with_text, languages, texts, verdicts, strict=True)
        }  # fmt: skip
        for one, redaction in self._redactions([one for one in found.values() if one.action in PASSING]):
            if redaction is None:
                verdict = held(one.version.content or "", "gate.redaction_failed")
                found[id(one.version)] = replace(one, verdict=verdict)
            else:
                found[id(one.version)] = replace(one, redaction=redaction)
        return [found.get(id(version)) or Judged(version, "unknown", "", None, None) for version in versions]

    def redacted(self, judged: Judged) -> Judged:
        """The same with its words, for a text that a person lets pass; without them if redacting it fails."""
        [(_, redaction)] = self._redactions([judged])
        return replace(judged, redaction=redaction)

    def _languages(self, texts: Sequence[str]) -> list[str]:
        def detect(some: Sequence[str], _: Sequence[str]) -> Sequence[Any]:
            return self._detect_many(some)

        return [_name(found) for found in _each(detect, texts, texts, "language detection")]

    def _screen(self, texts: Sequence[str], languages: Sequence[str]) -> list[Verdict]:
        return strictest(self._screen_many, texts, languages)

    def _redactions(self, judged: Sequence[Judged]) -> list[tuple[Judged, Redaction | None]]:
        def redact(texts: Sequence[str], languages: Sequence[str]) -> list[Redaction]:
            known = [language if language in SUPPORTED else None for language in languages]
            return [Redaction(one.text, one.version) for one in self._redact_many(texts, known)]

        texts = [one.version.content or "" for one in judged]
        redactions = _each(redact, texts, [one.language for one in judged], "redaction")
        return list(zip(judged, redactions, strict=True))


def strictest(
    screen_many: Callable[[Sequence[str], Sequence[str]], Sequence[Verdict]],
    texts: Sequence[str], languages: Sequence[str],
) -> list[Verdict]:  # fmt: skip
    """A verdict per text; of one in a language that is not ours or not known, the strictest of all three.

    Rules of one language leave others' words alone, and who mixes languages must not get around them.
    """
    asked = [
        (at, language)
        for at, found in enumerate(languages)
        for language in ((found,) if found in SUPPORTED else SUPPORTED)
    ]
    answers = screen_many([texts[at] for at, _ in asked], [language for _, language in asked])
    verdicts: dict[int, Verdict] = {}
    for (at, _), verdict in zip(asked, answers, strict=True):
        if at not in verdicts or ACTIONS.index(verdict.action) > ACTIONS.index(verdicts[at].action):
            verdicts[at] = verdict
    return [verdicts[at] for at in range(len(texts))]


def held(text: str, rule: str) -> Verdict:
    """The verdict over a text that could not be looked at: a person has to."""
    finding = Finding(cast(Category, UNSCREENED), "high", rule, 0, len(text), 1.0)
    return Verdict("hold", (finding,), 1.0, UNSCREENED)


def _each(
    ask: Callable[[Sequence[str], Sequence[str]], Sequence[T]],
    texts: Sequence[str], languages: Sequence[str], step: str,
) -> list[T | None]:  # fmt: skip
    """The answers to all; if asking for all fails, one by one, with None for each that fails."""
    if not texts:
        return []
    try:
        return list(ask(texts, languages))
    except Exception as error:
        if len(texts) > 1:
            return [
                answer
                for text, language in zip(texts, languages, strict=True)
                for answer in _each(ask, [text], [language], step)
            ]
        # The type alone: an error's own message may quote the text it is about.
        log.error("a text could not be judged", step=step, error=type(error).__name__)
        return [None]


def _name(detection: Any) -> str:
    if detection is None:
        return "unknown"
    if (supported := detection.supported) is not None:
        return str(supported)
    return "other" if str(detection.language).startswith("other") else "unknown"
