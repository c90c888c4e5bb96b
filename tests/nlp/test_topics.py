"""A topic is named by words of its own in each language, and never by words that go with everything."""

from __future__ import annotations

import pytest

from nlp.labels import LANGUAGES, TOPICS, Language
from nlp.topics import topics_of

NAMED: list[tuple[Language, str, set[str]]] = [
    ("en", "We looked at my CV", {"cv"}),
    ("en", "She interviewed me like an employer", {"interview"}),
    ("en", "The course on project management and Scrum", {"pm"}),
    ("en", "I write small programs in Python", {"dev"}),
    ("en", "I updated my LinkedIn page", {"networking"}),
    ("en", "My mentor was ill", {"mentorship"}),
    ("uk", "Ми подивилися моє резюме", {"cv"}),
    ("uk", "Завтра співбесіда", {"interview"}),
    ("uk", "Курс з управління проєктами", {"pm"}),
    ("uk", "Вчуся програмувати", {"dev"}),
    ("uk", "Шукаю ділові контакти", {"networking"}),
    ("uk", "З менторкою говорили про дітей", {"mentorship"}),
    ("no", "Vi så på CV-en min", {"cv"}),
    ("no", "I morgen er jobbintervjuet", {"interview"}),
    ("no", "Kurset i prosjektledelse", {"pm"}),
    ("no", "Eg lærer programmering", {"dev"}),
    ("no", "Vi snakket om nettverksbygging", {"networking"}),
    ("no", "Mentoren min var syk", {"mentorship"}),
    ("en", "We did not get to my CV", {"cv"}),
    ("en", "My mentor helped with my CV before the interview", {"cv", "interview", "mentorship"}),
]

NAMES_NONE: list[tuple[Language, str]] = [
    ("en", "support"), ("en", "skills"), ("en", "help"), ("en", "event"),
    ("en", "Thanks for the support and help at the event, I learned new skills"),
    ("en", "My buddy is kind and the group is nice"),
    ("uk", "підтримка"), ("uk", "навички"), ("uk", "допомога"), ("uk", "подія"),
    ("uk", "Дякую за підтримку й допомогу на заході, нові навички"),
    ("no", "støtte"), ("no", "ferdigheter"), ("no", "hjelp"), ("no", "arrangement"),
    ("no", "Takk for støtte og hjelp på arrangementet, nye ferdigheter"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "topics"), NAMED)
def test_a_topic_is_named_in_its_language(language: Language, text: str, topics: set[str]) -> None:
    found = topics_of(text, language)
    assert {one.label for one in found} == topics
    assert all(text[one.start : one.end] for one in found)


@pytest.mark.parametrize(("language", "text"), NAMES_NONE)
def test_words_that_go_with_everything_name_no_topic(language: Language, text: str) -> None:
    assert topics_of(text, language) == []


def test_every_topic_is_tested_in_every_language() -> None:
    tested = {(language, topic) for language, _, topics in NAMED for topic in topics}
    assert tested == {(language, topic) for language in LANGUAGES for topic in TOPICS}
