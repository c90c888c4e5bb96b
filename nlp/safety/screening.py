"""Screens texts: words, phrases, shape, the model's opinion. Plain values in and out; nothing is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from nlp.safety import shape
from nlp.safety.folding import fold
from nlp.safety.lexicon import Known, Lexicon
from nlp.safety.phrases import BREAK
from nlp.safety.rules import RuleFile, RuleSet
from nlp.safety.verdicts import ABUSE, ACTIONS, Category, Finding, Mark, Severity, Verdict
from nlp.safety.words import Token, spelled, squeezed, words

if TYPE_CHECKING:
    from nlp.safety.classifier.model import Model

_LANGUAGES = ("en", "uk", "no")
_NAMES = {"nb": "no", "nn": "no", "ru": "uk", "other:ru": "uk"}
# Whose single words hold in a text of a language. Cyrillic words hold everywhere: they meet no Latin word,
# and people swear in their first language. Phrases hold everywhere too: several words together are no chance.
_WORDS_OF = {"en": ("en", "uk"), "uk": ("uk", "en"), "no": ("no", "uk")}
# Single words of abuse stand as they are; phrases of these need context, and the model gives it.
_OF_CONTEXT = frozenset({"harassment", "sexual", "violence"})
_BY_MODEL: tuple[Category, ...] = ("harassment", "sexual", "violence", "profanity")
_SUMMED: tuple[Category, ...] = ("spam", "prompt_injection")
_NEAR = 5  # words before a finding in which a negation or another person counts
_PLAIN, _DISGUISED, _JOINED = (
    0.95,
    0.9,
    0.85,
)  # how sure: the word itself, read through a disguise, put together


class Screener:
    """The rules of a set, compiled for each language on first use, and a model where one is given.

    The model speaks where the rules are silent, and overrules phrases that mean something only in context.
    """

    def __init__(self, rule_set: RuleSet, model: Model | None) -> None:
        self.rule_set = rule_set
        self._model = model
        self._lexicon = lru_cache(maxsize=32)(self._compile)
        files = rule_set.files.values()
        self._negations = frozenset(word for file in files for word in file.negations)
        self._third_persons = frozenset(word for file in files for word in file.third_persons)
        self._weights = rule_set.settings["spam"]
        gibberish = rule_set.settings["gibberish"]
        self._mash = shape.Mash(
            tuple(gibberish["keyboard_rows"].split()), frozenset(gibberish["rare_pairs"].split())
        )

    def screen(self, text: str, language: str) -> Verdict:
        """What the rules say of one text. Another language than ours: the rules that hold in all of them."""
        folded = fold(text)
        lexicon = self._lexicon(_NAMES.get(language, language if language in _LANGUAGES else "other"))
        tokens = written = words(folded.text)
        if not folded.text.replace(" ", "").isalnum():
            tokens = squeezed(folded.text, tokens, lexicon.is_known_joined)
        if any(len(token.text) == 1 for token in tokens):
            tokens = spelled(tokens, lexicon.segments)
        known = [
            lexicon.known_joined(token.text) if token.is_joined else lexicon.known(token.text)
            for token in tokens
        ]
        likely = self._likely(tokens, known)
        found = [*_word_findings(tokens, known), *_halves_findings(lexicon, tokens, known)]
        found = self._with_phrases(found, lexicon, tokens, known, self._overruled(likely))
        found += self._opinions(likely, found, tokens, _NAMES.get(language, language))
        if folded.places is not None:
            found = [_moved(finding, *folded.span(finding.start, finding.end)) for finding in found]
        return self._verdict(self._summed([*found, *self._shapes(text, written)], text))

    def _likely(self, tokens: Sequence[Token], known: Sequence[Known]) -> dict[str, float]:
        if self._model is None or not tokens:
            return {}
        return self._model.likely(sentences_of(tokens, [word.reading for word in known]))

    def _overruled(self, likely: dict[str, float]) -> frozenset[str]:
        """Categories whose phrases do not count in this text: the model has no doubt that it is harmless."""
        if self._model is None or not likely:
            return frozenset()
        limits = self._model.thresholds
        return _OF_CONTEXT if likely["abuse"] < limits["overruled"] else frozenset()

    def _opinions(
        self, likely: dict[str, float], found: Sequence[Finding], tokens: Sequence[Token], language: str
    ) -> Iterator[Finding]:
        """What the model finds where no rule has found anything of the kind."""
        if self._model is None or not likely:
            return
        limits = self._model.thresholds

        def limit(name: str) -> float:
            return limits.get(f"{name}.{language}", limits[name])

        there = {finding.category for finding in found}
        start, end = tokens[0].start, tokens[-1].end
        if "self_harm" not in there and likely["self_harm"] > limit("self_harm"):
            chance = round(likely["self_harm"], 3)
            yield Finding("self_harm", "high", "model.self_harm", start, end, chance)
        if there.isdisjoint(ABUSE) and likely["abuse"] > limit("abuse"):
            category = max(_BY_MODEL, key=lambda one: likely[one])
            severity: Severity = "medium" if likely["abuse"] > limit("sure_abuse") else "low"
            if category == "profanity":
                severity = "medium"  # a warning: slight words pass
            chance = round(likely["abuse"], 3)
            yield Finding(category, severity, f"model.{category}", start, end, chance)
        for summed in _SUMMED:
            if likely[summed] > limits[summed]:
                bands: dict[Severity, float] = self.rule_set.settings["bands"][summed]
                # Spam in its opinion is one sign among others; an injection is held, not blocked by it alone.
                weight = self._weights["model"] if summed == "spam" else min(bands.values())
                yield Finding(summed, "low", f"model.{summed}", start, end, weight)

    def _compile(self, language: str) -> Lexicon:
        chosen: list[RuleFile] = []
        for name, file in self.rule_set.files.items():
            if name == "shared" or name in _WORDS_OF.get(language, ()):
                chosen.append(file)
            elif language in _LANGUAGES:
                chosen.append(replace(file, words=(), allowed=()))
            else:
                severe = tuple(word for word in file.words if word.severity in ("high", "critical"))
                chosen.append(replace(file, words=severe))
        return Lexicon(chosen)

    def _with_phrases(
        self, found: list[Finding], lexicon: Lexicon, tokens: Sequence[Token], known: Sequence[Known],
        overruled: frozenset[str],
    ) -> list[Finding]:  # fmt: skip
        """The findings and those of phrases, without those that an idiom or the whole text explains."""
        wanted = dict.fromkeys(number for word in known for number in word.phrases)
        if not (found or wanted):
            return found
        line, places = _line(tokens, known)
        for number in wanted:
            rule = lexicon.phrases[number]
            # What is critical stands whatever the model says, and so does every phrase of self-harm, vague as
            # some are ("I won't be here next week"): a person looks once too often.
            if rule.category in overruled and rule.severity != "critical":
                continue
            for match in rule.phrase.pattern.finditer(line):
                first, last = places[match.start()], places[match.end() - 2]
                marks = self._marks(known, first, last) if rule.category == "self_harm" else ()
                found.append(
                    Finding(
                        rule.category, rule.severity, rule.rule, tokens[first].start, tokens[last].end,
                        rule.weight if rule.category in ("spam", "prompt_injection") else _PLAIN, marks,
                    )
                )  # fmt: skip
        if not found:
            return found
        for phrase, categories in lexicon.idioms:
            for match in phrase.pattern.finditer(line):
                start = tokens[places[match.start()]].start
                end = tokens[places[match.end() - 2]].end
                found = [
                    finding
                    for finding in found
                    if finding.category not in categories or finding.end <= start or finding.start >= end
                ]
        return found

    def _marks(self, known: Sequence[Known], first: int, last: int) -> tuple[Mark, ...]:
        before = {word.reading for word in known[max(0, first - _NEAR) : first]}
        marks: list[Mark] = []
        if before & self._negations:
            marks.append("negated")
        if (before | {word.reading for word in known[first : last + 1]}) & self._third_persons:
            marks.append("third_person")
        return tuple(marks)

    def _shapes(self, text: str, tokens: Sequence[Token]) -> Iterator[Finding]:
        signals = [*shape.solicitation(text, self._weights), *shape.repetition(text, tokens, self._weights)]
        for signal in signals:
            yield Finding("spam", "low", f"shape.{signal.name}", signal.start, signal.end, signal.weight)
        for signal in shape.masked(text):
            yield Finding(
                "profanity", "medium", f"shape.{signal.name}", signal.start, signal.end, signal.weight
            )
        for signal in shape.template_marks(text):
            yield Finding(
                "prompt_injection", "low", f"shape.{signal.name}", signal.start, signal.end, signal.weight
            )
        if noise := shape.mash(text, tokens, self._mash):
            yield Finding("gibberish", "medium", f"shape.{noise.name}", noise.start, noise.end, noise.weight)

    def _summed(self, found: list[Finding], text: str) -> list[Finding]:
        """Findings whose weights add up get the severity of their sum, and go where it is too small."""
        sums: defaultdict[Category, dict[str, float]] = defaultdict(dict)
        for finding in found:
            if finding.category in ("spam", "prompt_injection"):
                weights = sums[finding.category]
                weights[finding.rule] = max(weights.get(finding.rule, 0.0), finding.confidence)
        if not sums:
            return found
        severities = {
            category: self._severity(category, sum(weights.values())) for category, weights in sums.items()
        }
        kept: list[Finding] = []
        for finding in found:
            if finding.category not in severities:
                kept.append(finding)
            elif severity := severities[finding.category]:
                kept.append(
                    replace(
                        finding, severity=severity, confidence=min(sum(sums[finding.category].values()), 0.99)
                    )
                )
        return kept

    def _severity(self, category: Category, weight: float) -> Severity | None:
        bands: dict[Severity, float] = self.rule_set.settings["bands"][category]
        return next((severity for severity, least in bands.items() if weight >= least - 1e-9), None)

    def _verdict(self, found: list[Finding]) -> Verdict:
        if not found:
            return Verdict("allow", (), 1.0, self.rule_set.version)
        unique = _distinct(found)
        actions = (self.rule_set.actions[finding.category, finding.severity] for finding in unique)
        return Verdict(
            max(actions, key=ACTIONS.index),
            unique,
            round(max(finding.confidence for finding in unique), 3),
            self.rule_set.version,
        )


def sentences_of(tokens: Sequence[Token], readings: Sequence[str]) -> list[list[str]]:
    """The words as they are read, sentence by sentence."""
    found: list[list[str]] = [[]]
    for token, reading in zip(tokens, readings, strict=True):
        found[-1].append(reading)
        if token.ends_sentence:
            found.append([])
    return [one for one in found if one]


def _word_findings(tokens: Sequence[Token], known: Sequence[Known]) -> Iterator[Finding]:
    for token, word in zip(tokens, known, strict=True):
        for rule in word.words:
            confidence = _JOINED if token.is_joined else _DISGUISED if word.is_disguised else _PLAIN
            yield Finding(rule.category, rule.severity, rule.rule, token.start, token.end, confidence)


def _halves_findings(lexicon: Lexicon, tokens: Sequence[Token], known: Sequence[Known]) -> Iterator[Finding]:
    """Words that a space takes apart: `fu ck`."""
    for place in range(len(tokens) - 1):
        left, right = tokens[place], tokens[place + 1]
        if known[place].words or known[place + 1].words or left.ends_sentence:
            continue
        if lexicon.may_be_halves(left.text, right.text):
            for rule in lexicon.known_joined(left.text + right.text).words:
                if len(rule.text.rstrip("*")) > len(left.text):
                    yield Finding(rule.category, rule.severity, rule.rule, left.start, right.end, _JOINED)


def _line(tokens: Sequence[Token], known: Sequence[Known]) -> tuple[str, list[int]]:
    """The words as they are read, each between spaces, breaks between sentences, and each sign's word."""
    parts = [" "]
    places = [0]
    for place, (token, word) in enumerate(zip(tokens, known, strict=True)):
        piece = f"{word.reading} {BREAK} " if token.ends_sentence else f"{word.reading} "
        parts.append(piece)
        places += [place] * len(piece)
    return "".join(parts), places


def _moved(finding: Finding, start: int, end: int) -> Finding:
    return replace(finding, start=start, end=end)


def _distinct(found: list[Finding]) -> tuple[Finding, ...]:
    """Each rule once per place, in the order of the text; of overlapping places of one rule the longest."""
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda one: (one.rule, one.start, -one.end)):
        if kept and kept[-1].rule == finding.rule and finding.end <= kept[-1].end:
            continue
        kept.append(finding)
    return tuple(sorted(kept, key=lambda one: (one.start, one.end, one.rule)))
