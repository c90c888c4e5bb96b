from typing import Literal, cast

ConsentWordsLanguage = Literal["en", "no", "uk"]


def check_consent_words_language(value: str) -> ConsentWordsLanguage:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ConsentWordsLanguage, value)
