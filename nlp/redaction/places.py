"""Where somebody lives and when somebody was born, as written in Norwegian, Ukrainian and English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.redaction.replacements import Span

_NO_STREET = (
    r"(?:[A-ZÆØÅ][\wæøåÆØÅ.-]*\s){0,3}[A-ZÆØÅ]?[\wæøå-]*(?:gata|gaten|gate|gt\.|vn\.|v\.|allmenning|allmenningen|løkken|toppen|tua|berget|dalen|stranda|skogen|veien|vegen|vei|veg|"
    r"allé|alleen|plass|plassen|torg|torget|stien|sti|bakken|bakke|svingen|kroken|brygge|løkka|"
    r"haugen|lia|åsen|terrasse|ringen|tunet|jordet|kaia)"
)
_NUMBER = r"\s\d{1,4}\s?[A-Za-z]?(?![\w%])"
_POSTCODE = r"(?:,?\s+(?:N-|NO-)?\d{4}\s+[A-ZÆØÅ][\wæøåÆØÅ-]+(?:\s[A-ZÆØÅ][\wæøåÆØÅ]+)?)"
_NORWEGIAN = re.compile(
    rf"(?<!\w){_NO_STREET}{_NUMBER}(?:,?\s?(?:leil(?:ighet)?|H|h|etg|oppgang)\.?\s?\w{{1,5}})?{_POSTCODE}?"
)
_NORWEGIAN_POST = re.compile(
    r"(?<!\w)(?:N-|NO-)?\d{4}\s(?:Oslo|Bergen|Trondheim|Stavanger|Kristiansand|Tromsø|Drammen|"
    r"Fredrikstad|Sandnes|Sarpsborg|Skien|Ålesund|Sandefjord|Haugesund|Tønsberg|Moss|Bodø|Arendal|"
    r"Hamar|Larvik|Halden|Lillehammer|Molde|Harstad|Gjøvik|Kongsberg|Askim|Ski|Lillestrøm|"
    r"Jessheim|Alta|Narvik|Horten|Asker|Sandvika|Kongsvinger|Elverum|Steinkjer|Levanger|Stjørdal|"
    r"Namsos|Førde|Voss|Kirkenes|Hammerfest)\b"
)
_UKRAINIAN = re.compile(
    r"(?<!\w)(?:(?:м|с|смт|г|місто|село)\.?\s?[А-ЯҐЄІЇ][\w'’ʼ-]+,?\s)?"
    r"(?:вул(?:иц[яіюею]+)?|просп(?:ект\w{0,2})?|пр-т|пров(?:ул\w+)?|бульв(?:ар\w{0,2})?|б-р|"
    r"площ[аіу]|пл|набережн\w+|шосе|узвіз|ул(?:иц\w+)?|пер(?:еул\w+)?)\.?\s"
    r"(?:[А-ЯҐЄІЇ\d][\w'’ʼ.-]*\s?){1,4}?,?\s?(?:б(?:уд(?:ин\w+)?)?\.?\s?|д(?:ом)?\.?\s?|"
    r"№\s?)?\d{1,4}(?:[-/]?[А-Яа-яA-Za-z](?!\w))?(?:/\d{1,3})?(?!\d)"
    r"(?:,?\s?(?:кв(?:артир\w+)?|під(?:['’ʼ]?їзд)?|кім(?:ната)?|"
    r"корп(?:ус)?)\.?\s?\d{1,4})?(?:,?\s\d{5}(?!\d))?"
    r"(?:,?\s(?:м\.\s?|місто\s)?(?:Київ|Києв\w|Львів|Львов\w|Одес\w|Харків|Харков\w|Дніпр\w?|"
    r"Запоріжж\w|Вінниц\w|Полтав\w|Чернівц\w+|Херсон\w*|Миколаїв\w*|Маріупол\w*|Тернопіл\w*|"
    r"Луцьк\w*|Рівн\w+|Житомир\w*|Суми|Сум\w*|Черніг\w+|Ужгород\w*|Івано-Франківськ\w*))?"
)  # fmt: skip
_ENGLISH = re.compile(
    r"(?<![\w])\d{1,5}[A-Za-z]?,?\s(?:[A-Z][\w'’.-]*\s){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|"
    r"Ln|Drive|Dr|Court|Ct|Square|Sq|Boulevard|Blvd|Way|Terrace|Place|Pl|Close|Crescent|Gardens|"
    r"Grove|Hill|Park|Row|Walk)\b\.?"
    r"(?:,?\s(?:Apt|Apartment|Flat|Unit|Suite|"
    r"#)\.?\s?\w{1,5})?(?:,\s?[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)?(?:,?\s(?:[A-Z]{2}\s)?(?:\d{5}(?:-\d{4})?|"
    r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}))?"
)  # fmt: skip
_UK_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}(?!\w)")

_MONTHS = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch|s)?|apr(?:il)?|ma[yi]|jun[ei]?|jul[yi]?|"
    r"aug(?:ust)?|sep(?:t(?:ember)?)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cs](?:ember)?"
    r"|січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня|"
    r"января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)\.?"
)  # fmt: skip
_DATE = (
    r"(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:19|20)?\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|-го|го|\.)?\s(?:of\s|av\s)?{_MONTHS},?\s(?:19|20)\d{{2}}|"
    rf"{_MONTHS}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d{{2}})"
)
# "у травні 1985", and the year alone before "року народження".
_IN_MONTH = r"(?:січні|лютому|березні|квітні|травні|червні|липні|серпні|вересні|жовтні|листопаді|грудні)"
_YEAR_OF_BIRTH = re.compile(
    r"(?<![\w.])(?P<date>(?:19|20)\d{2})(?:-го)?\s?"
    r"(?:р\.\s?н\.|року народження|г\.\s?р\.|года рождения|р\. народж)",
    re.IGNORECASE,
)
_BORN_WORD = (
    r"(?:born|birth(?:day|date)?|date of birth|d\.?o\.?b\.?|født|fødd|fødselsdato\w*|"
    r"fødselsdag\w*|bursdag\w*|f\.|народ(?:ив|ила|ж)\w*|дат[аиу] народж\w*|д[./]?\s?н\.?|"
    r"дата нар\.?|день нар\.?|"
    r"з['’ʼ]явил\w* на світ|"
    r"д\.?\s?р\.?|"
    r"родил\w*|дата рождения|дн[яею]+ народження|день народження|день рождения)"
)  # fmt: skip
_BORN = re.compile(
    rf"(?<!\w){_BORN_WORD}\W(?:[^.!?\n\d\[\]]{{0,25}}?[^\w\n\[\]])?(?P<date>{_DATE})(?!\w)", re.IGNORECASE
)
_BORN_AFTER = re.compile(
    rf"(?<![\w.])(?P<date>{_DATE})\s?(?:р\.?\s?н\.?|року народження|г\.?\s?р\.?|\(?born\)?|"
    rf"\(?født\)?|\(?дата народження\)?)(?!\w)",
    re.IGNORECASE,
)
_BORN_YEAR = re.compile(
    rf"(?<!\w)(?:born|født|fødd|народив\w*|народил\w*|народжен\w*|родил\w*)\s(?:in|i|у|в|on|"
    rf"den)?\s?(?P<date>(?:(?:{_MONTHS}|{_IN_MONTH})\s)?(?:19|20)\d{{2}})(?!\w)",
    re.IGNORECASE,
)


def addresses(text: str) -> Iterator[Span]:
    """Postal addresses: a street with its number, with flat, postcode and town where they follow."""
    if not any(map(str.isdigit, text)):
        return
    for pattern in (_NORWEGIAN, _UKRAINIAN, _ENGLISH, _NORWEGIAN_POST, _UK_POSTCODE):
        for found in pattern.finditer(text):
            yield Span(
                "address", found.start(), found.end(), " ".join(found[0].lower().replace(",", " ").split())
            )


def births(text: str) -> Iterator[Span]:
    """Dates that the words around them make a date of birth. Sessions have dates too."""
    if not any(map(str.isdigit, text)):
        return
    for pattern in (_BORN, _BORN_AFTER, _BORN_YEAR, _YEAR_OF_BIRTH):
        for found in pattern.finditer(text):
            yield Span("date_of_birth", *found.span("date"), found["date"].lower())
