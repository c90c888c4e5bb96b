"""Rules find what is said of the writer, now and really; and what only looks like it, they leave alone."""

from __future__ import annotations

import pytest

from nlp.classifiers.local.phrases import PhraseBook, PhraseError
from nlp.classifiers.local.rules import RULE_LABELS, RuleBook, RuleFileError, rule_book
from nlp.labels import LANGUAGES, Language

SAYS: list[tuple[Language, str, str]] = [
    ("en", "I am much more confident at the counter now", "confidence_increase"),
    ("en", "It gave me the courage to talk to my boss", "confidence_increase"),
    ("en", "I'm no longer afraid to speak", "confidence_increase"),
    ("en", "I lost my confidence after the exam", "confidence_decrease"),
    ("en", "I have become more insecure since August", "confidence_decrease"),
    ("en", "I finally feel at home here", "belonging_increase"),
    ("en", "I don't feel like a stranger any more", "belonging_increase"),
    ("en", "I feel like an outsider", "belonging_decrease"),
    ("en", "Nobody greets me at work", "belonging_decrease"),
    ("en", "I only know a few words", "language_comfort.low"),
    ("en", "I can manage everyday conversations", "language_comfort.medium"),
    ("en", "I speak Norwegian fluently", "language_comfort.high"),
    ("en", "I applied for two jobs", "job_search"),
    ("en", "I learned to make invoices in Excel", "skills_gained"),
    ("en", "I met a recruiter at the fair", "networking"),
    ("en", "We rewrote my CV", "resume_improvement"),
    ("en", "We practised for the interview", "interview_prep"),
    ("en", "I passed the B1 exam", "certification"),
    ("en", "I put two projects in my portfolio", "portfolio_building"),
    ("en", "I have decided to become a nurse", "career_goal_setting"),
    ("en", "I have nobody to talk to", "isolation"),
    ("en", "I am fed up with these forms", "frustration"),
    ("en", "I have lost interest in the course", "disengagement"),
    ("en", "I am so nervous that I can't sleep", "anxiety"),
    ("en", "I think I will quit the course", "dropout_indication"),
    ("en", "I don't understand what I should do", "confusion"),
    ("en", "I am so stupid", "negative_self_talk"),
    ("en", "My mentor never answers", "lack_of_support"),
    ("uk", "Тепер почуваюся значно впевненіше", "confidence_increase"),
    ("uk", "Я стала впевненішою", "confidence_increase"),
    ("uk", "Я став упевненішим у собі", "confidence_increase"),
    ("uk", "Вже не боюся дзвонити", "confidence_increase"),
    ("uk", "Я нарешті відчуваю себе впевнено", "confidence_increase"),
    ("uk", "Втратила впевненість після іспиту", "confidence_decrease"),
    ("uk", "Я став менш упевненим", "confidence_decrease"),
    ("uk", "Почуваюся тут як удома", "belonging_increase"),
    ("uk", "Почуваюсь у групі чужою", "belonging_decrease"),
    ("uk", "Почуваюся чужим", "belonging_decrease"),
    ("uk", "Знаю лише кілька слів", "language_comfort.low"),
    ("uk", "Розумію більшість, коли говорять повільно", "language_comfort.medium"),
    ("uk", "Я вільно говорю норвезькою", "language_comfort.high"),
    ("uk", "Подала заявки на три роботи", "job_search"),
    ("uk", "Навчилася виставляти рахунки в Excel", "skills_gained"),
    ("uk", "Познайомилася з двома рекрутерками", "networking"),
    ("uk", "Ми оновили моє резюме", "resume_improvement"),
    ("uk", "Готувалися до співбесіди", "interview_prep"),
    ("uk", "Я здала іспит B1", "certification"),
    ("uk", "Додала проєкт у портфоліо", "portfolio_building"),
    ("uk", "Вирішила стати медсестрою", "career_goal_setting"),
    ("uk", "Мені нема з ким поговорити", "isolation"),
    ("uk", "Мене це дуже дратує", "frustration"),
    ("uk", "Мені вже нецікаво", "disengagement"),
    ("uk", "Дуже нервую перед іспитом", "anxiety"),
    ("uk", "Думаю кинути курс", "dropout_indication"),
    ("uk", "Не розумію, що мені робити", "confusion"),
    ("uk", "Я така дурна", "negative_self_talk"),
    ("uk", "Ніхто мені не допомагає", "lack_of_support"),
    ("no", "Jeg føler meg mye tryggere nå", "confidence_increase"),
    ("no", "Eg er sikrare på meg sjølv no", "confidence_increase"),
    ("no", "Jeg har blitt mer selvsikker", "confidence_increase"),
    ("no", "Eg er meir sjølvsikker no", "confidence_increase"),
    ("no", "Jeg mistet selvtilliten etter prøven", "confidence_decrease"),
    ("no", "Eg har mista sjølvtilliten", "confidence_decrease"),
    ("no", "Jeg føler meg hjemme her nå", "belonging_increase"),
    ("no", "Eg kjenner meg heime her", "belonging_increase"),
    ("no", "Jeg føler meg utenfor", "belonging_decrease"),
    ("no", "Eg kjenner meg framand her", "belonging_decrease"),
    ("no", "Norsken min er dårlig", "language_comfort.low"),
    ("no", "Jeg forstår det meste", "language_comfort.medium"),
    ("no", "Jeg snakker flytende norsk", "language_comfort.high"),
    ("no", "Jeg søkte på tre jobber", "job_search"),
    ("no", "Eg lærte å bruke Excel", "skills_gained"),
    ("no", "Jeg møtte to rekrutterere", "networking"),
    ("no", "Vi oppdaterte CV-en min", "resume_improvement"),
    ("no", "Vi øvde på jobbintervju", "interview_prep"),
    ("no", "Jeg besto B1-prøven", "certification"),
    ("no", "Jeg la et prosjekt i porteføljen", "portfolio_building"),
    ("no", "Jeg har bestemt meg for å bli sykepleier", "career_goal_setting"),
    ("no", "Jeg har ingen å snakke med", "isolation"),
    ("no", "Jeg er dritlei av skjemaer", "frustration"),
    ("no", "Eg har mista interessa", "disengagement"),
    ("no", "Jeg er nervøs for eksamen", "anxiety"),
    ("no", "Jeg vurderer å slutte", "dropout_indication"),
    ("no", "Jeg forstår ikke hva jeg skal gjøre", "confusion"),
    ("no", "Jeg er så dum", "negative_self_talk"),
    ("no", "Ingen svarer meg", "lack_of_support"),
]

LEAVES: list[tuple[Language, str, str]] = [
    # denied
    ("en", "I am not more confident than before", "confidence_increase"),
    ("en", "I am not lonely", "isolation"),
    ("en", "I am not going to quit the course", "dropout_indication"),
    ("uk", "Я не стала впевненішою", "confidence_increase"),
    ("uk", "Я зовсім не нервую", "anxiety"),
    ("no", "Jeg er ikke blitt tryggere", "confidence_increase"),
    ("no", "Eg er ikkje einsam", "isolation"),
    # somebody else
    ("en", "The trainer was more confident today", "confidence_increase"),
    ("en", "A friend of mine feels at home here", "belonging_increase"),
    ("en", "The woman next to me was nervous", "anxiety"),
    ("uk", "Тренерка стала впевненішою", "confidence_increase"),
    ("uk", "Моя сестра почувається чужою", "belonging_decrease"),
    ("no", "Læreren er blitt tryggere", "confidence_increase"),
    ("no", "Søsteren min føler seg utenfor", "belonging_decrease"),
    # wished for, supposed, asked
    ("en", "I want to become more confident", "confidence_increase"),
    ("en", "If I were more confident, I would apply", "confidence_increase"),
    ("en", "Do you feel more confident now?", "confidence_increase"),
    ("uk", "Хочу стати впевненішою", "confidence_increase"),
    ("uk", "Якби я була впевненішою, я б подзвонила", "confidence_increase"),
    ("no", "Jeg vil bli tryggere", "confidence_increase"),
    ("no", "Hvis jeg var tryggere, hadde jeg søkt", "confidence_increase"),
    # long ago, quoted
    ("en", "As a child I was lonely", "isolation"),
    ("en", 'The poster says "I feel at home"', "belonging_increase"),
    ("uk", "У дитинстві я була самотня", "isolation"),
    ("uk", "На плакаті «почуваюся як удома»", "belonging_increase"),
    ("no", "Som barn var jeg ensom", "isolation"),
    ("no", "På plakaten står det «føler meg hjemme her»", "belonging_increase"),
]


@pytest.mark.parametrize(("language", "text", "label"), SAYS)
def test_a_worked_example_is_found_with_its_words(language: Language, text: str, label: str) -> None:
    said = [one for one in rule_book(language).find(text).said if one.label == label]
    assert said
    assert all(text[one.start : one.end].strip() for one in said)
    assert all(one.rule.startswith(f"{language}.") for one in said)


def test_every_label_has_a_worked_example_in_every_language() -> None:
    shown = {(language, label) for language, _, label in SAYS}
    assert shown == {(language, label) for language in LANGUAGES for label in RULE_LABELS}


@pytest.mark.parametrize(("language", "text", "label"), LEAVES)
def test_what_is_denied_wished_for_past_quoted_or_of_others_is_left(
    language: Language, text: str, label: str
) -> None:
    assert label not in {one.label for one in rule_book(language).find(text).said}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I’m not afraid to speak any more"),
        ("uk", "Я вже не боюся дзвонити сусiдам"),  # Latin i
        ("uk", "Почуваюся чужою\u0306"),
    ],
)
def test_other_spellings_of_the_same_characters_change_nothing(language: Language, text: str) -> None:
    assert rule_book(language).find(text).said


def test_places_are_those_of_the_text_as_given() -> None:
    decomposed = "Мій час! Я вже не боюся дзвонити".replace("й", "и\u0306")
    said = rule_book("uk").find(decomposed).said
    assert [decomposed[one.start : one.end] for one in said] == ["вже не боюся дзвонити"]


def test_an_inner_phrase_does_not_contradict_the_phrase_around_it() -> None:
    labels = {one.label for one in rule_book("en").find("I'm no longer afraid to speak").said}
    assert labels == {"confidence_increase"}


def test_a_phrase_without_a_word_to_look_it_up_by_is_refused() -> None:
    with pytest.raises(PhraseError, match="no word to look it up by"):
        PhraseBook([(0, "(a )?(b )?")], {})


def test_a_phrase_of_an_unknown_list_names_the_lists_there_are() -> None:
    with pytest.raises(PhraseError, match=r"no list <fell>.*feel"):
        PhraseBook([(0, "<fell> better")], {"feel": "feel|felt"})


def test_a_rule_with_a_misspelt_key_is_refused() -> None:
    rule = {"id": "x", "phrases": ["lonely"], "alow": ["wish"]}
    source = {"language": "en", "lists": {}, "grammar": {}, "rules": {"isolation": [rule]}, "topics": {}}
    with pytest.raises(RuleFileError, match=r"en\.isolation\.x.*alow"):
        RuleBook(source, "en.yaml")
