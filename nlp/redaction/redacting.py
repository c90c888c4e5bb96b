"""Puts placeholders where a text names somebody, the same one for the same person, number or address."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from nlp.redaction import names
from nlp.redaction.contacts import contacts
from nlp.redaction.identifiers import identifiers
from nlp.redaction.names import persons
from nlp.redaction.places import addresses, births
from nlp.redaction.replacements import KINDS, Kind, Redacted, Replacement, Span

_PLACEHOLDER = re.compile(rf"\[({'|'.join(kind.upper() for kind in KINDS)})_(\d+)\]")
_TAKEN = "[\u0000]"
_MOST_LOOKS = 8


def redact(text: str, language: str | None = None) -> Redacted:
    """The text without what identifies a person. A redacted text is given back as it is."""
    given = [(found.start(), found.end()) for found in _PLACEHOLDER.finditer(text)]
    found: list[Span] = []
    # A second look sees what the first leaves: with a name gone, its neighbours may read differently. It ends
    # with a text in which nothing is found, and that is the text which is given back.
    for _ in range(_MOST_LOOKS):
        more = _look(text, sorted([*given, *((span.start, span.end) for span in found)]), language)
        if not more:
            break
        found += more
    if not found:
        return Redacted(text, (), version())
    counts: defaultdict[str, int] = defaultdict(int)
    for placeholder in _PLACEHOLDER.finditer(text):
        kind = placeholder[1].lower()
        counts[kind] = max(counts[kind], int(placeholder[2]))
    return _replaced(text, sorted(found, key=lambda span: span.start), _Numbers(counts))


def _look(text: str, taken: list[tuple[int, int]], language: str | None) -> list[Span]:
    """What the detectors find where nothing was taken yet. What was taken is a sign no detector knows."""
    searched = text
    places: Sequence[int] = range(len(text) + 1)
    if taken:
        pieces: list[str] = []
        numbers: list[int] = []
        end = 0
        for start, stop in [*taken, (len(text), len(text))]:
            pieces.append(text[end:start])
            numbers += range(end, start)
            if start < stop:
                pieces.append(_TAKEN)
                numbers += [start] * len(_TAKEN)
            end = stop
        searched, places = "".join(pieces), [*numbers, len(text)]
    spans = [
        *contacts(searched, language), *identifiers(searched), *addresses(searched), *births(searched),
        *persons(searched),
    ]  # fmt: skip
    spans = [span for span in spans if "\u0000" not in searched[span.start : span.end]]
    return [replace(span, start=places[span.start], end=places[span.end - 1] + 1) for span in _apart(spans)]


def _replaced(text: str, spans: list[Span], numbers: _Numbers) -> Redacted:
    pieces: list[str] = []
    replacements: list[Replacement] = []
    end = 0
    for span in spans:
        placeholder = f"[{span.kind.upper()}_{numbers.of(span)}]"
        pieces += text[end : span.start], placeholder
        replacements.append(Replacement(span.kind, span.start, span.end, placeholder))
        end = span.end
    return Redacted("".join([*pieces, text[end:]]), tuple(replacements), version())


@lru_cache(maxsize=1)
def version() -> str:
    """A hash of the detectors, code and lists: it changes with anything that may change what is found."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.py"), names.DATA]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"redaction-{digest.hexdigest()[:12]}"


# Which kind holds where two overlap: what is checked or written in one way only goes first.
_ORDER: tuple[Kind, ...] = (
    "email", "url", "bank_account", "national_id", "card", "date_of_birth", "ip_address", "passport",
    "tax_id", "phone", "address", "handle", "person",
)  # fmt: skip


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap, in their order: the surer kind wins, then the longer."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (_ORDER.index(one.kind), one.start - one.end)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda one: one.start)


class _Numbers:
    """Which number a thing has within its kind: the same one wherever the text names it again."""

    def __init__(self, counts: defaultdict[str, int]) -> None:
        self._counts = counts
        self._known: dict[tuple[Kind, str], int] = {}

    def of(self, span: Span) -> int:
        key = (span.kind, span.key)
        if key not in self._known:
            self._known[key] = self._same_person(span.key) if span.kind == "person" else self._next(span.kind)
        return self._known[key]

    def _next(self, kind: Kind) -> int:
        self._counts[kind] += 1
        return self._counts[kind]

    def _same_person(self, key: str) -> int:
        """Olena is the Olena Kovalenko named before; another surname makes another person."""
        parts = set(key.split())
        for (kind, known), number in self._known.items():
            others = set(known.split())
            if kind == "person" and (parts <= others or others <= parts):
                return number
        return self._next("person")
