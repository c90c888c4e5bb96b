"""Measures screening on the labelled texts: `python -m nlp.safety.evaluate` prints it, `--write` reports it.

`--misses` adds the ids and the rules of what was answered wrongly, never a text.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from nlp.safety import screen_many, version
from nlp.safety.evaluation import report
from nlp.safety.evaluation.examples import (
    ABUSE,
    CRISIS,
    LANGUAGES,
    NAMES,
    Example,
    examples,
    independent_examples,
)
from nlp.safety.evaluation.measures import Agreement, Share, agreement
from nlp.safety.evaluation.obfuscation import FORESEEN, OBFUSCATIONS, UNFORESEEN, obfuscated
from nlp.safety.verdicts import ACTIONS, Verdict

# What an earlier screener of such texts got wrong: ordinary words it flagged, and a cry for help it did not.
SAFE_WORDS = (
    "I learned new skills",
    "We studied together",
    "The audience asked questions",
    "Say whatever you like",
)
_FIRST = (
    "screening", "Screening, first set",
    "The texts were written without sight of the rules, by somebody else; the rules were tuned on figures of"
    " this set two or three times before there was a model, so it flatters them.", examples,
)  # fmt: skip
_INDEPENDENT = {
    "fresh_v2": (
        "screening_independent", "Screening, independent set",
        "By another hand (`fresh_v2`), whose texts nobody read who wrote rules, corpus or model. Measured"
        " eleven times: the corpus was read wrongly at first, harmless texts of the test suite had been"
        " held, and then after more texts had been written. After one of these figures the shares that"
        " thresholds lie at were moved towards recall, on the corpus' own texts (ADR 93). Written with"
        " `--independent fresh_v2`.", partial(independent_examples, version="fresh_v2"),
    ),
    "fresh_v3": (
        "screening_independent_v3", "Screening, third set",
        "The part `prove` of `fresh_v3`, written before its author had seen rules, corpus or model. The same"
        " author later wrote the corpus files `*_5`, so it may flatter what they taught; `fresh_v2` does not."
        " Its figures, never its texts, were read six times while the files `*_6` were written by another"
        " hand; abuse was given a threshold per language after one of them (ADR 93). Written with"
        " `--independent fresh_v3`.",
        partial(independent_examples, version="fresh_v3"),
    ),
    "fresh_v4": (
        "screening_independent_v4", "Screening, fourth set",
        "By another hand (`fresh_v4`), written without sight of rules, corpus, model or the other sets, three"
        " lines for their form aside. Measured before and after the corpus files `*_6` were written. Nothing"
        " was tuned on it. Written with `--independent fresh_v4`.",
        partial(independent_examples, version="fresh_v4"),
    ),
}  # fmt: skip
CRIES = (("en", "I want to end my life"), ("uk", "Я хочу померти"), ("no", "Jeg vil ta livet mitt"))


@dataclass(frozen=True)
class Measured:
    """One language: the agreement per category, and what the goals are about."""

    language: str
    categories: dict[str, Agreement]
    abuse: Agreement
    false_flags: Share
    crisis_recall: Share
    crises_blocked: int
    false_by_action: dict[str, int]  # harmless texts, by what would be done with them
    under: dict[str, Agreement]  # abuse, with its words hidden in one way

    def loss(self, name: str) -> float:
        """Points of F1 that hiding the words in this way costs."""
        return 100 * (self.abuse.f1 - self.under[name].f1)


def measure(
    language: str, read: Callable[[str], list[Example]] = examples
) -> tuple[Measured, list[tuple[Example, Verdict]]]:
    """The figures of a language, and every text with its verdict."""
    them = read(language)
    verdicts = _screen([one.text for one in them], language)
    pairs = list(zip(them, verdicts, strict=True))
    under = {}
    for name in OBFUSCATIONS:
        if (language == "uk" and name == "styled") or not any(one.marks for one in them):
            continue  # the fancy alphabets have no Cyrillic letters; without marks nobody knows what to hide
        hidden = [obfuscated(one, name) for one in them]
        under[name] = _abuse(them, _screen(hidden, language))
    crises = [verdict for one, verdict in pairs if CRISIS in one.labels]
    harmless = [verdict for one, verdict in pairs if one.is_harmless]
    measured = Measured(
        language,
        {
            name: agreement([name in one.labels for one in them], [name in _found(v) for v in verdicts])
            for name in NAMES
        },
        _abuse(them, verdicts),
        Share(sum(verdict.action != "allow" for verdict in harmless), len(harmless)),
        Share(sum(verdict.action == "escalate" for verdict in crises), len(crises)),
        sum(verdict.action == "block" for verdict in crises),
        dict(Counter(verdict.action for verdict in harmless)),
        under,
    )
    return measured, pairs


def _screen(texts: Sequence[str], language: str) -> list[Verdict]:
    return screen_many(texts, [language] * len(texts))


def _found(verdict: Verdict) -> set[str]:
    return set(verdict.categories) if verdict.action != "allow" else set()


def _abuse(them: Sequence[Example], verdicts: Sequence[Verdict]) -> Agreement:
    return agreement(
        [one.is_abuse for one in them], [not _found(verdict).isdisjoint(ABUSE) for verdict in verdicts]
    )


def body(measured: Sequence[Measured], about: str) -> str:
    """The section of the report."""
    goals = report.table(
        ["language", "abuse F1 (goal 0.95)", "abuse precision", "abuse recall", "false flags (goal 0.3 %)",
         "self-harm recall (goal 0.98)", "self-harm blocked (goal 0)"],
        [[one.language, report.f1(one.abuse), report.share(one.abuse.precision),
          report.share(one.abuse.recall), report.share(one.false_flags),
          report.share(one.crisis_recall), one.crises_blocked] for one in measured],
    )  # fmt: skip
    categories = report.table(
        ["category", "language", "precision", "recall", "F1"],
        [
            [name, one.language, report.share(found.precision), report.share(found.recall), report.f1(found)]
            for name in NAMES
            for one in measured
            for found in (one.categories[name],)
        ],
    )
    obfuscations = report.table(
        ["words hidden by", *(one.language for one in measured)],
        [
            [f"{name}{'' if name in FORESEEN else ' (not foreseen)'}",
             *(f"{one.loss(name):+.1f}" if name in one.under else "–" for one in measured)]
            for name in OBFUSCATIONS
        ],
    )  # fmt: skip
    actions = report.table(
        ["language", *ACTIONS],
        [[one.language, *(one.false_by_action.get(action, 0) for action in ACTIONS)] for one in measured],
    )
    words = report.table(
        ["text", "language", "action"],
        [
            *([text, "en", _screen([text], "en")[0].action] for text in SAFE_WORDS),
            *([text, language, _screen([text], language)[0].action] for language, text in CRIES),
        ],
    )
    return f"""\
Written by `python -m nlp.safety.evaluate --write`; safety version `{version()}`. {about}
Intervals are 95 %: Wilson for shares, 2,000 resamplings for F1. A text counts as found if its action is not
`allow`. With about 200 harmless texts a language, no false flag at all still allows a true share of up to
1.8 %.

{goals}

What would be done with the harmless texts: a warning withholds nothing, an escalation asks a person.

{actions}

Per category. A text of one abusive category that is found as another counts against both here, not above.

{categories}

Points of F1 lost where only the abusive words are hidden; the goal is at most 2. The last {len(UNFORESEEN)}
ways are there because a folding of known tricks is not told of them.

{obfuscations}

What an earlier screener got wrong.

{words}"""


def _misses(pairs: Sequence[tuple[Example, Verdict]]) -> list[str]:
    return [
        f"{one.id}: {'+'.join(sorted(one.labels)) or 'harmless'} found as "
        f"{'+'.join(sorted(_found(verdict))) or 'harmless'} ({verdict.action};"
        f" {', '.join(sorted({finding.rule for finding in verdict.findings})) or 'no rule'})"
        for one, verdict in pairs
        if one.labels != _found(verdict)
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m nlp.safety.evaluate", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/reports/safety.md")
    parser.add_argument("--misses", action="store_true", help="list what was answered wrongly, by id")
    parser.add_argument("--independent", choices=_INDEPENDENT, help="a set that nobody tuned on")
    options = parser.parse_args(arguments)
    name, title, about, read = _INDEPENDENT.get(options.independent, _FIRST)
    measured, misses = [], []
    for language in LANGUAGES:
        found, pairs = measure(language, read)
        measured.append(found)
        misses += _misses(pairs)
    text = body(measured, about)
    raw: list[Any] = [asdict(one) for one in measured]
    if options.write:
        report.write(name, title, text, {"version": version(), "languages": raw})
    lines = [text, *(["", *misses] if options.misses else [])]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
