"""Ways to reach a person: email, phone, links, handles."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher

from nlp.redaction.replacements import Span

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+%-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}", re.IGNORECASE
)
_URL = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>\"'«»)\]]+"
    r"|(?<![\w@.])(?:t\.me|wa\.me|fb\.com|facebook\.com|instagram\.com|linkedin\.com|vk\.com|"
    r"tiktok\.com|bit\.ly|discord\.gg|youtu\.be|youtube\.com|twitter\.com|x\.com|github\.com|"
    r"m\.me|snapchat\.com)/[^\s<>\"'«»)\]]+"
    r"|(?<![\w@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|info|no|ua|ru|eu|io|me|co\.uk|uk|de|"
    r"pl|se|dk|gov|edu|app|dev|shop|biz)(?:/[^\s<>\"'«»)\]]*)?(?![\w@])",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@/.])@[A-Za-z0-9_](?:[\w.]{0,30}\w)?")
_DISCORD = re.compile(r"(?<!\w)[A-Za-z][\w.]{1,31}#\d{4}(?!\d)")
_NAMED_HANDLE = re.compile(
    r"\b(?:telegram|телеграм\w*|instagram|інстаграм\w*|инстаграм\w*|insta|snapchat|snap|skype|"
    r"скайп\w*|discord|дискорд\w*|tiktok|тікток\w*|whatsapp|viber|facebook|twitter|signal)"
    r"(?:\s*(?:-|:|=|is|er|as|under|—|–|id|user|username|nick\w*|нік|ник|account|account is|"
    r"handle|brukernavn\w*|мій|"
    r"my))*\s*[:=]?\s*(?P<handle>[A-Za-z][A-Za-z0-9._-]*(?:[_.\d][A-Za-z0-9._-]*)+)",
    re.IGNORECASE,
)
_NUMBER_RUN = re.compile(r"\+?\(?\d[\d\s().\u00a0/-]{5,}\d")
_PHONE_WORD = re.compile(
    r"phone|mobil|tlf|telefon|ring|call|sms|text me|номер|тел|дзвон|зателефон|набер|звон|number|"
    r"nummer|whatsapp|viber|telegram|signal|вайбер|ватсап",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?<![\w+.,/-])(?:[49]\d{2}[ \u00a0]?\d{2}[ \u00a0]?\d{3}|"
    r"[49]\d[ \u00a0]?\d{2}[ \u00a0]?\d{2}[ \u00a0]?\d{2}|[2-9]\d{7}|"
    r"[2-9]\d(?:[ \u00a0]\d{2}){3})(?!\w|[.,/-]\d)"
)
_UA_BARE = re.compile(
    r"(?<![\w+.,/-])\(?0(?:39|44|5[0-9]|6[3-8]|7[37]|8[09]|9[1-9]|3[1-8]|"
    r"4[1-8])\d?\)?(?:[ \u00a0().-]{0,2}\d){6,7}(?!\w|[.,/-]\d)"
)
_REGIONS = {"no": ("NO", "UA"), "uk": ("UA", "NO"), "en": ("NO", "UA", "GB")}
_CUED = 40


def contacts(text: str, language: str | None) -> Iterator[Span]:
    """Every contact of a text. They may overlap; the first of an overlap is the surest."""
    if "@" in text or "(at)" in text or "[at]" in text:
        for found in _EMAIL.finditer(text):
            yield Span("email", found.start(), found.end(), re.sub(r"\s", "", found[0]).lower())
        for found in _HANDLE.finditer(text):
            yield Span("handle", found.start(), found.end(), found[0].lower())
    if "." in text or "/" in text:
        for found in _URL.finditer(text):
            url = found[0].rstrip(".,;:!?…")
            yield Span("url", found.start(), found.start() + len(url), url.lower())
    if "#" in text:
        for found in _DISCORD.finditer(text):
            yield Span("handle", found.start(), found.end(), found[0].lower())
    for found in _NAMED_HANDLE.finditer(text):
        yield Span("handle", *found.span("handle"), found["handle"].lower())
    yield from _phones(text, language)


def _phones(text: str, language: str | None) -> Iterator[Span]:
    if not _NUMBER_RUN.search(text):
        return
    # phonenumbers knows every country's numbers, but takes milliseconds: only where there are enough digits.
    for region in _REGIONS.get(language or "", ("NO", "UA")):
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
            number = match.number
            is_international = match.raw_string.lstrip().startswith(("+", "00"))
            if is_international or _is_told(text, match.start) or _is_written_like_a_phone(match.raw_string):
                yield Span(
                    "phone",
                    match.start,
                    match.end,
                    phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
                )
    for pattern, prefix in ((_BARE, "+47"), (_UA_BARE, "+38")):
        for found in pattern.finditer(text):
            yield Span("phone", found.start(), found.end(), prefix + re.sub(r"\D", "", found[0]))
    for found in _NUMBER_RUN.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if 7 <= len(digits) <= 15 and (found[0].startswith("+") or _is_told(text, found.start())):
            yield Span("phone", found.start(), found.end(), "+" + digits)


def _is_told(text: str, start: int) -> bool:
    return bool(_PHONE_WORD.search(text, max(0, start - _CUED), start))


def _is_written_like_a_phone(raw: str) -> bool:
    return bool(_BARE.fullmatch(raw) or _UA_BARE.fullmatch(raw))
