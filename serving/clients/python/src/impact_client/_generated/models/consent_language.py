from typing import Literal, cast

ConsentLanguage = Literal["en", "no", "uk"]


def check_consent_language(value: str) -> ConsentLanguage:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ConsentLanguage, value)
