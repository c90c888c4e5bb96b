"""Numbers that identify: national and tax ids, passports, accounts, cards, network addresses.

A number with check digits counts when they are right, or when the words before it say what it is: a mistyped
id still points at somebody.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator

from stdnum import iban, luhn
from stdnum.no import fodselsnummer, kontonr
from stdnum.ua import rntrc

from nlp.redaction.replacements import Kind, Span

_CUED = 40  # characters before a number in which a word may say what it is
_SEPARATORS = re.compile(r"[^0-9A-Za-zА-ЯҐЄІЇа-яґєії]")

_ELEVEN = re.compile(r"(?<![\w.,+-])\d{6}[ \u00a0-]?\d{5}(?!\w|[.,-]\d)")
_LOOSE_ELEVEN = re.compile(r"(?<![\w+])\d(?:[ \u00a0.-]?\d){10}(?!\w|[.,-]?\d)")
_TEN = re.compile(r"(?<![\w+])[1-9](?:[ \u00a0-]?\d){9}(?!\w|[.,-]?\d)")
_ACCOUNT = re.compile(r"(?<![\w.])\d{4}[. \u00a0]\d{2}[. \u00a0]\d{5}(?!\w|[.,]\d)")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![\w+])(?:\d[ \u00a0-]?){12,18}\d(?!\w|[.,-]?\d)")
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")
_UA_PASSPORT = re.compile(r"(?<!\w)[А-ЯҐЄІЇ]{2}[ \u00a0№-]{0,3}\d{6}(?!\d)", re.IGNORECASE)
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,3}[ \u00a0-]?\d{6,8}(?![A-Za-z0-9])")
_NINE = re.compile(r"(?<![\w+])\d{3}[ \u00a0-]?\d{3}[ \u00a0-]?\d{3}(?!\w|[.,-]?\d)")

_NATIONAL_WORD = re.compile(
    r"f(?:ø|o|oe)dselsn(?:umme)?r|personn(?:umme)?r|\bf\.?nr\b|d-?n(?:umme)?r|national id|"
    r"id[- ]?num|personal (?:id|number)|identity number|social security|персональн\w* номер|"
    r"ідентифікаційн|особист\w* номер|номер народження|\bID\b",
    re.IGNORECASE,
)
_TAX_WORD = re.compile(
    r"рнокпп|\bіпн\b|\bинн\b|\bінн\b|податков|ідентифікаційн|идентификацион|tax (?:id|number|"
    r"payer)|taxpayer|rnokpp|\bipn\b|\btin\b|skatten",
    re.IGNORECASE,
)
_PASSPORT_WORD = re.compile(
    r"passport|паспорт|\bpass\w*|\w+pass(?:et)?\b|reisedokument|reisebevis|"
    r"travel document|id[- ]?card|"
    r"id-?картк|ідентифікаційн\w* карт|посвідчення|посвідка|residence permit|oppholdskort|"
    r"oppholdstillatelse|закордонн|reisepass|legitimasjon",
    re.IGNORECASE,
)
_ACCOUNT_WORD = re.compile(r"konto|account|рахун|iban|счет|счёт", re.IGNORECASE)
_CARD_WORD = re.compile(r"\bcard\b|\bkort|карт[аиуок]|visa|mastercard", re.IGNORECASE)


def identifiers(text: str) -> Iterator[Span]:
    """Every identifying number of a text. They may overlap; the first of an overlap is the surest."""
    if sum(map(str.isdigit, text)) < 4:
        return
    yield from _checked(
        text, _IBAN, "bank_account", lambda number: iban.is_valid(number, check_country=False)
    )
    yield from _checked(text, _LOOSE_ELEVEN, "national_id", _is_national)
    yield from _checked(text, _ACCOUNT, "bank_account", lambda number: bool(kontonr.is_valid(number)))
    yield from _checked(
        text,
        _CARD,
        "card",
        lambda number: len(number) >= 13 and luhn.is_valid(number) and set(number) != {"0"},
    )
    yield from _checked(text, _TEN, "tax_id", lambda number: bool(rntrc.is_valid(number)))
    yield from _told(text, _LOOSE_ELEVEN, "national_id", _NATIONAL_WORD)
    yield from _told(text, _TEN, "tax_id", _TAX_WORD)
    yield from _told(text, _UA_PASSPORT, "passport", None)
    yield from _told(text, _PASSPORT, "passport", _PASSPORT_WORD)
    yield from _told(text, _NINE, "passport", _PASSPORT_WORD)
    yield from _told(text, _LOOSE_ELEVEN, "bank_account", _ACCOUNT_WORD)
    yield from _told(text, _IBAN, "bank_account", _ACCOUNT_WORD)
    yield from _told(text, _CARD, "card", _CARD_WORD)
    for pattern in (_IPV4, _IPV6):
        for found in pattern.finditer(text):
            if _is_address(found[0]):
                yield Span("ip_address", found.start(), found.end(), found[0].lower())


def _checked(
    text: str, pattern: re.Pattern[str], kind: Kind, is_valid: Callable[[str], bool]
) -> Iterator[Span]:
    for found in pattern.finditer(text):
        number = _SEPARATORS.sub("", found[0])
        if is_valid(number):
            yield Span(kind, found.start(), found.end(), number.upper())
        elif kind == "bank_account" and (shorter := _valid_beginning(found[0], is_valid)):
            yield Span(
                kind, found.start(), found.start() + len(shorter), _SEPARATORS.sub("", shorter).upper()
            )


def _valid_beginning(found: str, is_valid: Callable[[str], bool]) -> str | None:
    # A word after an IBAN looks like more of it: "NO93 8601 1117 947 is mine".
    pieces = re.split(r"([ \u00a0-])", found)
    for count in range(len(pieces) - 2, 0, -2):
        beginning = "".join(pieces[:count])
        if is_valid(_SEPARATORS.sub("", beginning)):
            return beginning
    return None


def _told(text: str, pattern: re.Pattern[str], kind: Kind, word: re.Pattern[str] | None) -> Iterator[Span]:
    for found in pattern.finditer(text):
        if word is None or word.search(text, max(0, found.start() - _CUED), found.start()):
            yield Span(kind, found.start(), found.end(), _SEPARATORS.sub("", found[0]).upper())


def _is_national(number: str) -> bool:
    """A Norwegian birth number or D-number, or a synthetic one that registers give out for tests."""
    if fodselsnummer.is_valid(number):
        return True
    day, month = int(number[:2]), int(number[2:4])
    return (
        number[9] == fodselsnummer.calc_check_digit1(number)
        and number[10] == fodselsnummer.calc_check_digit2(number)
        and (day % 40 <= 31 and day >= 1 and month % 40 in range(1, 13))
    )


def _is_address(found: str) -> bool:
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return False
    # "::" and the like are punctuation; an IPv4 address is one however it is used.
    return address.version == 4 or sum(character in "0123456789abcdefABCDEF" for character in found) >= 4
