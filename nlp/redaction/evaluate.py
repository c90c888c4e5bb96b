"""Measures redaction on labelled texts: `python -m nlp.redaction.evaluate` prints it, `--write` reports it.

`--misses` adds the ids of texts with something missed or taken for what it is not, never a text.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlp.redaction import KINDS, redact_many, version
from nlp.safety.evaluation import report
from nlp.safety.evaluation.measures import Share

SETS = Path(__file__).parent / "evaluation" / "sets"
FRESH = Path(__file__).parent / "evaluation"  # fresh_v2 and fresh_v3: never looked at while tuning
LANGUAGES = ("en", "uk", "no")
Span = tuple[str, int, int]


_FIRST: tuple[str, str, str, Path | None] = (
    "redaction", "Redaction, first set",
    "They were written without sight of the detectors, which were tuned on figures of this set before.", None,
)  # fmt: skip
_INDEPENDENT: dict[str, tuple[str, str, str, Path | None]] = {
    "fresh_v2": (
        "redaction_independent", "Redaction, independent set",
        "By another hand (`fresh_v2`), never looked at by who wrote the detectors: nothing was tuned"
        " afterwards. Written with `--independent fresh_v2`.", FRESH / "fresh_v2.jsonl",
    ),
    "fresh_v3": (
        "redaction_independent_v3", "Redaction, third set",
        "By a third hand (`fresh_v3`), who had seen neither the detectors nor the other sets: nothing was"
        " tuned afterwards. Written with `--independent fresh_v3`.", FRESH / "fresh_v3.jsonl",
    ),
}  # fmt: skip


@dataclass
class Tally:
    """Spans of one kind in one language."""

    expected: int = 0
    hidden: int = 0  # no character of it is left to read, whatever it was taken for
    named: int = 0  # and it was taken for what it is
    found: int = 0
    right: int = 0  # of the found ones: over something that is there


@dataclass
class Measured:
    language: str
    text_count: int = 0
    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    clean_count: int = 0  # texts without anything to hide
    clean_touched: int = 0
    misses: list[str] = field(default_factory=list)

    def total(self) -> Tally:
        return Tally(*(sum(getattr(one, name) for one in self.kinds.values()) for name in _FIELDS))


_FIELDS = ("expected", "hidden", "named", "found", "right")


def measure(language: str, path: Path | None = None) -> Measured:
    """Redact every text of a language and compare, span by span."""
    lines = (path or SETS / f"{language}.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row.get("language", language) == language]
    measured = Measured(language, len(rows))
    answers = redact_many([row["text"] for row in rows], [language] * len(rows))
    for row, answer in zip(rows, answers, strict=True):
        expected: list[Span] = [(kind, start, end) for kind, start, end in row["spans"]]
        found: list[Span] = [(one.kind, one.start, one.end) for one in answer.replacements]
        _compare(measured, row["id"], row["text"], expected, found)
    return measured


def _compare(
    measured: Measured, id_: str, text: str, expected: Sequence[Span], found: Sequence[Span]
) -> None:
    covered = {at for _, start, end in found for at in range(start, end)}
    personal = {at for _, start, end in expected for at in range(start, end)}
    wrong = []
    for kind, start, end in expected:
        tally = measured.kinds[kind]
        tally.expected += 1
        # Spaces and signs between the parts of a number or a name tell nothing.
        is_hidden = all(at in covered for at in range(start, end) if text[at].isalnum())
        tally.hidden += is_hidden
        tally.named += is_hidden and any(k == kind and s < end and start < e for k, s, e in found)
        if not is_hidden:
            wrong.append(f"{kind} missed")
    for kind, start, end in found:
        tally = measured.kinds[kind]
        tally.found += 1
        is_right = any(at in personal for at in range(start, end))
        tally.right += is_right
        if not is_right:
            wrong.append(f"{kind} where there is none")
    if not expected:
        measured.clean_count += 1
        measured.clean_touched += bool(found)
    if wrong:
        measured.misses.append(f"{id_}: {', '.join(wrong)}")


def body(measured: Sequence[Measured], about: str) -> str:
    """The section of the report."""
    rows = [
        [kind, one.language, report.share(Share(tally.hidden, tally.expected)),
         report.share(Share(tally.named, tally.expected)), report.share(Share(tally.right, tally.found))]
        for kind in KINDS
        for one in measured
        for tally in (one.kinds[kind],)
        if tally.expected or tally.found
    ]  # fmt: skip
    totals = [
        [one.language, one.text_count, report.share(Share(total.hidden, total.expected)),
         report.share(Share(total.right, total.found)),
         report.share(Share(one.clean_touched, one.clean_count))]
        for one in measured
        for total in (one.total(),)
    ]  # fmt: skip
    count = sum(one.text_count for one in measured)
    overall = report.table(
        ["language", "texts", "hidden", "precision", "texts without personal data that were touched"], totals
    )
    return f"""\
Written by `python -m nlp.redaction.evaluate --write`; redaction version `{version()}`, {count} texts.
{about} Ids in them are made up and have valid check digits.
Hidden: no letter or digit of it is left. Named: and the placeholder is of its type. Precision: the
share of placeholders that stand over something personal. Intervals are 95 % (Wilson).

{overall}

{report.table(["type", "language", "hidden (recall)", "named", "precision"], rows)}"""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m nlp.redaction.evaluate", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/reports/safety.md")
    parser.add_argument("--misses", action="store_true", help="list what was missed, by id")
    parser.add_argument("--independent", choices=_INDEPENDENT, help="a set that nobody tuned on")
    options = parser.parse_args(arguments)
    name, title, about, path = _INDEPENDENT.get(options.independent, _FIRST)
    measured = [measure(language, path) for language in LANGUAGES]
    text = body(measured, about)
    if options.write:
        raw = {
            one.language: {kind: vars(tally) for kind, tally in sorted(one.kinds.items())} for one in measured
        }
        report.write(name, title, text, {"version": version(), "languages": raw})
    misses = [line for one in measured for line in one.misses] if options.misses else []
    sys.stdout.write("\n".join([text, *misses]) + "\n")


if __name__ == "__main__":
    main()
