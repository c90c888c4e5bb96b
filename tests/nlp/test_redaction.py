"""What identifies a person is gone, whatever stands around it; the same person has the same placeholder."""

from __future__ import annotations

from datetime import date

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.no import fodselsnummer
from stdnum.ua import rntrc

from nlp.redaction import redact, redact_many, version

SENTENCES = [
    (
        "My mentor Olena Kovalenko helped me. Olena is great.",
        "My mentor [PERSON_1] helped me. [PERSON_1] is great.",
    ),
    (
        "Мене звати Оксана Петренко, дякую Олені та Андрієві.",
        "Мене звати [PERSON_1], дякую [PERSON_2] та [PERSON_3].",
    ),
    (
        "Олена прийшла. Я дякую Олені за час з Оленою.",
        "[PERSON_1] прийшла. Я дякую [PERSON_1] за час з [PERSON_1].",
    ),
    (
        "Jeg heter Kari Nordmann og bor i Storgata 15, 0155 Oslo.",
        "Jeg heter [PERSON_1] og bor i [ADDRESS_1].",
    ),
    ("Thanks to Anna and Zorbey.", "Thanks to [PERSON_1] and [PERSON_2]."),
    ("Siv hjalp meg. Grace and I cooked.", "[PERSON_1] hjalp meg. [PERSON_2] and I cooked."),
    ("Народжений у травні 1985 року.", "Народжений у [DATE_OF_BIRTH_1] року."),
    ("Донька 2015 року народження.", "Донька [DATE_OF_BIRTH_1] року народження."),
    ("Reisebevis nr. RT0012345", "Reisebevis nr. [PASSPORT_1]"),
    ("Takk til Liv og Bjørns familie.", "Takk til [PERSON_1] og [PERSON_2] familie."),
    ("my name is natalia, mail natalia.k@example.com", "my name is [PERSON_1], mail [EMAIL_1]"),
    ("Thanks to Mr. Smith and Dr. Haddad!", "Thanks to Mr. [PERSON_1] and Dr. [PERSON_2]!"),
    ("Born 12.03.1990, session on 12.03.2025.", "Born [DATE_OF_BIRTH_1], session on 12.03.2025."),
    (
        "Мій паспорт АВ123456, живу на вул. Шевченка 12, кв. 5",
        "Мій паспорт [PASSPORT_1], живу на [ADDRESS_1]",
    ),
    (
        "Write to @natalia_k or t.me/natalia from 10.0.0.7",
        "Write to [HANDLE_1] or [URL_1] from [IP_ADDRESS_1]",
    ),
    ("Ring meg på 412 34 567 eller +47 22 33 44 55.", "Ring meg på [PHONE_1] eller [PHONE_2]."),
    ("Телефонуйте 067 123 45 67 або +380 50 123 45 67", "Телефонуйте [PHONE_1] або [PHONE_2]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_people_and_ways_to_them_are_replaced(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "I hope Norway will be good in May. Hope to see you. Will it work in Oslo?",
        "We met on 12.03.2025 at 10:30, 3 of 5 people came and 120 kroner were paid.",
        "I speak Ukrainian, Norwegian and English; I use Excel, Teams and Power BI.",
        "Jeg bor i Bergen og lærer norsk på mandager. Det er mye å lære i livet.",
        "Я живу в Осло, вчу норвезьку мову і мрію про Київ. Надія є, любов теж.",
        "Versjon 2.0.1 ble levert, 2024-2025, side 12345678 av boka finnes ikke.",
    ],
)
def test_places_languages_and_dates_are_no_persons(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize("text", [text for text, _ in SENTENCES])
def test_a_redacted_text_stays_as_it_is(text: str) -> None:
    once = redact(text)
    assert redact(once.text).text == once.text
    assert redact(once.text).replacements == ()


def test_new_placeholders_go_on_from_those_that_are_there() -> None:
    assert redact("[PERSON_2] met Anna").text == "[PERSON_2] met [PERSON_3]"


def test_replacements_name_what_stood_where() -> None:
    text = "Anna and Maria, then Anna's friend"
    redacted = redact(text)
    assert [text[one.start : one.end] for one in redacted.replacements] == ["Anna", "Maria", "Anna's"]
    assert [one.placeholder for one in redacted.replacements] == ["[PERSON_1]", "[PERSON_2]", "[PERSON_1]"]
    assert redacted.version == version()
    assert redact_many([text, "ok"], ["en", None])[1].text == "ok"


AROUND = st.sampled_from(
    ["my id is {}", "Мій код {} дякую", "Nummeret er {}.", "{}", "🙂 {} ok", "(see {})", "ØÅ\u0301 {}\nend"]
)


@st.composite
def birth_numbers(draw: st.DrawFn) -> str:
    """A valid birth number or D-number of somebody born between 1940 and 1999."""
    born = draw(st.dates(date(1940, 1, 1), date(1999, 12, 31)))
    day = born.day + (40 if draw(st.booleans()) else 0)
    for serial in range(draw(st.integers(0, 400)), 500):
        first = f"{day:02}{born:%m%y}{serial:03}"
        number = first + str(fodselsnummer.calc_check_digit1(first))
        number += str(fodselsnummer.calc_check_digit2(number))
        if len(number) == 11:
            break
    return draw(st.sampled_from([number, f"{number[:6]} {number[6:]}"]))


@st.composite
def tax_numbers(draw: st.DrawFn) -> str:
    first = f"{draw(st.integers(100_000_000, 399_999_999))}"
    return first + rntrc.calc_check_digit(first)


@st.composite
def accounts(draw: st.DrawFn) -> str:
    country, length = draw(st.sampled_from([("NO", 11), ("UA", 25), ("DE", 18)]))
    body = "".join(str(draw(st.integers(0, 9))) for _ in range(length))
    number = f"{country}{iban.calc_check_digits(f'{country}00{body}')}{body}"
    return draw(st.sampled_from([number, " ".join(number[at : at + 4] for at in range(0, len(number), 4))]))


@st.composite
def cards(draw: st.DrawFn) -> str:
    first = draw(st.sampled_from(["4", "51", "37"]))
    first += "".join(str(draw(st.integers(0, 9))) for _ in range(15 - len(first)))
    number = first + luhn.calc_check_digit(first)
    return draw(st.sampled_from([number, "-".join(number[at : at + 4] for at in range(0, 16, 4))]))


@st.composite
def phones(draw: st.DrawFn) -> str:
    region, lowest, highest = draw(
        st.sampled_from([("NO", 40_000_000, 49_999_999), ("UA", 671_000_000, 679_999_999)])
    )
    number = phonenumbers.parse(str(draw(st.integers(lowest, highest))), region)
    style = draw(st.sampled_from(["INTERNATIONAL", "E164"]))
    return phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, style))


IDENTIFYING = st.one_of(birth_numbers(), tax_numbers(), accounts(), cards(), phones())


@settings(max_examples=250, deadline=None)
@given(IDENTIFYING, AROUND)
def test_no_valid_number_survives(number: str, around: str) -> None:
    text = around.format(number)
    redacted = redact(text)
    assert number not in redacted.text
    digits = "".join(filter(str.isdigit, number))
    assert digits not in "".join(filter(str.isdigit, redacted.text))
    assert redact(redacted.text).text == redacted.text


@settings(max_examples=250, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=15), st.sampled_from([text for text, _ in SENTENCES])), max_size=4)
)
def test_any_text_can_be_rebuilt_from_its_replacements(parts: list[str]) -> None:
    text = " ".join(parts)
    redacted = redact(text)
    rebuilt, end = "", 0
    for one in redacted.replacements:
        assert end <= one.start < one.end <= len(text)
        rebuilt += text[end : one.start] + one.placeholder
        end = one.end
    assert rebuilt + text[end:] == redacted.text
    assert redact(redacted.text).text == redacted.text
