"""What the labelled texts would cost with each model, by lengths alone: no call, no stand-in, no tokenizer.

Four characters to a token, two where the letter is Cyrillic. The answer is the one the labels of a text ask
for, with a quotation of 40 and a sentence of 60 characters per label.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from nlp.classifiers.claude_request import counted_params
from nlp.evaluation.labelled import Item, answers, load
from nlp.labels import CHANGES, LANGUAGES
from nlp.prompts import load_prompt
from nlp.spend.cost import Tokens, cost_microdollars
from nlp.spend.prices import PriceBook

HEADING = "## Estimated from the labelled texts"
_QUOTED, _REASON = "x" * 40, "x" * 60


def section(prices: PriceBook, per: int = 1000) -> list[str]:
    """The table and what it rests on, as Markdown."""
    return [
        HEADING,
        "",
        "By lengths, of all texts of the labelled set: 4 characters to a token, 2 of Cyrillic; the answer",
        "that a text's right labels ask for, with a quotation of 40 and a sentence of 60 characters each.",
        "An estimate by a rule of thumb: nobody has counted these with Anthropic's tokenizer.",
        "",
        "| model, language | instructions | text | answer |"
        f" {per:,} texts, instructions cached | not cached | in batches, not cached |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *_rows(prices, per),
        "",
    ]


def tokens_of(text: str) -> float:
    cyrillic = sum("\u0400" <= letter <= "\u052f" for letter in text)
    return cyrillic / 2 + (len(text) - cyrillic) / 4


def _rows(prices: PriceBook, per: int) -> Iterator[str]:
    labelled = load(split="all")
    for model in sorted({price.model for price in prices.prices}):
        price = prices.price(model, datetime.now(UTC))
        for language in LANGUAGES:
            items = labelled.of(language)
            prompt = load_prompt(language)
            fixed = tokens_of(json.dumps(counted_params(model, prompt, "")["output_config"]))
            prefix = round(tokens_of(prompt.system) + fixed)
            text = round(sum(tokens_of(item.content) for item in items) / len(items))
            answer = round(sum(tokens_of(_answer(item)) for item in items) / len(items))
            whole = Tokens(input=prefix + text, output=answer)
            amounts = [
                cost_microdollars(price, Tokens(input=text, output=answer, read=prefix), is_batch=False),
                cost_microdollars(price, whole, is_batch=False),
                cost_microdollars(price, whole, is_batch=True),
            ]
            shown = " | ".join(f"${amount * per / 1e6:,.4f}" for amount in amounts)
            yield f"| {model}, {language} | {prefix:,} | {text:,} | {answer:,} | {shown} |"


def _answer(item: Item) -> str:
    """An answer of the schema's shape that says what is right about the text."""
    claimed = [name.rpartition(":")[2] for name, answer in answers(item.labels).items() if answer]
    claimed += ["language_comfort"] if item.labels.language_comfort else []
    return json.dumps(
        {
            **{change: bool(getattr(item.labels, change)) for change in CHANGES},
            "language_comfort": item.labels.language_comfort or "not_stated",
            "employability_signals": sorted(item.labels.employability_signals or ()),
            "risk_cues": sorted(item.labels.risk_cues or ()),
            "topics": sorted(item.labels.topics),
            "evidence": [{"label": name, "snippet": _QUOTED, "reasoning": _REASON} for name in claimed],
            "certainty": [{"label": name, "value": 0.95} for name in claimed],
        }
    )
