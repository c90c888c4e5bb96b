"""How often the detector is right: `python -m nlp.language.evaluate --data FOLDER [--all] [--report FILE]`.

FOLDER holds `<kind>/<language>.txt`. Without --all only the part that nothing was fitted or tuned on is
judged; --all is for a folder of texts from elsewhere. Every share has its n and a 95 % interval (Wilson's).
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.language import corpora, detect_many
from nlp.language.corpora import SHORT, Known
from nlp.language.detection import Detection
from nlp.language.model import load

_OURS = ("en", "uk", "no")
_ANSWER = {"nb": "no", "nn": "no"}
_NEIGHBOURS = {"no": ("da", "sv"), "uk": ("ru", "be", "bg")}
_PAIRS = 300  # composed mixed texts per pair of languages
Judged = Sequence[tuple[Known, Detection]]


@dataclass(frozen=True)
class Share:
    """How many of how many, with Wilson's 95 % interval."""

    hits: int
    of: int

    def __str__(self) -> str:
        if not self.of:
            return "–"
        low, high = self.interval()
        return f"{100 * self.hits / self.of:.1f} ({100 * low:.1f}-{100 * high:.1f}), n={self.of}"

    def interval(self) -> tuple[float, float]:
        z, n, p = 1.96, self.of, self.hits / self.of
        middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - spread) / (1 + z * z / n)), min(1.0, (middle + spread) / (1 + z * z / n))


def share(judged: Judged, is_hit: Callable[[Known, Detection], bool]) -> Share:
    return Share(sum(is_hit(known, found) for known, found in judged), len(judged))


def answer_of(known: Known) -> str:
    return _ANSWER.get(known.language, known.language)


def is_claimed(known: Known, found: Detection) -> bool:
    """The language itself was the answer."""
    return found.language == answer_of(known)


def is_kept(known: Known, found: Detection) -> bool:
    """The language was the answer or one of the candidates of an ambiguous one."""
    return is_claimed(known, found) or answer_of(known) in found.candidates


def is_accepted(known: Known, found: Detection) -> bool:
    """A text of another language was answered with one of ours."""
    return found.language in _OURS


def is_right_among_ours(known: Known, found: Detection) -> bool:
    """Not taken for another of our languages: what is left when only ours are possible."""
    return found.language not in _OURS or is_claimed(known, found)


def recall_rows(judged: Judged) -> Iterator[list[str]]:
    """Per length, kind and language: claimed, claimed or candidate, never mistaken for another of ours."""
    for name, some in groups(judged):
        for language in ("en", "uk", "nb", "nn"):
            texts = [pair for pair in some if pair[0].language == language]
            if texts:
                yield [
                    f"{name} {language}",
                    *(str(share(texts, hit)) for hit in (is_claimed, is_kept, is_right_among_ours)),
                ]


def accepted_rows(judged: Judged) -> Iterator[list[str]]:
    """Per length, kind and neighbour: answered with a language of ours; and every other language together."""
    neighbours = [code for codes in _NEIGHBOURS.values() for code in codes]
    for name, some in groups(judged):
        for language in (*neighbours, "all others"):
            texts = [
                pair
                for pair in some
                if pair[0].language == language
                or (
                    language == "all others" and pair[0].language not in ("en", "uk", "nb", "nn", *neighbours)
                )
            ]
            if texts:
                as_ours = share(texts, is_accepted)
                ambiguous = share(texts, lambda _, found: found.language == "ambiguous")
                yield [f"{name} {language}", str(as_ours), str(ambiguous)]


def groups(judged: Judged) -> Iterator[tuple[str, Judged]]:
    """The texts by kind, whole and cut texts also by length."""
    for kind in sorted({known.kind for known, _ in judged}):
        of_kind = [pair for pair in judged if pair[0].kind == kind]
        if kind in ("word-pairs", "single-words", "sentences"):
            yield kind, of_kind
            continue
        for name, is_short in ((f"{kind}, under {SHORT} characters,", True), (f"{kind}, longer,", False)):
            some = [pair for pair in of_kind if (len(pair[0].text) < SHORT) == is_short]
            if some:
                yield name, some


def mixed_rows(texts: Sequence[Known]) -> Iterator[list[str]]:
    """Two sentences in two languages: is exactly that set found? And one language taken for two?"""
    sentences: dict[str, list[str]] = {}
    for known in texts:
        if known.kind in ("sentences", "ui") and len(known.text) >= SHORT:
            sentences.setdefault(answer_of(known), []).append(known.text)
    for one, two in (("en", "no"), ("en", "uk"), ("no", "uk")):
        pairs = [
            f"{first} {second}" if number % 2 else f"{second} {first}"
            for number, (first, second) in enumerate(
                zip(sentences.get(one, []), sentences.get(two, []), strict=False)
            )
            if 3 * len(first) > len(second) and 3 * len(second) > len(first)
        ][:_PAIRS]
        if pairs:
            right = sum(found.languages == {one, two} for found in detect_many(pairs))
            yield [f"{one} + {two}: exact set", str(Share(right, len(pairs)))]
    for language in _OURS:
        if alone := sentences.get(language):
            yield [
                f"{language} alone: taken for mixed",
                str(Share(sum(found.is_mixed for found in detect_many(alone)), len(alone))),
            ]


def by_hand(name: str) -> Iterator[tuple[str, str]]:
    """The hard texts written for this project: what is expected, and the text."""
    for line in (corpora.OWN / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        expected, _, text = line.partition("\t")
        yield expected, text


def page(folder: Path, everything: bool) -> str:
    """The report in Markdown."""
    texts = [
        *corpora.read(folder, None if everything else "report"),
        *([] if everything else corpora.own("report")),
    ]
    judged = list(zip(texts, detect_many([known.text for known in texts]), strict=True))
    hard = list(by_hand("expected"))
    right = sum(
        found.language == expected
        for (expected, _), found in zip(hard, detect_many([text for _, text in hard]), strict=True)
    )
    part = "all texts" if everything else "the fifth of the texts that nothing was fitted or tuned on"
    lines = [
        "# Language detection",
        "",
        f"`python -m nlp.language.evaluate --data FOLDER{' --all' if everything else ''}`: {part},",
        f"{len(texts)} texts; SHA-256 of the folder `{corpora.sha256(folder)}`.",
        f"Model `{load().version}`, fitted on `{load().provenance['data_sha256']}`.",
        "Percent, with 95 % intervals. `cuts` are runs of two to six words of those sentences: harder than a",
        "short text someone wrote, since many have no word that tells Norwegian from Danish.",
        "",
        "## Recall",
        "",
        *table(
            ["texts", "claimed", "claimed or candidate", "not taken for another of ours"], recall_rows(judged)
        ),
        "",
        "## Other languages",
        "",
        *table(["texts", "answered en, uk or no", "answered ambiguous"], accepted_rows(judged)),
        "",
        "## Mixed texts",
        "",
        *table(["texts", "share"], mixed_rows(texts)),
        "",
        "## Hard texts written by hand",
        "",
        f"Names, homoglyphs, ASCII Norwegian, transliteration, code, emoji: {right} of {len(hard)} are",
        "as expected. They were looked at while the rules were written: a regression test, no measurement.",
        "",
    ]
    return "\n".join(lines)


def table(head: Sequence[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def main(arguments: Sequence[str]) -> None:
    """Judge, print, and write the page when asked."""
    parser = argparse.ArgumentParser(prog="python -m nlp.language.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of <kind>/<language>.txt")
    parser.add_argument("--all", action="store_true", help="judge every text: for texts from elsewhere")
    parser.add_argument("--report", type=Path, help="write the page here as well")
    chosen = parser.parse_args(arguments)
    written = page(chosen.data, chosen.all)
    print(written)  # noqa: T201
    if chosen.report is not None:
        chosen.report.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
