"""What a text is about, of the six topics: words that name one, in three languages.

A topic is named or it is not: negation, tense and who it is about do not matter ("we did not get to my CV" is about the
CV). Words that go with everything (support, skills, help, event) name none. Vocabulary: `nlp/classifiers/local/rules`.
"""

from __future__ import annotations

from nlp.classifiers.local.rules import rule_book
from nlp.labels import Evidence, Language


def topics_of(text: str, language: Language) -> list[Evidence]:
    """The topics the text names, each with the words that name it, in the order they stand."""
    return [Evidence(one.label, one.start, one.end, one.rule) for one in rule_book(language).topics(text)]
